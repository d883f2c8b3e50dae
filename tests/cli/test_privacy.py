"""What is kept of a person: looked at, erased, purged by age, audited."""
import json
import os
import sqlite3

import pytest

from rig import server as rig
from rig.wait import wait_until

REGISTRY = os.path.join(os.path.dirname(__file__), "../data/registry")
# Member 12 of MG07, +84900000112, "Quàng Thị Xóm", is away in Bình Dương.
STORY = f"""registry {os.path.abspath(REGISTRY)}
at 2026-11-10 08:00
+84900000112 > YK hop muon qua, Quang Thi Xom
+84900000112 > DV 12 DI HA NOI 3T
+84900000007 > DV 12 DI HUNG YEN 3T
+84900000007 > YK chi Quàng Thị Xóm 0900 000 112 gui 0900000112
+84900000112 > XOA DL
+84900000007 > HOP 5/11 47 35 10 2 DD VP 4 VK 7 12
drain
"""
LATER = STORY + """at 2026-11-10 09:00
+84900000007 > DV 15 VE
drain
"""


@pytest.fixture
def kept(tmp_path):
    """A story in a database, and commands over it."""
    def make(story=STORY, **config):
        scenario = tmp_path / "privacy.scn"
        scenario.write_text(story)
        path = tmp_path / "privacy.db"
        done = rig.run("rehearse", "--save", str(path), str(scenario))
        assert done.returncode == 0, done.stdout + done.stderr
        file = tmp_path / "bantin.yaml"
        file.write_text(json.dumps({"database": str(path), **config}))
        return path, lambda *a: rig.run(*a, "-c", str(file))
    return make


def query(path, sql):
    db = sqlite3.connect(path)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def tamper(path, *statements):
    db = sqlite3.connect(path)
    for sql in statements:
        db.executescript(sql)
    db.commit()
    db.close()


def long_ago(path):
    """All of it happened a thousand days before."""
    tamper(path, *(f"UPDATE {table} SET {at} = {at} - 86400000000"
                   for table, at in (
                       ("message", "received_at"), ("pending", "created_at"),
                       ("pending", "expires_at"),
                       ("opinion", "created_at"), ("outbox", "created_at"),
                       ("attendance", "created_at"))),
           "DELETE FROM schedule WHERE kind = 'purge' "
           "OR kind LIKE 'ticket%'",
           "INSERT INTO schedule (run_id, kind, due_at, state) VALUES "
           "('purge:2025-08-01', 'purge', 0, 'waiting')")


def forms(text):
    """A name or a phone as bytes of the file may spell it."""
    yield from (text.encode(c) for c in ("utf-8", "utf-16-le", "utf-16-be"))
    yield json.dumps(text).strip('"').encode()


def traces(folder, *texts):
    """Where they stand: files of the database, in any case of letters."""
    found = []
    for name in sorted(os.listdir(folder)):
        if ".db" not in name or name.endswith(".sock"):
            continue
        with open(os.path.join(folder, name), "rb") as f:
            body = f.read().lower()
        found += [(name, t) for t in texts for b in forms(t)
                  if b.lower() in body]
    return found


WHO = ("Quàng Thị Xóm", "Quang Thi Xom", "900000112",
       "hop muon qua")


