"""Delivery reports: early, late, twice, of nobody's text, from nobody."""
import json

import pytest
from rig import http, smsgate
from rig.smsgate import event, report
from rig.wait import wait_until

DLR = f"/dlr/phone/{smsgate.TOKEN}"


def state(server):
    return server.value("SELECT state FROM outbox")


def say(server, name, message_id, path=DLR, **kw):
    answer = server.post(event(name, message_id, **kw), path=path)
    assert answer.status == 200, answer
    return answer


def sent(server, provider, days_ago=1, count=1):
    """A text in, its reply out; the reply's id. count: rows in `sent`."""
    server.text(report(days_ago=days_ago))
    server.wait_sent(count)
    return provider.requests[-1]["json"]["id"]


def story(server, what="o1"):
    done = server.command("why", "--json", what)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("path", ["/in", "/dlr"])
def test_sent_then_delivered(server, provider, path):
    own = sent(server, provider)
    path = f"{path}/phone/{smsgate.TOKEN}"
    say(server, "sms:sent", own, path, partsCount=1)
    assert state(server) == "sent"
    say(server, "sms:delivered", own, path)
    assert state(server) == "delivered"
    assert [r["said"] for r in story(server)["reported"]] == [
        "sms:sent", "sms:delivered"]
    assert server.metrics()["bantin_mt_delivered_total"] == 1


def test_one_report_for_each_part(server, provider):
    own = sent(server, provider)
    say(server, "sms:delivered", own, event_id="part-a")
    assert state(server) == "delivered"  # one segment, one part
    db_parts = server.value("SELECT parts FROM outbox")
    assert db_parts == 1


def test_repeats_and_odd_order(server, provider):
    own = sent(server, provider)
    say(server, "sms:delivered", own, event_id="d")
    for _ in range(3):
        say(server, "sms:sent", own, event_id="s", partsCount=1)
        say(server, "sms:failed", own, event_id="f", reason="late")
        say(server, "sms:delivered", own, event_id="d")
    assert state(server) == "delivered"
    assert server.count("outbox_report") == 3
    assert server.metrics()["bantin_dlr_repeated_total"] == 7


def test_a_failure_is_told_and_not_sent_again(server, provider):
    own = sent(server, provider)
    say(server, "sms:failed", own, reason="RESULT_ERROR_NO_SERVICE")
    assert state(server) == "failed"
    told = story(server)
    assert told["why"] == "sms:failed: RESULT_ERROR_NO_SERVICE"
    assert told["tries"][0]["verdict"] == "sent"
    metrics = server.metrics()
    assert metrics['bantin_outbox_texts{state="failed"}'] == 1
    sent(server, provider, days_ago=2)
    assert len(provider.texts()) == 2  # the next one, not this one again


def test_report_before_the_answer(server, provider):
    provider.tell("hang")
    server.text(report())
    own = provider.wait_for(1)[0]["json"]["id"]
    assert state(server) == "sending"
    say(server, "sms:sent", own, partsCount=1)
    say(server, "sms:delivered", own)
    assert state(server) == "delivered"
    provider.tell("ok")
    wait_until(lambda: server.count("outbox_attempt") == 1, "the answer")
    assert state(server) == "delivered"
    assert server.value("SELECT provider_ref FROM outbox") == own


def test_parked_until_the_answer(server, provider):
    """A server that names texts itself: its name is not known yet."""
    provider.rename = lambda own: "theirs-" + own
    provider.tell("hang")
    server.text(report())
    own = provider.wait_for(1)[0]["json"]["id"]
    for _ in range(2):
        say(server, "sms:delivered", "theirs-" + own, event_id="d")
    say(server, "sms:failed", "theirs-" + own,
        phoneNumber="+84900000099")  # of somebody else, with the same name
    assert server.count("report_parked") == 2
    assert state(server) == "sending"
    provider.tell("ok")
    wait_until(lambda: state(server) == "delivered", "matched")
    assert server.count("report_parked") == 1
    assert "matched_at" in story(server)["reported"][0]
    assert "matched_at" in server.command("why", "o1").stdout
    server.err.wait("event=dlr_early")


def test_unknown_value(make_server, config, provider):
    config["channels"].append({
        "name": "smsc", "provider": "kannel", "token": smsgate.TOKEN,
        "url": "http://127.0.0.1:1", "username": "u", "password": "p"})
    server = make_server(config)
    server.load_registry()
    server.start()
    own = sent(server, provider)
    for d, end in (("99", "sent"), ("", "sent"), ("1", "delivered")):
        answer = server.request(
            "GET", f"/dlr/smsc/{smsgate.TOKEN}?o={own}&d={d}")
        assert answer.status == 200, answer
        assert state(server) == end
    assert server.metrics()["bantin_dlr_unknown_total"] == 2
    assert [r["state"] for r in story(server)["reported"]] == [
        "unknown", "unknown", "delivered"]


