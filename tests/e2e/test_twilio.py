"""With Twilio: signed texts, replies, reports, and who wants no more."""
import base64
import hashlib
import json

import pytest
from rig import smsgate
from rig.provider import Provider
from rig.smsgate import SECRETARY, report
from rig.twilio import (IN, NUMBER, PUBLIC, SECRET, SID, STOPPED, Twilio,
                        channel, signature)
from rig.wait import wait_until

STRANGER = "+84900000999"


@pytest.fixture
def twilio():
    t = Twilio()
    yield t
    t.down()


@pytest.fixture
def config(twilio):
    return {"listen": "127.0.0.1:0", "database": "bantin.db",
            "public_url": PUBLIC,
            "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
            "channels": [channel(twilio.url, fold="keep")]}


def state(server, row=1):
    return server.value("SELECT state FROM outbox WHERE id = ?", row)


def why(server, what="o1"):
    done = server.command("why", "--json", what)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_text_reply_and_reports(server, twilio):
    answer = twilio.bring(server, SECRETARY, report())
    assert (answer.status, answer.body) == (200, b"<Response/>")
    assert answer.headers["Content-Type"] == "text/xml"
    row = server.rows("SELECT * FROM message")[0]
    assert (row["from_phone"], row["to_phone"], row["text"],
            row["intent"]) == (
        SECRETARY, NUMBER, report(), "meeting_report")

    sent = twilio.wait_for(1)[0]
    assert sent["path"] == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert sent["headers"]["Authorization"] == "Basic " + base64.b64encode(
        f"{SID}:{SECRET}".encode()).decode()
    form = sent["form"]
    assert (form["To"], form["From"]) == (SECRETARY, NUMBER)
    assert form["StatusCallback"].startswith(
        f"{PUBLIC}/dlr/tw/{smsgate.TOKEN}?o=")
    server.wait_sent()
    assert server.value(
        "SELECT provider_ref FROM outbox") == twilio.names[0]

    for said, after in (("queued", "sent"), ("sent", "sent"),
                        ("partially_delivered", "sent"),
                        ("delivered", "delivered"), ("sent", "delivered")):
        answer = twilio.report(server, 0, said)
        assert (answer.status, answer.body) == (200, b"<Response/>")
        assert state(server) == after
    assert [r["said"] for r in why(server)["reported"]] == [
        "queued", "sent", "partially_delivered", "delivered"]
    assert server.metrics()["bantin_dlr_unknown_total"] == 1
    story = server.command("why", "1").stdout + server.err.text()
    assert "delivered" in story and SECRET not in story


def test_a_text_comes_twice(server, twilio):
    for _ in range(3):
        assert twilio.bring(server, SECRETARY, report(),
                            name="SM1").status == 200
    server.wait_sent()
    assert server.count("message") == server.count("outbox") == 1
    assert server.metrics()["bantin_mo_repeated_total"] == 2


def test_letters_both_ways(server, twilio):
    assert twilio.bring(server, STRANGER, "Họp xong rồi ☺ & 1+1").status == 200
    assert server.value("SELECT text FROM message") == "Họp xong rồi ☺ & 1+1"
    done = server.command("send", SECRETARY, "Mời họp chi bộ ☺")
    assert done.returncode == 0, done.stderr
    wait_until(lambda: any(r["form"]["To"] == SECRETARY and
                           r["form"]["Body"] == "Mời họp chi bộ ☺"
                           for r in twilio.requests), "as it was typed")


def test_whoever_is_not_twilio(server, twilio):
    for kw in ({"key": "another-token"}, {"public": "https://elsewhere.vn"},
               {"public": "http://sms.example.vn"}):
        assert twilio.bring(server, SECRETARY, report(), **kw).status == 401
    wrong = IN[:-1] + "0"
    assert twilio.post(server, wrong, {"Body": "x"}).status == 401
    assert server.request("POST", IN, b"Body=x", {
        "Content-Type": "application/x-www-form-urlencoded"}).status == 401
    assert server.request("GET", IN).status == 405
    assert server.count("message") == 0
    assert twilio.bring(server, SECRETARY, report(),
                        public=PUBLIC + ":443").status == 200
    twilio.wait_for(1)
    assert twilio.report(server, 0, "failed", key="forged").status == 401
    server.wait_sent()