def test_show(kept):
    _, bantin = kept()
    done = bantin("person", "show", "MG07", "12", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["member"][0]["name"] == "Quàng Thị Xóm"
    assert shown["contact"][0]["phone"] == "+84900000112"
    assert "hop muon qua" in shown["opinions"][0]["text"]
    assert [r["what"] for r in shown["requests"]] == ["erase"]
    assert shown["attendance"] == [
        {"meeting": "2026-11-05", "kind": "regular", "state": "unexcused"}]
    assert "Quàng" in bantin("person", "show", "0900000112").stdout


def test_how_they_voted_is_shown(kept):
    _, bantin = kept(SPELLED)
    shown = bantin("person", "show", "MG07", "12", "--json")
    assert [(b["meeting"], b["item"], b["choice"], b["counted_as"])
            for b in json.loads(shown.stdout)["ballots"]] == [
                ("2026-11-15", 1, "for", "vote")]


@pytest.mark.parametrize("args, status, said", [
    (("show", "MG07", "99"), 1, "nothing is kept of them"),
    (("show", "0999888777"), 1, "nothing is kept of them"),
    (("show", "MG07", "x"), 2, "a member's number"),
    (("show", "nobody"), 2, "no phone"),
    (("erase", "MG07", "12"), 2, "say --yes"),
    (("forget", "MG07", "12"), 2, "show or erase"),
])
def test_what_cannot_be_done_is_said(kept, args, status, said):
    _, bantin = kept()
    done = bantin("person", *args)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr


# Spelled as people do: case, marks, spaces, and what stands between digits.
SPELLED = STORY + """+84900000007 > YK QUANG  THI XOM noi nhu vay
+84900000007 > YK quàng thị xóm, so 0900.000.112 (+84 900-000-112)
+84900000007 > LICH MG07 15/11 19H30 BQ1
+84900000112 > DK
drain
at 2026-11-14 09:00
+84900000112 > BQ1 DY
drain
at 2026-11-15 21:00
+84900000007 > HOP 15/11 47 40 6 1 BQ 40/0/0
drain
"""
KINDS = ("meetings", "attendance", "away", "votes", "opinions", "traffic",
         "indicators")
BODIES = (b'{"from":"+84900000112","text":"x"}\0',
          b"from=%2B84911&text=Qu%C3%A0ng+Th%E1%BB%8B+X%C3%B3m",
          b'{"text":"Qu\\u00e0ng Th\\u1ecb X\\u00f3m"}',
          "text=QUÀNG THỊ XÓM".encode())


def figures(bantin):
    return {k: bantin("report", k, "--period", "2026-11", "--json").stdout
            for k in KINDS}


def backup(path, to):
    db = sqlite3.connect(path)
    db.execute("VACUUM INTO ?", (str(to),))
    db.close()


def quarantine(path, *bodies):
    db = sqlite3.connect(path)
    for n, body in enumerate(bodies):
        db.execute("INSERT INTO quarantine (channel, digest, body, why, "
                   "received_at) VALUES ('a', ?, ?, 'w', 0)",
                   (bytes([n]), body))
    db.commit()
    db.close()


COUNTS = ("SELECT (SELECT count(*) FROM message), "
          "(SELECT count(*) FROM meeting_report), "
          "(SELECT count(*) FROM attendance WHERE member_no = 12), "
          "(SELECT count(*) FROM member WHERE on_roll = 1), "
          "(SELECT count(*) FROM outbox), (SELECT count(*) FROM opinion), "
          "(SELECT count(*) FROM invited), (SELECT count(*) FROM ballot)")


def test_erasing_leaves_no_trace_and_every_count(kept, tmp_path):
    path, bantin = kept(SPELLED)
    quarantine(path, *BODIES, b"text=Quang+Thi+Xomm")
    before, tables = query(path, COUNTS), figures(bantin)
    assert query(path, "SELECT count(*) FROM ballot WHERE member_no = 12"
                 ) == [(1,)]
    assert traces(tmp_path, *WHO)

    done = bantin("person", "erase", "MG07", "12", "--yes")
    assert done.returncode == 0, done.stderr
    backup(path, tmp_path / "backup.db")
    assert traces(tmp_path, *WHO, "0900.000.112", "900-000-112") == []
    assert query(path, "SELECT body FROM quarantine") == [
        (b"text=Quang+Thi+Xomm",)]
    tamper(path, "DELETE FROM quarantine")
    for text, in query(path, "SELECT text FROM message UNION ALL "
                       "SELECT text FROM opinion"):
        assert "xom" not in text.lower() and "000.112" not in text
    assert query(path, COUNTS) == before
    assert figures(bantin) == tables
    assert query(path, "SELECT name, phone, dest, status FROM member "
                 "WHERE no = 12 AND unit = (SELECT id FROM unit "
                 "WHERE code = 'MG07')") == [("", None, "HUNG YEN", "away")]
    # Whoever it was is one and the same, and nobody.
    assert len(query(path, "SELECT DISTINCT from_phone FROM message "
                     "WHERE from_phone LIKE 'p%'")) == 1
    assert bantin("person", "show", "0900000112").returncode == 1
    assert bantin("report", "audit").returncode == 0
    # The ballot is a number's, and its chain holds.
    assert bantin("vote").returncode == 0
    assert bantin("report", "votes", "--period", "2026-11").returncode == 0


def test_what_was_proposed_and_where_they_met_goes_too(kept, tmp_path):
    """A phone that is proposed is theirs, and nobody decides of it now."""
    path, bantin = kept(STORY + """
+84900000007 > LICH MG07 28/11 19H30 tai nha ba Quang Thi Xom
+84900000007 > DV 12 doi so 0912345678
+84900000007 > DV 12 MIEN 6T
drain
""")
    assert "0912345678" in str(query(path, "SELECT text FROM message"))
    (other,), = query(path, "SELECT max(id) FROM proposal")
    assert other > 1
    done = bantin("person", "erase", "MG07", "12", "--yes")
    assert done.returncode == 0, done.stderr
    backup(path, tmp_path / "backup.db")
    assert traces(tmp_path, "Quang Thi Xom", "912345678") == []
    done = bantin("approve", str(other - 1), "--yes")
    assert done.returncode == 1
    assert "it was decided before" in done.stderr
    done = bantin("approve", str(other), "--yes")
    assert done.returncode == 0, done.stderr
    assert query(path, "SELECT status FROM member WHERE no = 12 AND unit = "
                 "(SELECT id FROM unit WHERE code = 'MG07')") == [
                     ("temp_exempt",)]


def test_an_invitation_that_waits_goes_with_its_phone(kept):
    path, bantin = kept(STORY + "+84900000112 > DK\ndrain\n"
                        "+84900000007 > LICH MG07 25/11 19H30\ndrain\n"
                        "at 2026-11-22 12:00\ndrain\n")
    assert query(path, "SELECT count(*) FROM invited WHERE phone = "
                 "'+84900000112'") == [(1,)]
    assert bantin("person", "erase", "MG07", "12", "--yes").returncode == 0
    assert query(path, "SELECT substr(phone, 1, 1) FROM invited WHERE "
                 "member_no = 12") == [("p",)]
    assert query(path, "SELECT count(*) FROM pending WHERE settled_at IS NULL "
                 "AND phone LIKE 'p%'") == [(0,)]
    assert query(path, "SELECT count(*) FROM outbox WHERE to_phone LIKE 'p%' "
                 "AND state IN ('queued', 'held', 'unsure')") == [(0,)]


def test_a_secretary_is_erased_and_reports_stay(kept, tmp_path):
    path, bantin = kept(SPELLED)
    tables = figures(bantin)
    assert bantin("person", "erase", "MG07", "1", "--yes").returncode == 0
    assert traces(tmp_path, "900000007") == []
    assert query(path, "SELECT count(*) FROM contact_role WHERE phone LIKE "
                 "'%0007'") == [(0,)]
    assert query(path, "SELECT count(*) FROM meeting_report WHERE "
                 "from_phone LIKE 'p%'") == [(2,)]
    # A phone that is shared stays with who else has it, and so do its texts.
    after = figures(bantin)
    assert {k: v for k, v in after.items() if k != "traffic"} == {
        k: v for k, v in tables.items() if k != "traffic"}


def test_one_person_on_two_lists_goes_from_both(kept, tmp_path):
    path, bantin = kept()
    mg08 = "(SELECT id FROM unit WHERE code = 'MG08')"
    tamper(path, "UPDATE member SET name = 'Quàng Thị Xóm', phone = "
           f"'+84900000112' WHERE unit = {mg08} AND no = 3")
    shown = json.loads(bantin("person", "show", "MG07", "12", "--json").stdout)
    assert [(m["unit"], m["no"]) for m in shown["member"]] == [
        ("MG07", 12), ("MG08", 3)]
    assert bantin("person", "erase", "0900000112", "--yes").returncode == 0
    assert query(path, f"SELECT name, phone FROM member WHERE unit = {mg08} "
                 "AND no = 3") == [("", None)]
    assert traces(tmp_path, *WHO) == []


def test_others_stay(kept, tmp_path):
    path, bantin = kept(LATER)
    assert bantin("person", "erase", "0900000112", "--yes").returncode == 0
    assert query(path, "SELECT count(*) FROM message WHERE "
                 "from_phone = '+84900000007' AND text LIKE 'HOP%'") == [(1,)]
    assert query(path, "SELECT name FROM member WHERE phone = "
                 "'+84900000115'") != [("",)]
    assert traces(tmp_path, "+84900000007")


def test_a_phone_of_two_members_stays(kept):
    path, bantin = kept()
    tamper(path, "UPDATE member SET phone = '+84900000112' WHERE no = 15 "
           "AND unit = (SELECT id FROM unit WHERE code = 'MG07')")
    done = bantin("person", "erase", "MG07", "12", "--yes")
    assert "another member's" in done.stdout
    assert query(path, "SELECT no FROM member WHERE phone = '+84900000112'"
                 ) == [(15,)]


def test_erasing_beside_serve(make_server, config, provider):
    s = make_server(config)
    s.load_registry()
    s.start()
    s.text("DV 12 DI HA NOI 3T", sender="+84900000112")
    wait_until(lambda: provider.requests, "the answer")
    done = s.command("person", "erase", "MG07", "12", "--yes")
    assert done.returncode == 0, done.stderr
    assert traces(s.folder, "Quàng Thị Xóm", "900000112") == []
    log = s.out.text() + s.err.text()
    assert "900000112" not in log and "Xóm" not in log and "Xom" not in log
    # Nor in the other files beside it: the guard, the lock.
    for name in os.listdir(s.folder):
        file = os.path.join(s.folder, name)
        if name.startswith("bantin.db") and not name.endswith(".sock"):
            with open(file, "rb") as f:
                assert b"900000112" not in f.read(), name


@pytest.mark.parametrize("sql, row", [
    ("UPDATE audit SET who = 'uid 1' WHERE seq = 2", "row 2 of the audit was "
     "changed"),
    ("UPDATE audit SET at = at + 1 WHERE seq = 1", "row 1 of the audit was "
     "changed"),
    ("DELETE FROM audit WHERE seq = 2", "row 2 of the audit was taken out"),
    ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
     "row {last} of the audit was taken out"),
    ("INSERT INTO audit SELECT max(seq) + 1, max(at), 'uid 0', 'x', 1, 1, 1, "
     "1, 'a', 'b' FROM audit", "row {next} of the audit was changed or put in"),
    ("DELETE FROM audit_end", "the chain's end is not known"),
    # Two rows in each other's place, with their hashes.
    ("UPDATE audit SET seq = CASE seq WHEN 1 THEN -2 WHEN 2 THEN -1 END "
     "WHERE seq IN (1, 2); UPDATE audit SET seq = -seq WHERE seq < 0",
     "row 1 of the audit was changed"),
    # One in between, the others moved up.
    ("UPDATE audit SET seq = -seq - 1 WHERE seq >= 2; UPDATE audit SET seq = "
     "-seq WHERE seq < 0; INSERT INTO audit SELECT 2, at, who, what, unit, "
     "member_no, person, people, prev, hash FROM audit WHERE seq = 1",
     "row 2 of the audit was changed or put in"),
    ("UPDATE audit SET people = 1 WHERE seq = 3", "row 3 of the audit was "
     "changed"),
    ("DELETE FROM audit WHERE seq > 1", "row 2 of the audit was taken out"),
    ("DELETE FROM audit", "row 1 of the audit was taken out"),
])
def test_what_was_touched_is_named(kept, sql, row):
    path, bantin = kept(LATER)
    assert bantin("person", "show", "MG07", "12").returncode == 0
    assert bantin("report", "audit").returncode == 0
    last = query(path, "SELECT max(seq) FROM audit")[0][0]
    assert last >= 4
    tamper(path, sql)
    done = bantin("report", "audit")
    assert done.returncode == 1
    assert row.format(last=last, next=last + 1) in done.stderr
    # What comes after it is still written down.
    assert bantin("person", "show", "MG07", "12").returncode == 0


