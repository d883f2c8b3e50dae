"""`bantin queue`: what waits, and why; sent again; cancelled."""
import fcntl
import json
import re
import sqlite3

import pytest
from rig import smsgate
from rig.smsgate import event, report
from rig.wait import wait_until

DLR = f"/dlr/phone/{smsgate.TOKEN}"


def listing(server, *args):
    done = server.command("queue", "--json", *args)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def reasons(server, *args):
    return {t["outbox"]: t["why"] for t in listing(server, *args)["texts"]}


def state(server, outbox=1):
    return server.value("SELECT state FROM outbox WHERE id = ?", outbox)


def story(server, what="o1"):
    done = server.command("why", "--json", what)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(server, provider, count=1):
    """So many failed replies to one phone."""
    provider.tell(400)
    for n in range(count):
        server.text(report(days_ago=n + 1))
    wait_until(lambda: server.value(
        "SELECT count(*) FROM outbox WHERE state = 'failed'") == count,
        "failed")


def test_a_queue_of_nothing(idle):
    done = idle.command("queue")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "in all: 0 queued, 0 sending, 0 failed, 0 expired, 0 unsure, 0 held",
        "`bantin serve` does not run: nothing leaves"]


def test_two_lines_a_text_on_80_columns(idle):
    """The form that people read, to the letter but for time and age."""
    long = "Kinh moi ba con den hop luc 19:30 tai nha van hoa\x1b[2J"
    for text in (long, "hai"):
        assert idle.command("send", "+84900000011", text).returncode == 0
    out = idle.command("queue").stdout
    assert all(len(line) <= 80 for line in out.splitlines()), out
    assert "\x1b" not in out
    out = re.sub(r" [ \d.]{3}[sm]   0 \d\d:\d\d ", "  AGE   0 DUE   ", out)
    assert out.splitlines()[:5] == [
        "ID      STATE   LANE   CHANNEL   AGE TRY DUE   TO            TEXT",
        "o1      queued  bulk   phone     AGE   0 DUE   +84900000011  "
        "Kinh moi ba con de…",
        "        `bantin serve` does not run",
        "o2      queued  bulk   phone     AGE   0 DUE   +84900000011  hai",
        "        behind o1 to the same number"]


def test_filters_and_limit(idle):
    for n in range(4):
        assert idle.command("send", f"+8490000001{n}", "x").returncode == 0
    out = idle.command("queue", "--limit", "3").stdout
    assert "1 more; --limit shows them" in out
    assert list(reasons(idle, "--to", "0900000012")) == [3]
    assert reasons(idle, "--state", "failed") == {}
    assert reasons(idle, "--lane", "reply") == {}
    assert len(reasons(idle, "--channel", "phone", "--lane", "bulk")) == 4


@pytest.mark.parametrize("line", [
    ["--state", "sent"], ["--state", "x"], ["--lane", "fast"],
    ["--to", "hello"], ["--limit", "0"], ["drop", "o1"], ["requeue"],
    ["requeue", "x"], ["requeue", "--all"], ["cancel", "m1"],
    ["requeue", "--all", "--state", "failed", "o1"]])
def test_lines_that_are_none(idle, line):
    done = idle.command("queue", *line)
    assert done.returncode == 2 and done.stderr, done.stdout


def test_the_channel_is_down(server, provider):
    provider.down()
    server.text(report())
    server.text(report(days_ago=2))
    wait_until(lambda: "does not answer" in reasons(server)[1], "down")
    assert reasons(server)[2] == "behind o1 to the same number"
    assert listing(server)["channels"][0]["down"]
    provider.up()
    server.wait_sent(2)
    assert reasons(server) == {}


def test_being_sent(server, provider):
    provider.tell("hang")
    server.text(report())
    provider.wait_for(1)
    assert reasons(server) == {1: "on its way to the provider"}
    for act in ("requeue", "cancel"):
        done = server.command("queue", act, "o1")
        assert done.returncode == 1
        assert "it is being sent at this moment" in done.stderr


