"""SpeedSMS: a text in without an id, the reply out, its report back."""
import base64
import json

import pytest
from rig import smsgate
from rig.smsgate import SECRETARY, report
from rig.speedsms import ACCESS_TOKEN, NUMBER, Speedsms, received
from rig.standin import StandIn
from rig.wait import wait_until

IN = f"/in/speed/{smsgate.TOKEN}"
DLR = f"/dlr/speed/{smsgate.TOKEN}"
SPEED = Speedsms()


@pytest.fixture
def speed():
    p = StandIn(SPEED)
    yield p
    p.close()


@pytest.fixture
def server(make_server, speed):
    s = make_server({
        "listen": "127.0.0.1:0", "database": "bantin.db",
        "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5,
                   "retry_after_max_s": 2},
        "channels": [SPEED.channel("speed", speed.url)]})
    s.load_registry()
    return s.start()


def state(server):
    return server.value("SELECT state FROM outbox ORDER BY id LIMIT 1")


def story(server):
    done = server.command("why", "--json", "o1")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("path", [IN, DLR])
def test_text_reply_and_report(server, speed, path):
    answer = server.request("POST", path, received(report()))
    assert (answer.status, answer.body) == (200, b"")
    row = server.rows("SELECT * FROM message")[0]
    assert (row["from_phone"], row["to_phone"], row["text"],
            row["intent"]) == (SECRETARY, None, report(), "meeting_report")

    sent = speed.wait_for(1)[0]
    assert sent["headers"]["Authorization"] == "Basic " + base64.b64encode(
        f"{ACCESS_TOKEN}:x".encode()).decode()
    body = json.loads(sent["body"])
    assert (body["to"], body["sms_type"], body["sender"]) == (
        [SECRETARY[1:]], 8, NUMBER)
    server.wait_sent()
    assert server.value("SELECT provider_ref FROM outbox") == str(
        SPEED.ref(sent["request"]))
    for said, after in (("sent", "sent"), ("delivered", "delivered"),
                        ("failed", "delivered")):
        answer = SPEED.report(server, "speed", sent["request"], said, 0)
        assert answer.status == 200
        assert state(server) == after
    told = story(server)
    assert [r["said"] for r in told["reported"]] == [
        "status 17, still trying", "status 0, delivered",
        "status 64, failed"]
    assert ACCESS_TOKEN not in json.dumps(told) + server.err.text()


def test_a_webhook_twice(server, speed):
    """Within its minute; over the minute's end the text still counts once."""
    for _ in range(3):
        assert server.request("POST", IN, received(report())).status == 200
    server.wait_sent()
    assert len(server.reports()) == 1
    assert len({r["provider_id"] for r in server.rows(
        "SELECT provider_id FROM message")}) <= 2


def test_whoever_is_not_speedsms(server, speed):
    body = received(report())
    for path in (IN[:-1] + "0", "/in/speed", DLR[:-1] + "0"):
        assert server.request("POST", path, body).status == 401
    assert server.request("GET", IN).status == 405
    assert server.request("POST", IN, b"{").status == 400
    assert server.request("POST", IN, b'{"type":"odd"}').status == 200
    assert server.count("message") == 0


def test_reports_of_others(server, speed):
    SPEED.bring(server, "speed", SECRETARY, report())
    server.wait_sent()
    ours = speed.requests[0]["request"]
    SPEED.report(server, "speed", ours._replace(to="+84900000099"), "failed",
                 0)
    SPEED.report(server, "speed", ours._replace(id="nobody's"), "failed", 0)
    assert state(server) == "sent"
    SPEED.report(server, "speed", ours, "failed", 0)
    assert state(server) == "failed"


def test_a_rate_limit_and_errors_inside_200(server, speed):
    speed.answer_headers = {"X-Rate-Limit-Reset": "1"}
    speed.answers = [
        (429, "application/json", b"{}"),
        (200, "application/json", b'{"status":"error","code":"300"}'),
        (200, "application/json", b'{"status":"error","code":"105"}')]
    SPEED.bring(server, "speed", SECRETARY, report())
    wait_until(lambda: state(server) == "failed", "the text given up")
    assert len(speed.requests) == 3
    told = story(server)
    assert told["why"] == "answered code 105: no such number"
    assert [t["why"].split(":")[0] for t in told["tries"]] == [
        "answered 429 ({})", "answered code 300", "answered code 105"]