# +84900000901 is staff of the commune above MG07.
ACTS = LATER + """at 2026-11-10 10:00
+84900000007 > MG07 DV 31 XOATEN
drain
+84900000007 > 1
drain
+84900000901 > DUYET
drain
+84900000901 > DUYET 1
drain
+84900000901 > GUI MG07 hop luc 19h30
drain
+84900000901 > 1
drain
"""
SEEN = [
    # command, what stands in the audit, unit, member, people
    (("report", "opinions", "--texts"), "report opinions --texts", None, None),
    (("report", "away", "--unit", "MG07"), "report away", "MG07", None),
    (("person", "show", "MG07", "12"), "person show", "MG07", 12),
    (("import", REGISTRY), "import", None, None),
    (("why", "1"), "why", None, None),
    (("why", "o1"), "why", None, None),
    (("queue",), "queue", None, None),
    (("approve",), "approve list", None, None),
    (("approve", "1"), "approve look", None, None),
    (("replay",), "replay", None, None),
    (("send", "0900000112", "chao"), "send", None, None),
    (("broadcast", "--unit", "MG07", "--yes", "chao"),
     "broadcast secretaries", "MG07", None),
    (("unit", "rename", "MG07", "MG07=Ban Moi", "--yes"), "unit rename",
     "MG07", None),
]


