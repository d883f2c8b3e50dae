"""`bantin replay --apply`: once, in order, and nothing that a person settled."""
import concurrent.futures
import json
import os
import signal
import sqlite3

import pytest

from rig import http
from rig.server import TOP
from rig.smsgate import meeting_day, received
from rig.wait import wait_until

DAY_MS = 86400000
DAY, ON = meeting_day(5)
TEXT = f"HOP {DAY} TS47 CM35 vcp 10 VK2"


def use_rules(server, config, known):
    """The shipped rules; known=False: without the word "vcp"."""
    with open(os.path.join(TOP, "config/rules.yaml"), encoding="utf-8") as f:
        rules = f.read()
    assert "vcp, cp, " in rules
    with open(os.path.join(server.folder, "r.yaml"), "w",
              encoding="utf-8") as f:
        f.write(rules if known else rules.replace("vcp, cp, ", ""))
    server.write_config({**config, "rules": "r.yaml"})


@pytest.fixture
def old(idle, config):
    """A server by rules that cannot read TEXT."""
    use_rules(idle, config, known=False)
    return idle.start()


def age(server, days=2):
    """All that is stored came so many days earlier. Nobody serves."""
    with sqlite3.connect(server.database) as db:
        for table, columns in (
                ("message", ("sent_at", "received_at")),
                ("outbox", ("created_at", "due_at", "sent_at")),
                ("pending", ("created_at", "expires_at", "settled_at")),
                ("meeting_report", ("created_at", "voided_at"))):
            for c in columns:
                db.execute(f"UPDATE {table} SET {c} = {c} - ?",
                           (days * DAY_MS,))
    db.close()


def replay(server, *args, status=0, **kw):
    done = server.command("replay", "--json", *args, **kw)
    assert done.returncode == status, done.stdout + done.stderr
    *changes, total = [json.loads(s) for s in done.stdout.splitlines()]
    return changes, total


def apply(server, *args):
    changes, total = replay(server, "--apply", *args)
    assert total["done"] + total["left"] == total["changed"] == len(changes)
    return changes, total


def everything(server):
    return [server.rows(f"SELECT * FROM {t}") for t in (
        "message", "message_reading", "meeting", "meeting_report", "outbox",
        "pending", "member_event", "attendance", "quarantine")]


def figures(server):
    return [(r["version"], r["present"], r["excused"], r["unexcused"])
            for r in server.reports(held_on=ON)]


@pytest.mark.parametrize("serving", [False, True])
def test_old_text_is_stored_once_and_nobody_is_texted(old, config, serving):
    old.text(TEXT)
    old.wait_sent()
    old.stop()
    age(old)
    use_rules(old, config, known=True)
    if serving:
        old.start()
    texts = old.rows("SELECT * FROM outbox")
    changes, total = apply(old)
    assert (total["done"], total["left"]) == (1, 0)
    assert changes[0]["done"] and changes[0]["texts"] == 0
    assert figures(old) == [(1, 35, 10, 2)]
    assert old.rows("SELECT * FROM outbox") == texts
    assert old.rows("SELECT state, intent, error FROM message") == [
        {"state": "done", "intent": "meeting_report", "error": ""}]
    assert old.value("SELECT state FROM message_reading") == "asked"
    assert old.value("SELECT count(*) FROM pending "
                     "WHERE settled_at IS NULL") == 0
    before = everything(old)
    assert apply(old)[1] == {"read": 1, "changed": 0, "unread": 0,
                             "done": 0, "left": 0}
    assert everything(old) == before
    assert "asked" in old.command("why", "1").stdout


def test_fresh_text_is_answered(old, config):
    old.text(TEXT)
    old.wait_sent()
    old.stop()
    use_rules(old, config, known=True)
    changes, _ = apply(old)
    assert changes[0]["texts"] == 1 and figures(old) == [(1, 35, 10, 2)]
    said = old.rows("SELECT text, dedupe_key FROM outbox ORDER BY id")[-1]
    assert "TS47 CM35 VP10 VK2" in said["text"]
    assert said["dedupe_key"].startswith("m1:ask:1:r")
    assert old.rows("SELECT question FROM pending WHERE settled_at IS NULL") \
        == [{"question": "confirm_report"}]
    assert apply(old)[1]["changed"] == 0


