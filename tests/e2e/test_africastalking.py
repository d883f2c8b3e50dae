"""Africa's Talking: a form in, the reply out, its report back."""
import json

import pytest
from rig import smsgate
from rig.africastalking import API_KEY, Africastalking, received
from rig.dialects import Request
from rig.smsgate import SECRETARY, report
from rig.standin import StandIn
from rig.wait import wait_until

IN = f"/in/at/{smsgate.TOKEN}"
DLR = f"/dlr/at/{smsgate.TOKEN}"
AT = Africastalking()


@pytest.fixture
def at():
    p = StandIn(AT)
    yield p
    p.close()


@pytest.fixture
def server(make_server, at):
    s = make_server({
        "listen": "127.0.0.1:0", "database": "bantin.db",
        "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
        "channels": [AT.channel("at", at.url)]})
    s.load_registry()
    return s.start()


def state(server):
    return server.value("SELECT state FROM outbox ORDER BY id LIMIT 1")


def story(server):
    done = server.command("why", "--json", "o1")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def said(code):
    """An answer that lists the recipient with this code."""
    to = Request("", SECRETARY, "", None)
    return 201, "application/json", AT.recipient(to, code, "Odd", "None")


def test_text_reply_and_report(server, at):
    answer = server.request("POST", IN, received(report(), own="a1"))
    assert (answer.status, answer.body) == (200, b"")
    row = server.rows("SELECT * FROM message")[0]
    assert (row["provider_id"], row["from_phone"], row["to_phone"],
            row["text"], row["intent"]) == (
        "a1", SECRETARY, "22334", report(), "meeting_report")

    sent = at.wait_for(1)[0]
    assert {k.lower(): v for k, v in sent["headers"].items()}[
        "apikey"] == API_KEY
    assert sent["request"].to == SECRETARY
    server.wait_sent()
    assert server.value("SELECT provider_ref FROM outbox") == AT.ref(
        sent["request"])
    for said, after in (("sent", "sent"), ("delivered", "delivered"),
                        ("failed", "delivered")):
        answer = AT.report(server, "at", sent["request"], said, 0)
        assert answer.status == 200
        assert state(server) == after
    told = story(server)
    assert [r["said"] for r in told["reported"]] == [
        "Sent", "Success", "Failed"]
    assert API_KEY not in json.dumps(told) + server.err.text()


def test_a_webhook_twice(server, at):
    body = received(report())
    for _ in range(3):
        assert server.request("POST", IN, body).status == 200
    server.wait_sent()
    assert server.count("message") == server.count("outbox") == 1
    assert server.metrics()["bantin_mo_repeated_total"] == 2


def test_whoever_is_not_them(server, at):
    body = received(report())
    for path in (IN[:-1] + "0", "/in/at", DLR[:-1] + "0"):
        assert server.request("POST", path, body).status == 401
    assert server.request("GET", IN).status == 405
    assert server.request("POST", IN, b"").status == 400
    assert server.request("POST", IN, b"senderId=1&odd=1").status == 200
    assert server.count("message") == 0


def test_reports_of_others(server, at):
    AT.bring(server, "at", SECRETARY, report())
    server.wait_sent()
    ours = at.requests[0]["request"]
    AT.report(server, "at", ours._replace(to="+84900000099"), "failed", 0)
    AT.report(server, "at", ours._replace(id="nobody's"), "failed", 0)
    assert state(server) == "sent"
    AT.report(server, "at", ours, "failed", 0)
    assert state(server) == "failed"


def test_an_error_inside_201(server, at):
    at.answers = [said(405), said(501), said(403)]
    AT.bring(server, "at", SECRETARY, report())
    wait_until(lambda: state(server) == "failed", "the text given up")
    assert len(at.requests) == 3
    assert story(server)["why"] == "answered 403: Odd"


def test_who_had_us_blocked_is_opted_out(server, at):
    at.answers = [said(406)]
    AT.bring(server, "at", SECRETARY, report())
    wait_until(lambda: server.value(
        "SELECT opted_out FROM contact WHERE phone = ?", SECRETARY) == 1,
        "opted out")
    assert len(at.requests) == 1