@pytest.mark.parametrize("command, what, unit, member", SEEN,
                         ids=[" ".join(c[0][:2]) for c in SEEN])
def test_what_staff_look_at_is_written_down(kept, command, what, unit, member):
    path, bantin = kept(ACTS, channels=[
        {"name": "demo", "provider": "console", "token": "0" * 32}])
    bantin(*command)
    who, did, of, no = query(
        path, "SELECT who, what, (SELECT code FROM unit u WHERE u.id = "
        "a.unit), member_no FROM audit a ORDER BY seq DESC LIMIT 1")[0]
    assert (who, did, of, no) == (f"uid {os.getuid()}", what, unit, member)
    assert bantin("report", "audit").returncode == 0


def test_staff_by_text_stand_in_the_audit(kept):
    path, bantin = kept(ACTS)
    rows = query(path, "SELECT who, what, member_no, people FROM audit "
                 "ORDER BY seq")
    by = next(r[0] for r in rows if r[1] == "approve")
    staff = [r for r in rows if r[0] == by]
    assert [r[1] for r in staff] == [
        "approve look", "approve", "broadcast secretaries"]
    assert by.startswith("p")
    assert staff[1][2] == 31 and staff[2][3] == 2
    assert ("member_update", 12) in [r[1:3] for r in rows]
    # Neither name nor phone, whatever was done.
    for row in query(path, "SELECT * FROM audit"):
        assert not any(isinstance(v, str) and ("+84" in v or "0900" in v or
                                               "Qu" in v) for v in row)
    assert bantin("report", "audit").returncode == 0