def test_server_that_reads_by_other_rules_is_not_asked(old, config):
    old.text(TEXT)
    old.wait_sent()
    use_rules(old, config, known=True)
    done = old.command("replay", "--apply")
    assert done.returncode == 1 and "SIGHUP" in done.stderr
    assert figures(old) == []
    old.signal(signal.SIGHUP)
    wait_until(lambda: old.command("replay", "--apply").returncode == 0,
               "the new rules")
    assert figures(old) == [(1, 35, 10, 2)]


@pytest.mark.parametrize("then, stored", [
    (f"HOP {DAY} 47 36 9 2", [(1, 36, 9, 2)]),
    ("VP10 VK2", None),
])
def test_what_was_said_since_stands(old, config, then, stored):
    old.text(TEXT)
    old.wait_sent()
    old.text(then)
    old.wait_sent(2)
    if stored is None:
        stored = figures(old)
    old.stop()
    age(old)
    use_rules(old, config, known=True)
    changes, total = apply(old)
    assert total["done"] == 0 and figures(old) == stored
    assert changes[0]["message"] == 1 and "later text" in changes[0]["left"]


def misread(server, *then):
    """The first text is stored with a figure that its words do not say."""
    server.text(f"HOP {DAY} 47 35 10 2")
    server.wait_sent()
    for n, text in enumerate(then):
        server.text(text)
        if text != "1":
            server.wait_sent(n + 2)
    wait_until(lambda: server.count("message") == 1 + len(then), "all texts")
    server.stop()
    age(server)
    with sqlite3.connect(server.database) as db:
        db.execute("UPDATE meeting_report SET excused = 12, unexcused = 0 "
                   "WHERE version = 1")
    db.close()


def test_stored_report_gets_a_version(server):
    misread(server)
    assert replay(server)[1]["changed"] == 1
    apply(server)
    assert figures(server) == [(1, 35, 12, 0), (2, 35, 10, 2)]
    assert [r["voided_at"] for r in server.reports()] == [None, None]
    assert apply(server)[1]["changed"] == 0


@pytest.mark.parametrize("then", ["1", "SUA CM36 VP9", "HUY"])
def test_confirmed_corrected_or_cancelled_is_left(server, then):
    misread(server, then)
    before = server.reports()
    changes, total = apply(server)
    assert total["done"] == 0 and server.reports() == before
    assert "later text" in changes[0]["left"]


def test_nothing_is_taken_back(idle, config):
    use_rules(idle, config, known=True)
    idle.start()
    idle.text(TEXT)
    idle.wait_sent()
    idle.stop()
    use_rules(idle, config, known=False)
    before = idle.reports()
    changes, _ = apply(idle)
    assert "taken back" in changes[0]["left"] and idle.reports() == before


def test_correction_finds_the_report_of_its_time(old, config):
    """In order: the correction is read when its report is there."""
    old.text(TEXT)
    old.wait_sent()
    old.text("cam on anh")
    old.stop()
    age(old)
    with sqlite3.connect(old.database) as db:
        db.execute("UPDATE message SET text = 'SUA CM36 VP9', intent = "
                   "'unknown' WHERE id = 2")
    db.close()
    use_rules(old, config, known=True)
    apply(old)
    assert figures(old) == [(1, 35, 10, 2), (2, 36, 9, 2)]
    assert apply(old)[1]["changed"] == 0
    # A text of today still means the report that it last spoke of.
    old.start()
    old.text(f"HOP {meeting_day(2)[0]} 47 40 7 0")
    old.wait_sent(2)
    old.stop()
    with sqlite3.connect(old.database) as db:
        db.execute("UPDATE meeting_report SET excused = 12, unexcused = 0 "
                   "WHERE message = 1")
        db.execute("UPDATE meeting_report SET voided_at = 1, voided_by = 2 "
                   "WHERE message = 2")
    db.close()
    old.start()
    old.text("SUA CM41 VP6")
    last = wait_until(lambda: old.reports(held_on=meeting_day(2)[1])[1:],
                      "the correction")
    assert last[0]["present"] == 41