def test_a_limit(make_server, config, provider):
    config["channels"][0]["limits"] = {"per_hour": 1}
    server = make_server(config)
    server.load_registry()
    server.start()
    server.text(report())
    server.wait_sent()
    server.text(report(days_ago=2))
    wait_until(lambda: "limit per hour reached until" in
               reasons(server).get(2, ""), "the limit")


@pytest.mark.parametrize("serving", [True, False])
def test_requeue(server, provider, serving):
    refused(server, provider)
    provider.tell("ok")
    if not serving:
        server.stop()
    done = server.command("queue", "requeue", "o1", "o99")
    assert done.returncode == 1
    assert done.stdout == "o1 queued again; it was failed\n"
    assert done.stderr == "bantin queue: o99: there is no such text\n"
    if not serving:
        assert state(server) == "queued"
        server.start()
    server.wait_sent()
    assert [t["verdict"] for t in story(server)["tries"]] == [
        "failed", "requeued", "sent"]
    ids = [r["json"]["id"] for r in provider.requests]
    assert ids[0] == ids[1]  # never taken: its name is still its name
    again = server.command("queue", "requeue", "o1")
    assert again.returncode == 1 and "it was sent" in again.stderr


def test_what_was_taken_and_failed_leaves_again(server, provider):
    """A gateway that knows the name would answer that it has the text."""
    server.text(report())
    server.wait_sent()
    own = provider.requests[-1]["json"]["id"]
    assert server.post(event("sms:failed", own), path=DLR).status == 200
    assert state(server) == "failed"
    assert server.command("queue", "requeue", "o1").returncode == 0
    server.wait_sent()
    again = provider.requests[-1]["json"]["id"]
    assert again == own + "-1"
    assert server.post(event("sms:delivered", again), path=DLR).status == 200
    assert state(server) == "delivered"


def test_many_at_once(server, provider):
    refused(server, provider, 3)
    provider.tell("ok")
    line = ["queue", "requeue", "--all", "--state", "failed"]
    done = server.command(*line)
    assert done.returncode == 1
    assert done.stdout == (
        "3 failed texts would be queued again; --yes does it\n")
    assert len(reasons(server)) == 3
    done = server.command(*line, "--channel", "other", "--yes")
    assert done.stdout == "0 queued again, 0 refused\n"
    done = server.command(*line, "--channel", "phone", "--yes")
    assert done.returncode == 0
    assert done.stdout == "3 queued again, 0 refused\n"
    server.wait_sent(3)


def test_more_than_one_transaction(idle):
    """In pieces, so that a running server never stops for it."""
    for n in range(2):
        assert idle.command("send", f"+8490000001{n}", "x").returncode == 0
    db = sqlite3.connect(idle.database)
    with db:
        for n in range(3, 452):
            db.execute(
                "INSERT INTO outbox (to_phone, text, lane, channel, state, "
                "attempts, created_at, due_at, valid_until) VALUES "
                "(?, 'x', 'bulk', 'phone', 'held', 0, 1, 1, 1)",
                (f"+849{n:08d}",))
    db.close()
    done = idle.command("queue", "requeue", "--all", "--state", "held",
                        "--yes")
    assert done.stdout == "449 queued again, 0 refused\n", done.stderr
    done = idle.command("queue", "cancel", "--all", "--state", "queued",
                        "--yes", "--json")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 451
    assert idle.command("queue").stdout.startswith("in all: 0 queued")


