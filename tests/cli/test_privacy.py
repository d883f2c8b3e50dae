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
    with sqlite3.connect(path) as db:
        for sql in statements:
            db.execute(sql)
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
       "Hung Yen", "hop muon qua")


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


def test_erasing_leaves_no_trace_and_every_count(kept, tmp_path):
    path, bantin = kept()
    counts = ("SELECT (SELECT count(*) FROM message), "
              "(SELECT count(*) FROM meeting_report), "
              "(SELECT count(*) FROM attendance WHERE member_no = 12), "
              "(SELECT count(*) FROM member WHERE on_roll = 1), "
              "(SELECT count(*) FROM outbox), (SELECT count(*) FROM opinion)")
    before = query(path, counts)
    tables = [bantin("report", k, "--period", "2026-11", "--json").stdout
              for k in ("meetings", "attendance")]
    assert traces(tmp_path, *WHO)

    done = bantin("person", "erase", "MG07", "12", "--yes")
    assert done.returncode == 0, done.stderr
    assert traces(tmp_path, *WHO) == []
    assert query(path, counts) == before
    assert [bantin("report", k, "--period", "2026-11", "--json").stdout
            for k in ("meetings", "attendance")] == tables
    assert query(path, "SELECT name, phone, dest, status FROM member "
                 "WHERE no = 12 AND unit = (SELECT id FROM unit "
                 "WHERE code = 'MG07')") == [("", None, None, "away")]
    # Whoever it was is one and the same, and nobody.
    assert len(query(path, "SELECT DISTINCT from_phone FROM message "
                     "WHERE from_phone LIKE 'p%'")) == 1
    assert bantin("person", "show", "0900000112").returncode == 1
    assert bantin("report", "audit").returncode == 0


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
           "VALUES ('a', x'00', x'00', 'why', 0)")
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
    assert query(path, f"SELECT name, dest FROM member WHERE unit = {sl}"
                 ) == [("", None)]