def test_who_decides_by_command_is_named(kept):
    path, bantin = kept(ACTS.split("+84900000901")[0])
    assert bantin("approve", "1", "--yes").returncode == 0
    assert query(path, "SELECT who, what, member_no FROM audit "
                 "ORDER BY seq DESC LIMIT 1") == [
        (f"uid {os.getuid()}", "approve", 31)]


def test_what_cannot_be_written_down_is_not_shown(kept):
    path, bantin = kept()
    tamper(path, "DROP TABLE audit")
    for command in (("report", "opinions", "--texts"), ("report", "away"),
                    ("person", "show", "MG07", "12"), ("replay",),
                    ("approve",)):
        done = bantin(*command)
        assert (done.returncode, done.stdout) == (1, ""), command
        assert "audit" in done.stderr
    # What is wrong must still be found, by those who may not see the rest.
    done = bantin("why", "1", "--json")
    assert done.returncode == 0 and "left out" in done.stderr
    assert "hop muon qua" not in done.stdout and "112" not in done.stdout
    assert json.loads(done.stdout)["state"] == "done"
    done = bantin("queue", "--json", "--state", "expired")
    assert done.returncode == 0 and "left out" in done.stderr


def test_the_night_blanks_what_is_old(kept, make_server, config):
    path, _ = kept(STORY + "+84900000007 > HOP 6/11 47 35 10\ndrain\n")
    long_ago(path)
    tamper(path,
           "INSERT INTO quarantine (channel, digest, body, why, received_at) "
           "VALUES ('a', x'00', x'00', 'why', 0)",
           "INSERT INTO multipart (id, channel, from_phone, to_phone, ref, "
           "total, sent_at, began_at) VALUES (1, 'a', '+849', '', 'r', 1, 0, "
           "0); INSERT INTO message_part (multipart, no, channel, "
           "provider_id, text, sent_at, received_at) VALUES (1, 1, 'a', 'x', "
           "'words', 0, 0)",
           "INSERT INTO broadcast (unit, audience, text, state, created_at) "
           "VALUES (1, 'all', 'words', 'done', 0)",
           "INSERT INTO unit_fact (id, unit, fact, value, state, created_at) "
           "VALUES (1, 1, 'phone', '+84900000222', 'applied', 0), "
           "(2, 1, 'phone', '+84900000333', 'proposed', 0)",
           "INSERT INTO proposal (unit, intent, fields, from_phone, "
           "created_at, state, decided_at) VALUES (1, 'member_update', "
           "'{\"status\":\"died\"}', '+849', 0, 'approved', 0)",
           "DELETE FROM invited; INSERT INTO invited (meeting, unit, "
           "member_no, phone, audience, created_at) SELECT id, unit, 12, "
           "'+84900000112', 'member', 0 FROM meeting LIMIT 1",
           "UPDATE outbox SET why = 'words'")
    reports = query(path, "SELECT present, total FROM meeting_report")
    config = {**config, "database": str(path), "retention": {
        "delivery_days": 90, "attendance_months": 1}}
    s = make_server(config)
    s.start()
    wait_until(lambda: query(path, "SELECT 1 FROM schedule WHERE run_id = "
                             "'purge:2025-08-01' AND state = 'done'"))
    s.stop()
    # The request to erase waits for staff: its text stays.
    assert query(path, "SELECT text FROM message WHERE text <> ''"
                 ) == [("XOA DL",)]
    assert query(path, "SELECT count(*) FROM quarantine") == [(0,)]
    assert query(path, "SELECT count(*) FROM multipart") == [(0,)]
    assert query(path, "SELECT text FROM broadcast") == [("",)]
    assert query(path, "SELECT id, value FROM unit_fact ORDER BY id") == [
        (1, ""), (2, "+84900000333")]
    assert query(path, "SELECT fields FROM proposal WHERE state <> 'open'"
                 ) == [("{}",)]
    assert query(path, "SELECT substr(phone, 1, 5) FROM invited") == [
        ("gone:",)]
    assert query(path, "SELECT count(*) FROM outbox WHERE why IS NOT NULL "
                 "AND created_at < 1700000000000") == [(0,)]
    assert query(path, "SELECT count(*) FROM attendance") == [(0,)]
    assert query(path, "SELECT text <> '' FROM opinion") == [(1,), (1,)]
    assert query(path, "SELECT count(*) FROM outbox_attempt") == [(0,)]
    assert query(path, "SELECT present, total FROM meeting_report") == reports
    assert query(path, "SELECT count(*) FROM schedule WHERE kind = 'purge' "
                 "AND state = 'waiting'") == [(1,)]