def test_cancel(idle, provider):
    for n in (1, 2):
        assert idle.command("send", f"+8490000001{n}", "x").returncode == 0
    done = idle.command("queue", "cancel", "o1")
    assert done.stdout == "o1 cancelled; it was queued\n"
    assert state(idle) == "expired"
    assert reasons(idle, "--state", "expired") == {1: "cancelled by hand"}
    idle.start()
    idle.wait_sent()
    assert [to for to, _ in provider.texts()] == ["+84900000012"]
    done = idle.command("queue", "cancel", "o1", "o2", "--json")
    assert done.returncode == 1
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"outbox": 1, "was": "expired",
         "refused": "it has expired already"},
        {"outbox": 2, "was": "sent",
         "refused": "it was sent; what left cannot be called back"}]
    assert story(idle)["tries"] == [{
        "n": 1, "at": story(idle)["tries"][0]["at"], "verdict": "cancelled",
        "why": "by the operator; it was queued"}]


def test_unsure_needs_a_yes(make_server, provider):
    token = "0123456789abcdef0123456789abcdef"
    server = make_server({
        "listen": "127.0.0.1:0", "database": "bantin.db",
        "send_window": "00:00-23:59", "outbox": {"timeout_s": 1},
        "channels": [{
            "name": "demo", "provider": "generic", "token": token,
            "outbound": {"method": "POST", "url": provider.url + "/send",
                         "type": "application/json", "accept": [202],
                         "body": '{"to":"{to}","text":"{text}"}'}}]})
    server.load_registry()
    provider.tell("hang")
    server.start()
    assert server.command("send", "+84900000011", "x").returncode == 0
    wait_until(lambda: state(server) == "unsure", "unsure")
    provider.tell("ok")
    assert reasons(server)[1].startswith("may have been sent: ")
    done = server.command("queue", "requeue", "o1")
    assert done.returncode == 1 and "arrive twice" in done.stderr
    assert server.command("queue", "requeue", "--yes", "o1").returncode == 0
    server.wait_sent()


def test_a_crash_before_the_commit(idle):
    """Nothing of it is there, and a second run does it."""
    assert idle.command("send", "+84900000011", "x").returncode == 0
    env = {"BANTIN_FAULT": "commit-before:kill", "PATH": "/usr/bin"}
    done = idle.command("queue", "cancel", "o1", fault=True, env=env)
    assert done.returncode != 0
    assert state(idle) == "queued" and idle.count("outbox_attempt") == 0
    assert idle.command("queue", "cancel", "o1").returncode == 0
    assert state(idle) == "expired"


def test_somebody_else_holds_the_lock(idle):
    """Another command writes: it says so, and nothing is changed."""
    assert idle.command("send", "+84900000011", "x").returncode == 0
    with open(idle.database + ".lock", "a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = idle.command("queue", "cancel", "o1")
        assert done.returncode == 1 and "serve" in done.stderr
        assert reasons(idle) == {1: "`bantin serve` does not run"}
    assert state(idle) == "queued"


def test_why_tells_what_a_person_did_and_what_comes_next(idle, provider):
    """Local time, 80 columns, and the same as `queue` says."""
    for text in ("mot", "hai"):
        assert idle.command("send", "+84900000011", text).returncode == 0
    assert idle.command("queue", "cancel", "o1").returncode == 0
    told = idle.command("why", "o1").stdout
    assert re.search(r"^  state +expired$", told, re.M), told
    assert re.search(r" tries n 1 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d "
                     r"(\(\+\S+\) )?cancelled: by the operator; it was",
                     " ".join(told.split())), told  # folded anywhere
    assert story(idle)["next"] == []
    waits = story(idle, "o2")["next"][0]
    assert waits["text"] == reasons(idle)[2] == "`bantin serve` does not run"
    told = idle.command("why", "o2").stdout
    assert "does not run" in told
    assert all(len(line) <= 80 for line in told.splitlines()), told


def test_why_of_an_answer_names_its_question(server):
    server.text(report())
    server.wait_sent()
    server.text("1")
    settled = story(server, "2")["settled"]
    assert [(q["outbox"], q["question"]) for q in settled] == [
        (1, "confirm_report")]
    assert "question confirm_report" in server.command("why", "2").stdout
