"""eSMS: a signed text in, the reply out, each report with its text's key."""
import json

import pytest
from rig import smsgate
from rig.esms import API_KEY, SECRET_KEY, Esms, received
from rig.smsgate import SECRETARY, report
from rig.standin import StandIn
from rig.wait import wait_until

IN = f"/in/es/{smsgate.TOKEN}"
DLR = f"/dlr/es/{smsgate.TOKEN}"
ESMS = Esms()


@pytest.fixture
def esms():
    p = StandIn(ESMS)
    yield p
    p.close()


@pytest.fixture
def server(make_server, esms):
    s = make_server({
        "listen": "127.0.0.1:0", "database": "bantin.db",
        "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
        "channels": [ESMS.channel("es", esms.url)]})
    s.load_registry()
    return s.start()


def state(server):
    return server.value("SELECT state FROM outbox ORDER BY id LIMIT 1")


def story(server):
    done = server.command("why", "--json", "o1")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_text_reply_and_report(server, esms):
    answer = server.request("GET", f"{IN}?{received(report(), smsid='M1')}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert b"<Message></Message><Smsid>M1</Smsid>" in answer.body
    assert SECRETARY[1:].encode() in answer.body
    row = server.rows("SELECT * FROM message")[0]
    assert (row["provider_id"], row["from_phone"], row["to_phone"],
            row["intent"]) == ("M1", SECRETARY, "8041", "meeting_report")

    sent = esms.wait_for(1)[0]
    body = json.loads(sent["body"])
    assert (body["Phone"], body["Brandname"], body["SmsType"]) == (
        SECRETARY[1:], "XaMuong", "2")
    assert body["IsUnicode"] == ("0" if body["Content"].isascii() else "1")
    server.wait_sent()
    assert server.value("SELECT provider_ref FROM outbox") == (
        "S-" + sent["request"].id)
    for said, after in (("sent", "sent"), ("delivered", "delivered"),
                        ("sent", "delivered")):
        answer = ESMS.report(server, "es", sent["request"], said, 0)
        assert (answer.status, answer.body) == (200, b"")
        assert state(server) == after
    told = story(server)
    assert [r["said"] for r in told["reported"]] == [
        "7 at the operator (Viettel)", "5 finished, delivered (Viettel)"]
    assert "answered code 100: accepted" in json.dumps(told["tries"])
    for secret in (API_KEY, SECRET_KEY):
        assert secret not in json.dumps(told) + server.err.text()


def test_finished_and_failed(server, esms):
    ESMS.bring(server, "es", SECRETARY, report())
    server.wait_sent()
    ESMS.report(server, "es", esms.requests[0]["request"], "failed", 0)
    assert state(server) == "failed"
    assert story(server)["why"] == "5 finished, failed (Viettel)"


def test_a_webhook_twice(server, esms):
    query = received(report(), smsid="M1")
    for _ in range(3):
        assert server.request("GET", f"{IN}?{query}").status == 200
    server.wait_sent()
    assert server.count("message") == server.count("outbox") == 1
    assert server.metrics()["bantin_mo_repeated_total"] == 2


def test_whoever_is_not_esms(server, esms):
    query = received(report())
    for path, query_sent in (
            (IN, received(report(), key="another-key-it-is")),
            (IN, query.replace("cpid=100", "cpid=10&x=0")),
            (IN, query.replace("content=HOP", "content=HOp")),
            (IN, ""), (IN[:-1] + "0", query), ("/in/es", query)):
        assert server.request("GET", f"{path}?{query_sent}").status == 401
    assert server.request("POST", f"{IN}?{query}", b"").status == 405
    assert server.count("message") == 0
    assert server.request("GET", f"{IN}?{query}").status == 200


def test_reports_of_others(server, esms):
    ESMS.bring(server, "es", SECRETARY, report())
    server.wait_sent()
    own = esms.requests[0]["request"].id
    rest = f"SMSID=S-{own}&SendStatus=4"
    assert server.request(
        "GET", f"{DLR}?o={own}&k={'0' * 32}&{rest}").status == 401
    assert server.request("GET", f"{DLR}?o={own}&{rest}").status == 401
    # Who knows eSMS's id and the phone does not know the key.
    for query in (rest, f"{rest}&phonenumber={SECRETARY[1:]}",
                  f"{rest}&RequestId={own}&phonenumber={SECRETARY[1:]}"):
        assert server.request("GET", f"{DLR}?{query}").status == 401
    assert state(server) == "sent"


def test_what_it_has_already_counts_as_sent(server, esms):
    """The answer was lost; the same RequestId is answered 124."""
    esms.answers = [(504, "text/plain", b"")]
    ESMS.bring(server, "es", SECRETARY, report())
    server.wait_sent()
    assert len({r["request"].id for r in esms.requests}) == 1
    assert len(esms.requests) == 2
    assert "it has this text already" in json.dumps(story(server)["tries"])


def test_an_error_inside_200(server, esms):
    esms.answers = [(200, "application/json", b'{"CodeResult":"103"}'),
                    (200, "application/json", b'{"CodeResult":"108"}')]
    ESMS.bring(server, "es", SECRETARY, report())
    wait_until(lambda: state(server) == "failed", "the text given up")
    assert len(esms.requests) == 2
    assert story(server)["why"] == "answered code 108: no such number"
