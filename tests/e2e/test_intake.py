"""A webhook comes in: what is stored, what is sent, what is answered."""
import json
import time
import uuid

import pytest

from rig import http, smsgate
from rig.server import IN
from rig.smsgate import SECRETARY, meeting_day, received, report, signed
from rig.wait import wait_until


def test_report_is_stored_and_answered(server, provider):
    body = received(report(), event_id="ev-1")
    assert server.post(body).status == 200
    # The answer came after the commit: everything is there at once.
    rows = server.rows("SELECT * FROM message")
    assert [(r["channel"], r["provider_id"], r["from_phone"], r["text"],
             r["state"], r["intent"]) for r in rows] == [
        ("phone", "ev-1", SECRETARY, report(), "done", "meeting_report")]
    reports = server.reports(held_on=meeting_day()[1])
    assert [(r["version"], r["total"], r["present"], r["excused"],
             r["unexcused"], r["message"], r["voided_at"])
            for r in reports] == [(1, 47, 35, 10, 2, rows[0]["id"], None)]
    assert server.count("outbox") == 1

    sent = provider.wait_for(1)[0]
    assert sent["path"] == "/messages"
    assert sent["headers"]["Authorization"] == "Basic dTpw"
    assert sent["json"]["phoneNumbers"] == [SECRETARY]
    text = sent["json"]["textMessage"]["text"]
    for said in ("MG07", meeting_day()[0], "47", "35", "10", "2"):
        assert said in text
    row = server.wait_sent()[0]
    assert (row["to_phone"], row["text"], row["lane"], row["attempts"]) == (
        SECRETARY, text, "reply", 1)


def test_repeated_webhook_changes_nothing(server, provider):
    body = received(report())
    assert server.post(body).status == 200
    server.wait_sent()
    before = [server.rows(f"SELECT * FROM {t}") for t in
              ("message", "meeting_report", "outbox")]
    for _ in range(3):
        assert server.post(body).status == 200
    assert before == [server.rows(f"SELECT * FROM {t}") for t in
                      ("message", "meeting_report", "outbox")]
    assert server.metrics()["bantin_mo_repeated_total"] == 3
    assert len(provider.texts()) == 1


def test_same_text_under_two_ids_is_one(server):
    one = received(report(), event_id="first")
    assert server.post(one).status == 200
    assert server.post(one.replace(b"first", b"other")).status == 200
    states = server.rows("SELECT provider_id, state FROM message ORDER BY id")
    assert [s["state"] for s in states] == ["done", "duplicate"]
    assert len(server.reports()) == 1 and server.count("outbox") == 1


def forged(body, stamp):
    return body, {**signed(body), "X-Signature": "0" * 64}


def changed(body, stamp):
    return body.replace(b"35", b"36"), signed(body)


def unsigned(body, stamp):
    return body, {}


def late(body, stamp):
    return body, signed(body, stamp=stamp - 301)


def early(body, stamp):
    return body, signed(body, stamp=stamp + 310)


def other_key(body, stamp):
    return body, signed(body, key="another-signing-key")


@pytest.mark.parametrize(
    "spoil", [forged, changed, unsigned, late, early, other_key])
def test_bad_signature_is_refused(server, spoil):
    body, headers = spoil(received(report()), time.time())
    answer = server.request("POST", IN, body, headers)
    assert answer.status == 401
    assert server.count("message") == 0
    assert server.metrics()["bantin_http_refused_total"] == 1


@pytest.mark.parametrize("path, status", [
    ("/in/phone", 401),
    ("/in/phone/", 401),
    ("/in/phone/" + smsgate.TOKEN[:-1], 401),
    ("/in/phone/" + smsgate.TOKEN + "0", 401),
    ("/in/phone/" + smsgate.TOKEN.upper(), 401),
    ("/in/nowhere/" + smsgate.TOKEN, 404),
    ("/in/", 404),
    ("/in/phone/" + smsgate.TOKEN + "/more", 404),
    ("/nothing", 404),
])
def test_wrong_address(server, path, status):
    body = received(report())
    assert server.post(body, path=path).status == status
    assert server.count("message") == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_wrong_method(server, method):
    body = received(report())
    answer = server.request(method, IN, body, signed(body))
    assert answer.status == 405
    assert server.count("message") == 0


def test_body_too_large(server):
    wire = http.Wire(server.port)
    wire.send(f"POST {IN} HTTP/1.1\r\nHost: h\r\n"
              "Content-Length: 67108864\r\n\r\n".encode())
    assert wire.answer().status == 413
    wire.close()
    assert server.request("GET", "/healthz").status == 200


def test_header_too_large_does_not_hurt(server):
    wire = http.Wire(server.port)
    wire.send(b"POST / HTTP/1.1\r\nX: " + b"x" * 70000 + b"\r\n\r\n")
    assert wire.is_closed_within(10)
    wire.close()
    assert server.request("GET", "/healthz").status == 200


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"\xff\xfe", b'{"event":"sms:received"}',
    b'{"event":"sms:received","id":"e","payload":{"message":[1]}}',
    b"[" * 5000])