def test_answer_lost_and_report_there(server, provider):
    """The request timed out; the phone had the text all the same."""
    provider.tell("hang")
    server.text(report())
    own = provider.wait_for(1)[0]["json"]["id"]
    say(server, "sms:sent", own, partsCount=1)
    provider.tell(500)
    wait_until(lambda: server.count("outbox_attempt") == 1, "the answer")
    assert state(server) == "sent"
    provider.tell("ok")
    sent(server, provider, days_ago=2, count=2)
    assert [r["json"]["id"] for r in provider.requests].count(own) == 1


def test_of_nobodys_text(make_server, config, provider):
    config["outbox"]["report_park_s"] = 1
    server = make_server(config)
    server.load_registry()
    server.start()
    say(server, "sms:delivered", "somebody-elses")
    say(server, "sms:delivered", "o1.1", event_id="again")
    assert server.count("report_parked") == 2
    server.err.wait("event=dlr_orphan", 2)
    wait_until(lambda: server.count("report_parked") == 0, "forgotten")
    assert server.metrics()["bantin_dlr_orphaned_total"] == 2


def test_of_another_phone(server, provider):
    own = sent(server, provider)
    say(server, "sms:failed", own, phoneNumber="+84900000099")
    assert state(server) == "sent"
    assert server.count("report_parked") == 1


def test_refused(server, provider):
    own = sent(server, provider)
    body = event("sms:delivered", own)
    assert server.post(body, path="/dlr/phone/" + "0" * 32).status == 401
    assert server.post(body, path="/dlr/phone").status == 401
    assert server.post(body, path="/dlr/nobody/x").status == 404
    assert server.post(body, path=DLR + "/more").status == 404
    assert server.post(body, path=DLR, key="not-the-key-at-all").status == 401
    assert server.request("GET", DLR).status == 405
    assert server.post(b"{", path=DLR).status == 400
    wire = http.Wire(server.port)
    wire.send(f"POST {DLR} HTTP/1.1\r\nHost: h\r\n"
              "Content-Length: 67108864\r\n\r\n".encode())
    assert wire.answer().status == 413
    wire.close()
    assert state(server) == "sent"
    assert server.count("outbox_report") == 0


def test_events_that_are_not_used(server, provider):
    for name in ("system:ping", "app:started", "sms:to-come"):
        say(server, name, "x")
    assert server.count("report_parked") == 0


def test_a_text_that_comes_by_the_other_path(server, provider):
    assert server.post(smsgate.received(report()), path=DLR).status == 200
    assert len(server.reports()) == 1


def test_dead_between_commit_and_answer(idle, provider):
    """The phone repeats what was stored and not answered."""
    idle.start()
    own = sent(idle, provider)
    idle.stop()
    idle.start(fault="answer-before:kill")
    with pytest.raises(http.Broken):
        say(idle, "sms:delivered", own, event_id="d")
    idle.wait_end()
    idle.fault = None
    idle.start()
    say(idle, "sms:delivered", own, event_id="d")
    assert state(idle) == "delivered"
    assert idle.count("outbox_report") == 1


def test_dead_while_it_was_sent(idle, provider):
    """Requeued after the crash, and not sent again: the phone has it."""
    provider.tell("hang")
    idle.start()
    idle.text(report())
    own = provider.wait_for(1)[0]["json"]["id"]
    say(idle, "sms:delivered", own, partsCount=1)
    idle.kill()
    provider.tell("ok")
    idle.start()
    sent(idle, provider, days_ago=2)
    assert [r["json"]["id"] for r in provider.requests].count(own) == 1
    assert idle.value("SELECT state FROM outbox WHERE id = 1") == "delivered"


def test_dead_while_a_report_is_parked(idle, provider):
    """Sent again under the same id; the answer then names the text."""
    provider.rename = lambda own: "theirs-" + own
    provider.tell("hang")
    idle.start()
    idle.text(report())
    own = provider.wait_for(1)[0]["json"]["id"]
    say(idle, "sms:delivered", "theirs-" + own)
    idle.kill()
    provider.tell("ok")
    idle.start()
    wait_until(lambda: state(idle) == "delivered", "matched")
    assert {r["json"]["id"] for r in provider.requests} == {own}
    assert idle.count("report_parked") == 0


def test_body_that_kills(idle, provider):
    """The poison guard stands before /dlr as it stands before /in."""
    body = event("sms:delivered", "POISON")
    for _ in range(2):
        idle.start(fault="poison:kill")
        with pytest.raises(http.Broken):
            idle.post(body, path=DLR)
        idle.wait_end()
    idle.start(fault="poison:kill")
    assert idle.post(body, path=DLR).status == 200
    assert idle.count("quarantine") == 1
    assert idle.count("report_parked") == 0
