"""What happens by itself: at its time, at a late start, through crashes."""
import sqlite3

import pytest
from rig import smsgate
from rig.smsgate import event, meeting_day
from rig.wait import wait_until

HOLDERS = ["+84900000007", "+84900000017", "+84900000078"]


@pytest.fixture
def announced(config, provider, tmp_path):
    """A stopped server that knows of one meeting, and open at all hours."""
    from rig.server import Server
    config["send_window"] = "00:00-24:00"
    server = Server(tmp_path, config)
    server.load_registry()
    server.start()
    server.text(f"LICH MG07 {meeting_day(-9)[0]} 19H30")
    server.wait_sent(1)
    server.stop()
    yield server
    server.kill()


def make_due(server, kind, ago_ms=60_000):
    """Its time came while nobody was there."""
    db = sqlite3.connect(server.database)
    db.execute("UPDATE schedule SET due_at = unixepoch() * 1000 - ? "
               "WHERE kind = ? AND state = 'waiting'", (ago_ms, kind))
    db.execute("UPDATE outbox SET state = 'expired' WHERE state = 'queued'")
    db.commit()
    db.close()


def reminded(server):
    return server.rows("SELECT o.* FROM outbox o JOIN schedule s ON s.id = "
                       "o.errand WHERE s.kind = 'report_remind' ORDER BY "
                       "o.to_phone")


def is_done(server, state="done"):
    return server.value("SELECT count(*) FROM schedule WHERE kind = "
                        "'report_remind' AND state = ?", state) == 1


def test_what_came_due_goes_at_the_start(announced):
    make_due(announced, "report_remind")
    announced.start()
    wait_until(lambda: [r["state"] for r in reminded(announced)] ==
               ["sent"] * 3, "three reminders")
    assert [r["to_phone"] for r in reminded(announced)] == HOLDERS
    assert is_done(announced)


def test_what_is_long_over_is_not_made_up_for(announced):
    make_due(announced, "report_remind", ago_ms=7 * 86_400_000)
    announced.start()
    wait_until(lambda: is_done(announced, "missed"), "a missed errand")
    assert reminded(announced) == []


@pytest.mark.parametrize("point", ["commit-before", "commit-after"])
def test_killed_at_the_commit_it_happens_once(announced, provider, point):
    make_due(announced, "report_remind")
    # The start may plan in a transaction of its own: killed at each.
    announced.start(fault=f"{point}:kill")
    announced.wait_end()
    announced.start(fault=f"{point}:kill")
    announced.wait_end()
    announced.start()
    wait_until(lambda: is_done(announced), "an errand that is done")
    wait_until(lambda: all(r["state"] == "sent" for r in
                           reminded(announced)), "all of its texts sent")
    assert [r["to_phone"] for r in reminded(announced)] == HOLDERS


def test_a_text_plans_while_the_gateway_runs(announced):
    announced.start()
    day, iso = meeting_day(-12)
    announced.text(f"LICH MG07 {day} 19H30")
    wait_until(lambda: announced.value(
        "SELECT count(*) FROM meeting WHERE planned_on = ?", iso), "the plan")
    kinds = {r["kind"]: r["state"] for r in announced.rows(
        "SELECT s.kind, s.state FROM schedule s JOIN meeting m ON m.id = "
        "s.meeting WHERE m.planned_on = ? AND s.state = 'waiting'", iso)}
    assert kinds["report_remind"] == kinds["report_staff"] == "waiting"


def test_reports_find_a_text_of_an_errand(announced, provider):
    """Its key is too long for a provider: it goes by its number."""
    make_due(announced, "report_remind")
    announced.start()
    wait_until(lambda: [r["state"] for r in reminded(announced)] ==
               ["sent"] * 3, "three reminders")
    by_phone = {r["json"]["phoneNumbers"][0]: r["json"]["id"]
                for r in provider.requests}
    for phone in HOLDERS:
        body = event("sms:delivered", by_phone[phone], phoneNumber=phone)
        answer = announced.post(body, f"/dlr/phone/{smsgate.TOKEN}")
        assert answer.status == 200, answer
    wait_until(lambda: [r["state"] for r in reminded(announced)] ==
               ["delivered"] * 3, "three reports")
