"""Machines, strangers and loops: stored, not answered, and told why."""
import datetime
import json

from rig.smsgate import LOCAL, SECRETARY

STRANGER = "+84912345699"


def story(server, message):
    done = server.command("why", "--json", str(message))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def at(seconds):
    return datetime.datetime.now(LOCAL) + datetime.timedelta(seconds=seconds)


def test_a_short_code_is_stored_and_not_answered(server):
    server.text("HOP MG07 5/11 47 35 10 2", sender="195")
    server.text("HD", sender="VINAPHONEKM")
    assert server.count("message") == 2
    assert server.count("outbox") == 0
    told = [story(server, n)["withheld"] for n in (1, 2)]
    assert told[0].startswith("no answer: short codes")
    assert told[1].startswith("no answer: its sender is a name")
    assert server.metrics()["bantin_mo_unanswered_total"] == 2
    server.err.wait(r"event=mo .*withheld=\"no answer: short codes")
    assert "withheld" in server.command("why", "1").stdout


def test_the_same_answer_thrice_also_after_a_crash(server):
    for n in range(2):  # 20 s apart: one SMS is not another's repeat
        server.text("XEM MG07", at=at(-200 + 20 * n))
    server.text("HOP 5", sender=STRANGER)
    server.wait_sent(2)
    server.kill()
    server.start()
    server.text("XEM MG07", at=at(-160))
    assert server.value("SELECT count(*) FROM outbox WHERE to_phone = ?",
                        SECRETARY) == 3
    server.text("XEM MG07", at=at(-140))
    server.text("HOP 6", sender=STRANGER)
    assert server.count("message") == 6
    assert server.count("outbox") == 4
    assert "budget.same_per_hour" in story(server, 5)["withheld"]
    assert "budget.unknown_per_day" in story(server, 6)["withheld"]
    assert "withheld" not in story(server, 4)