@pytest.mark.parametrize("serving", [False, True])
def test_crash_in_the_middle(old, config, serving):
    days = [meeting_day(n) for n in (5, 6, 7)]
    for n, (day, _) in enumerate(days):
        old.text(f"HOP {day} TS47 CM35 vcp 10 VK2")
        old.wait_sent(n + 1)
    old.stop()
    age(old)
    with sqlite3.connect(old.database) as db:  # nobody answered any of them
        db.execute("UPDATE pending SET settled_at = NULL, settled_by = NULL, "
                   "member_no = outbox")
    db.close()
    use_rules(old, config, known=True)
    if serving:
        old.start(fault="commit-before:pause")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            done = pool.submit(old.command, "replay", "--apply")
            old.resume_until(lambda: old.count("meeting_report") > 0)
            old.kill()
        done.result()
    else:
        done = old.command("replay", "--apply", fault=True,
                           env={**os.environ,
                                "BANTIN_FAULT": "commit-before:kill"})
        assert done.returncode == -9
    assert old.value("PRAGMA integrity_check") == "ok"
    assert old.count("meeting_report") == old.count("message_reading")
    apply(old)
    assert [r["held_on"] for r in old.rows(
        "SELECT held_on FROM meeting ORDER BY id")] == [on for _, on in days]
    assert apply(old)[1]["changed"] == 0


def test_records(old, config):
    """A roll call, a proposal: once; who is away today: a person decides."""
    for n, text in enumerate((f"DD {DAY} VP 3 12 VK 7", "DV 9 CHUYENDI",
                              "DV 13 DI BINH DUONG")):
        old.text(text)
        old.wait_sent(n + 1)
    old.stop()
    age(old)
    assert replay(old)[1]["changed"] == 0
    with sqlite3.connect(old.database) as db:
        for table in ("attendance", "member_event"):
            db.execute(f"DELETE FROM {table}")
        db.execute("UPDATE message SET intent = 'unknown', fields = NULL")
        db.execute("UPDATE member SET status = 'active' WHERE no = 13")
    db.close()
    changes, total = apply(old)
    assert (total["done"], total["left"]) == (2, 1)
    assert "list of members" in changes[2]["left"]
    assert old.count("attendance") == 3
    assert old.rows("SELECT event, state FROM member_event") == [
        {"event": "transfer_out", "state": "proposed"}]
    assert apply(old)[1]["done"] == 0
    assert old.count("attendance") == 3


def test_what_was_recorded_and_reads_otherwise_is_left(server):
    server.text(f"DD {DAY} VP 3 12 VK 7")
    server.wait_sent()
    server.stop()
    with sqlite3.connect(server.database) as db:
        db.execute("UPDATE message SET fields = replace(fields, '12', '13')")
    db.close()
    changes, _ = apply(server)
    assert changes[0]["before"]["fields"]["excused_members"] == [3, 13]
    assert changes[0]["after"]["fields"]["excused_members"] == [3, 12]
    assert "taken back" in changes[0]["left"]


def quarantine(server, body):
    for _ in range(2):
        server.start(fault="poison:kill")
        with pytest.raises(http.Broken):
            server.post(body)
        assert server.wait_end() == -9
    server.start(fault="poison:kill")
    assert server.post(body).status == 200
    server.kill()


def test_quarantined_text_is_run(idle):
    body = received(f"HOP {DAY} 47 35 10 2", event_id="POISON")
    quarantine(idle, body)
    raw = idle.rows("SELECT * FROM quarantine")
    changes, total = apply(idle)
    assert (total["done"], total["unread"]) == (1, 0)
    assert changes[0]["before"]["intent"] is None
    assert figures(idle) == [(1, 35, 10, 2)]
    assert idle.rows("SELECT id, provider_id, from_phone, state FROM message") \
        == [{"id": 1, "provider_id": "POISON", "from_phone": "+84900000007",
             "state": "done"}]
    assert idle.value("SELECT state FROM message_reading") == "quarantined"
    assert idle.rows("SELECT * FROM quarantine") == raw
    assert apply(idle)[1]["changed"] == 0
    idle.start()
    assert idle.post(body).status == 200
    assert idle.count("message") == 1


def test_poison_kills_the_command_and_not_the_server(idle):
    quarantine(idle, received(f"HOP {DAY} 47 35 10 2", event_id="POISON"))
    idle.start()
    done = idle.command("replay", "--apply", fault=True,
                        env={**os.environ, "BANTIN_FAULT": "poison:kill"})
    assert done.returncode == -9
    assert idle.request("GET", "/healthz").status == 200
    assert figures(idle) == []


def test_range(server):
    server.text(f"HOP {DAY} 47 35 10 2")
    server.wait_sent()
    server.text("cam on anh")
    wait_until(lambda: server.count("message") == 2, "two messages")
    assert replay(server, "--id", 2)[1]["read"] == 1
    assert replay(server, "--since", meeting_day(-1)[1])[1]["read"] == 0
    assert replay(server, "--since", meeting_day(0)[1])[1]["read"] == 2
    for wrong in (("--id", "x"), ("--since", "today")):
        assert server.command("replay", *wrong).returncode == 2