def test_unreadable_body(server, body):
    assert server.post(body).status == 400
    assert server.count("message") == 0
    server.text(report())


@pytest.mark.parametrize("event", ["sms:sent", "sms:delivered", "sms:failed",
                                   "system:ping", "not:known:yet"])
def test_other_events_are_taken(server, event):
    body = received(report()).replace(b"sms:received", event.encode())
    assert server.post(body).status == 200
    assert server.count("message") == 0


def test_damaged_text_is_kept(server):
    body = received("HOP XXXX ngay").replace(b"XXXX", b"\xe1\xba")
    assert server.post(body).status == 200
    assert server.value("SELECT text FROM message") == (
        "HOP \ufffd\ufffd ngay")


def test_unknown_number_learns_nothing(server, provider):
    server.text(report(), sender="+84911111111")
    assert server.count("meeting_report") == 0
    sent = " ".join(t for _, t in provider.texts())
    assert "MG07" not in sent and "47" not in sent


def test_short_code_gets_no_answer(server):
    server.text("Quy khach con 0d trong tai khoan", sender="195")
    assert server.value("SELECT state FROM message") == "ignored"
    assert server.count("outbox") == 0


def test_clumsy_text_is_asked_once(server, provider):
    server.text(report(present=36))  # 36 + 10 + 2 is not 47
    assert server.count("meeting_report") == 0
    assert server.value("SELECT state FROM message") == "asked"
    provider.wait_for(1)
    assert len(provider.texts()) == 1


def test_correction_after_report(server):
    server.text(report())
    server.wait_sent()
    server.text("SUA CM36 VP9")
    rows = server.reports(held_on=meeting_day()[1])
    assert [(r["version"], r["present"], r["excused"], r["unexcused"])
            for r in rows] == [(1, 35, 10, 2), (2, 36, 9, 2)]


def generic_channel(provider, **inbound):
    return {"name": "demo", "provider": "generic", "token": smsgate.TOKEN,
            "inbound": {"source": "json", "list": "", "id": "id",
                        "from": "from", "to": "to", "text": "text",
                        "time": "time", **inbound},
            "outbound": {"method": "POST", "url": provider.url + "/send",
                         "type": "application/json",
                         "body": '{"id":"{id}","to":"{to}","text":"{text}"}',
                         "accept": [200, 202], "ref": "id"}}


def test_generic_channel(make_server, config, provider):
    config["channels"] = [generic_channel(provider)]
    server = make_server(config)
    server.load_registry()
    server.start()
    answer = server.request(
        "POST", f"/in/demo/{smsgate.TOKEN}",
        '{"id":"g1","from":"0900000007","to":"8041","text":"%s"}' % report())
    assert answer.status == 200
    assert server.rows("SELECT provider_id, from_phone FROM message") == [
        {"provider_id": "g1", "from_phone": SECRETARY}]
    sent = provider.wait_for(1)[0]
    assert sent["path"] == "/send" and sent["json"]["to"] == SECRETARY
    assert server.wait_sent()[0]["channel"] == "demo"


def test_generic_batch_is_one_answer(make_server, config, provider):
    config["channels"] = [generic_channel(provider, list="results")]
    server = make_server(config)
    server.load_registry()
    server.start()
    batch = [{"id": f"b{i}", "from": SECRETARY, "text": f"cam on {i}"}
             for i in range(50)]
    answer = server.request("POST", f"/in/demo/{smsgate.TOKEN}",
                            json.dumps({"results": batch}))
    assert answer.status == 200
    assert server.count("message") == 50


def test_console_prints_what_it_sends(make_server, config):
    config["channels"] = [{"name": "demo", "provider": "console",
                           "token": smsgate.TOKEN}]
    server = make_server(config)
    server.load_registry()
    server.start()
    answer = server.request(
        "POST", f"/in/demo/{smsgate.TOKEN}",
        '{"from":"%s","text":"%s"}' % (SECRETARY, report()))
    assert answer.status == 200
    server.out.wait(r"MG07.*35")
    assert server.wait_sent()[0]["channel"] == "demo"


def test_reply_leaves_by_the_channel_of_the_text(make_server, config,
                                                 provider):
    config["channels"].append(generic_channel(provider))
    server = make_server(config)
    server.load_registry()
    server.start()
    server.request("POST", f"/in/demo/{smsgate.TOKEN}",
                   '{"id":"%s","from":"%s","text":"%s"}'
                   % (uuid.uuid4(), SECRETARY, report()))
    assert server.wait_sent()[0]["channel"] == "demo"
    assert provider.wait_for(1)[0]["path"] == "/send"


def test_pages(server):
    assert server.request("GET", "/healthz").status == 200
    wait_until(lambda: server.request("GET", "/readyz").status == 200)
    assert server.metrics()["bantin_commit_messages_count"] >= 0
    assert server.request("POST", "/metrics", b"").status == 405
    assert server.request("GET", "/sim").status == 404
