"""What leaves: when the provider is down, slow, sulking or gone."""
import sqlite3

from rig.smsgate import SECRETARY, meeting_day, report
from rig.wait import wait_until


def state(server):
    return server.value("SELECT state FROM outbox")


def attempts(server):
    return server.value("SELECT attempts FROM outbox")


def test_provider_down_then_back(server, provider):
    provider.down()
    server.text(report())
    wait_until(lambda: attempts(server) >= 1 and state(server) == "queued",
               "one attempt, still queued")
    assert len(server.reports(held_on=meeting_day()[1])) == 1
    provider.up()
    assert server.wait_sent()[0]["to_phone"] == SECRETARY
    assert len(provider.texts()) == 1


def test_provider_error_is_retried(server, provider):
    provider.tell(500)
    server.text(report())
    first = provider.wait_for(1)[0]["json"]
    wait_until(lambda: state(server) == "queued", "queued again")
    provider.tell("ok")
    server.wait_sent()
    ids = {r["json"]["id"] for r in provider.requests}
    assert ids == {first["id"]}


def test_wrong_password_loses_nothing(server, provider):
    provider.tell(401)
    server.text(report())
    provider.wait_for(1)
    wait_until(lambda: state(server) == "queued", "queued again")
    provider.tell("ok")
    server.wait_sent()


def test_result_that_cannot_be_stored_waits(server, provider):
    """Its row would stay `sending` and hold back the phone's other texts."""
    provider.tell("hang")
    server.text(report())
    provider.wait_for(1)
    other = sqlite3.connect(server.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    provider.tell("ok")
    server.err.wait("event=mt_result_waits")
    other.execute("ROLLBACK")
    other.close()
    server.wait_sent()
    server.text(report(days_ago=2))
    server.wait_sent(2)
    assert len(provider.texts()) == 2


def test_refused_text_fails_for_good(server, provider):
    provider.tell(400)
    server.text(report())
    wait_until(lambda: state(server) == "failed", "failed")
    provider.tell("ok")
    server.text(report(days_ago=2))
    wait_until(lambda: len(provider.texts()) >= 2, "the next text goes")
    assert len({r["json"]["id"] for r in provider.requests}) == 2


def test_known_text_counts_as_sent(server, provider):
    provider.tell(409)
    server.text(report())
    server.wait_sent()


def test_hanging_provider_does_not_stop_intake(server, provider):
    provider.tell("hang")
    server.text(report())
    provider.wait_for(1)
    for n in range(2, 22):
        server.text(report(days_ago=n))
    assert len(server.reports()) == 21
    provider.tell("ok")
    server.wait_sent(21)


def test_one_phone_gets_its_texts_in_order(server, provider):
    days = range(1, 8)
    for n in days:
        server.text(report(days_ago=n))
    server.wait_sent(len(days))
    texts = [t for _, t in provider.texts()]
    assert [i for i, n in enumerate(days)
            for t in [texts[i]] if meeting_day(n)[0] + ":" in t
            or meeting_day(n)[0] in t] == list(range(len(days)))


def test_send_command_while_serve_runs(server, provider):
    done = server.command("send", "+84900000011", "Xin chao ban Na Pan")
    assert done.returncode == 0, done.stderr
    to, text = provider.wait_for(1)[0], provider.texts()[0]
    assert text == ("+84900000011", "Xin chao ban Na Pan"), to


def test_send_command_without_serve(idle, provider):
    done = idle.command("send", "+84900000011", "Xin chao")
    assert done.returncode == 0, done.stderr
    assert idle.value("SELECT state FROM outbox") == "queued"
    idle.start()
    provider.wait_for(1)
    idle.wait_sent()


def test_send_refuses_what_is_no_number(idle):
    done = idle.command("send", "hello", "Xin chao")
    assert done.returncode != 0 and done.stderr
    assert idle.count("outbox") == 0