def test_nothing_is_purged_when_all_is_kept(kept, make_server, config):
    path, _ = kept()
    long_ago(path)
    before = query(path, "SELECT text FROM message")
    s = make_server({**config, "database": str(path), "retention": {
        "texts_days": 0, "delivery_days": 0, "attendance_months": 0,
        "quarantine_days": 0}})
    s.start()
    wait_until(lambda: query(path, "SELECT 1 FROM schedule WHERE run_id = "
                             "'purge:2025-08-01' AND state = 'done'"))
    s.stop()
    assert query(path, "SELECT text FROM message") == before


def test_the_list_of_a_merged_unit_is_erased_too(kept):
    path, bantin = kept()
    mg07 = "(SELECT id FROM unit WHERE code = 'MG07')"
    sl = "(SELECT id FROM unit WHERE code = 'SL')"
    tamper(path, "INSERT INTO unit_change (id, kind, on_date, plan, state, "
           "created_at) VALUES (1, 'merge', '2026-11-01', '{}', 'done', 0)",
           "INSERT INTO member (unit, no, name, standing, status, dest, "
           f"on_roll) VALUES ({sl}, 3, 'Quàng Thị Xóm', 'official', 'moved', "
           "'Hà Nội', 0)",
           "INSERT INTO member_moved VALUES "
           f"(1, {sl}, 3, {mg07}, 12)")
    assert bantin("person", "erase", "MG07", "12", "--yes").returncode == 0
    assert query(path, f"SELECT name, phone FROM member WHERE unit = {sl}"
                 ) == [("", None)]