def test_other_events(server, twilio):
    assert twilio.post(server, IN, {"CallSid": "CA1"}).status == 200
    body = b'{"EventType": "x"}'
    path = f"{IN}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    for given, status in ((body, 200), (body + b" ", 401)):
        assert server.request("POST", path, given, {
            "Content-Type": "application/json",
            "X-Twilio-Signature": signature(PUBLIC + path)}).status == status
    assert server.count("message") == 0


def contact(server, phone):
    return server.rows("SELECT * FROM contact WHERE phone = ?", phone)


def test_who_told_twilio_to_stop(server, twilio):
    """Known or not: no more texts, and where that is from can be told."""
    members = server.count("member")
    before = server.count("contact")
    for n, phone in enumerate((SECRETARY, STRANGER), 1):
        twilio.answers = [STOPPED]
        assert server.command("send", phone, "Moi hop").returncode == 0
        wait_until(lambda n=n: state(server, n) == "failed", "failed")
        row = contact(server, phone)[0]
        assert (row["opted_out"], row["opted_out_outbox"]) == (1, n)
        told = why(server, f"o{n}")
        assert "21610" in told["why"] and told["opted_out"]["at"]
        assert "opted_out" in server.command("why", f"o{n}").stdout
    assert server.count("contact") == before + 1
    assert server.count("member") == members
    server.err.wait("event=opted_out")

    at = contact(server, SECRETARY)[0]["opted_out_at"]
    assert server.command("send", SECRETARY, "Moi hop lai").returncode == 0
    wait_until(lambda: state(server, 3) == "expired", "not sent any more")
    assert len(twilio.requests) == 2
    twilio.answers = [STOPPED]  # a reply is tried all the same
    twilio.bring(server, SECRETARY, report())
    wait_until(lambda: state(server, 4) == "failed", "refused again")
    row = contact(server, SECRETARY)[0]
    assert (row["opted_out_at"], row["opted_out_outbox"]) == (at, 1)
    assert "opted_out" not in why(server, "o4")


def test_stop_in_another_word(server, twilio):
    twilio.bring(server, SECRETARY, "REVOKE",
                 extra={"OptOutType": "STOP"})
    row = server.rows("SELECT text, intent FROM message")[0]
    assert (row["text"], row["intent"]) == ("REVOKE", "opt_out")
    assert contact(server, SECRETARY)[0]["opted_out"] == 1


def test_no_other_channel_either(make_server, config, twilio):
    """Whoever stopped one of our numbers has stopped us."""
    other = Provider()
    config["channels"].append({
        "name": "phone", "provider": "smsgate", "token": smsgate.TOKEN,
        "url": other.url, "username": "u", "password": "p"})
    server = make_server(config)
    server.load_registry()
    server.start()
    twilio.answers = [STOPPED]
    assert server.command("send", SECRETARY, "Moi hop").returncode == 0
    wait_until(lambda: state(server) == "failed", "failed")
    assert not other.requests
    other.close()


def test_too_fast_and_for_ever(server, twilio):
    twilio.answers = [(429, {"code": 20429, "message": "Too Many Requests"}),
                      (400, {"code": 21614, "message": "not a mobile"})]
    assert server.command("send", SECRETARY, "Moi hop").returncode == 0
    wait_until(lambda: state(server) == "failed", "failed")
    told = why(server)
    assert "20429" in told["tries"][0]["why"]
    assert "takes no texts" in told["why"] and "opted_out" not in told
    assert contact(server, SECRETARY)[0]["opted_out"] == 0
