"""A channel by configuration alone: signed XML in, XML out, XML reports."""
import hashlib
import hmac
import json
import re
import time
from xml.sax.saxutils import escape

import pytest
from rig import pki, smsgate
from rig.provider import Provider
from rig.smsgate import SECRETARY, report
from rig.wait import wait_until

KEY = "a-key-of-the-aggregator"
IN = f"/in/xml/{smsgate.TOKEN}"
TAKEN = '<result code="0" id="m-1"/>'


class Aggregator(Provider):
    """Answers 200 with whatever `answers` holds; the last one stays."""

    def __init__(self):
        self.answers = [TAKEN]
        super().__init__()

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        with self.lock:
            self.requests.append({
                "path": handler.path, "headers": dict(handler.headers),
                "body": body.decode()})
            answer = (self.answers.pop(0) if len(self.answers) > 1
                      else self.answers[0]).encode()
            self.lock.notify_all()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)


@pytest.fixture
def aggregator():
    p = Aggregator()
    yield p
    p.down()


@pytest.fixture
def config(aggregator):
    return {
        "listen": "127.0.0.1:0",
        "database": "bantin.db",
        "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
        "channels": [{
            "name": "xml", "provider": "generic", "token": smsgate.TOKEN,
            "number": ["8088"], "allow_from": ["::1", "127.0.0.0/8"],
            "inbound": {
                "source": "xml", "list": "sms", "id": "@id",
                "text": "body.text", "time": "at",
                "signature": {
                    "key": KEY, "over": "{timestamp}.{body}",
                    "header": "X-Signature", "prefix": "sha256=",
                    "timestamp_header": "X-Timestamp"},
                "reply": {"type": "text/xml", "body": "<ok/>"}},
            "outbound": {
                "url": aggregator.url + "/send", "type": "text/xml",
                "body": '<send id="{id}" to="{to_no_plus}" from="{from}" '
                        'report="{dlr_url}"><text>{text}</text></send>',
                "headers": {"X-Tenant": "7"}, "bearer": "open-sesame",
                "success": {"path": "@code", "values": ["0"],
                            "retry": ["12"]},
                "error": "message", "ref": "@id", "idempotent": True},
            "dlr": {
                "source": "xml", "id": "@id", "status": "@state",
                "error": "@reason",
                "states": {"DELIVRD": "delivered", "UNDELIV": "failed"}},
        }],
    }


def messages(*texts):
    """A batch, as (id, text) pairs; a text of None is left out."""
    return ('<?xml version="1.0"?><messages>' + "".join(
        f'<sms id="{i}"><sender>{SECRETARY}</sender><to>8088</to><body>'
        + (f"<text>{escape(t)}</text>" if t is not None else "")
        + "</body></sms>" for i, t in texts) + "</messages>").encode()


def signed(body, key=KEY, stamp=None):
    stamp = str(int(stamp if stamp is not None else time.time()))
    mac = hmac.new(key.encode(), stamp.encode() + b"." + body,
                   hashlib.sha256)
    return {"Content-Type": "text/xml", "X-Timestamp": stamp,
            "X-Signature": "sha256=" + mac.hexdigest()}


def post(server, body, path=IN, **kw):
    return server.request("POST", path, body, signed(body, **kw))


def state(server):
    return server.value("SELECT state FROM outbox ORDER BY id LIMIT 1")


def report_path(request):
    """Where a send says that it may be reported on."""
    url = re.search(r'report="([^"]*)"', request["body"]).group(1)
    return re.sub(r"^https?://[^/]*", "", url)


def test_text_reply_and_report(server, aggregator):
    answer = post(server, messages(("7", report())))
    assert (answer.status, answer.body) == (200, b"<ok/>")
    assert answer.headers["Content-Type"] == "text/xml"
    row = server.rows("SELECT * FROM message")[0]
    assert (row["provider_id"], row["from_phone"], row["to_phone"],
            row["text"], row["intent"]) == (
        "7", SECRETARY, "8088", report(), "meeting_report")

    sent = aggregator.wait_for(1)[0]
    assert sent["headers"]["Authorization"] == "Bearer open-sesame"
    assert sent["headers"]["X-Tenant"] == "7"
    assert f'to="{SECRETARY[1:]}" from="8088"' in sent["body"]
    server.wait_sent()
    assert server.value("SELECT provider_ref FROM outbox") == "m-1"

    path = report_path(sent)
    assert path.startswith(f"/dlr/xml/{smsgate.TOKEN}?o=")
    for said, after in (("ODD", "sent"), ("DELIVRD", "delivered"),
                        ("UNDELIV", "delivered")):
        body = f'<report state="{said}" reason="x"/>'.encode()
        answer = post(server, body, path)
        assert (answer.status, answer.body) == (200, b"<ok/>")
        assert state(server) == after
    told = json.loads(server.command("why", "--json", "o1").stdout)
    assert [r["said"] for r in told["reported"]] == [
        "ODD: x", "DELIVRD: x", "UNDELIV: x"]
    assert server.metrics()["bantin_dlr_unknown_total"] == 1


def test_report_by_their_id(server, aggregator):
    post(server, messages(("7", report())))
    server.wait_sent()
    body = b'<report id="m-1" state="UNDELIV" reason="absent"/>'
    path = f"/dlr/xml/{smsgate.TOKEN}"
    assert server.request("POST", path, body, {}).status == 401
    assert post(server, body, path).status == 200
    assert state(server) == "failed"


def test_batch(server, aggregator):
    texts = [(str(i), report(days_ago=i)) for i in range(1, 4)]
    answer = post(server, messages(("3", None), ("4", None)))
    assert answer.status == 400 and b"message 1 has no text" in answer.body
    assert server.count("message") == server.count("outbox") == 0
    assert post(server, messages(*texts)).status == 200
    assert server.count("message") == server.count("meeting_report") == 3
    assert post(server, messages(*texts)).status == 200
    assert server.count("message") == 3
    assert server.metrics()["bantin_mo_repeated_total"] == 3
    assert post(server, b"<messages/>").status == 200


def test_whoever_is_not_the_aggregator(server):
    body = messages(("7", report()))
    now = time.time()
    for headers in ({}, signed(body, key="a-key-of-another"),
                    signed(body, stamp=now - 310),
                    signed(body, stamp=now + 310), signed(body + b" ")):
        assert server.request("POST", IN, body, headers).status == 401
    assert server.request("POST", IN[:-1] + "0", body,
                          signed(body)).status == 401
    assert server.request("GET", IN).status == 405
    assert server.count("message") == 0
    assert post(server, body).status == 200


@pytest.mark.parametrize("key, value, status", [
    ("allow_from", ["192.0.2.0/24", "::1"], 401),
    ("allow_from", ["127.0.0.1"], 200),
    ("https", True, 401),
])
def test_from_where(make_server, config, key, value, status):
    channel = config["channels"][0]
    (channel if key == "allow_from" else channel["inbound"])[key] = value
    server = make_server(config)
    server.load_registry()
    server.start()
    assert post(server, messages(("7", report()))).status == status


def test_https_alone(make_server, config, tmp_path):
    certificate = pki.Certificate(tmp_path, "own")
    config["tls"] = certificate.config()
    config["channels"][0]["inbound"]["https"] = True
    server = make_server(config)
    server.load_registry()
    server.tls = certificate.client()
    server.start()
    assert post(server, messages(("7", report()))).status == 200
    assert server.count("message") == 1


def test_an_error_inside_200(server, aggregator):
    aggregator.answers = [
        '<result code="12"><message>busy</message></result>',
        '<result code="5"><message>barred &amp; gone</message></result>']
    post(server, messages(("7", report())))
    wait_until(lambda: state(server) == "failed", "the text given up")
    assert len(aggregator.requests) == 2
    told = json.loads(server.command("why", "--json", "o1").stdout)
    assert told["why"] == "answered 200: barred & gone"
    assert "busy" in json.dumps(told["tries"][0])


def test_an_answer_that_cannot_be_asked(server, aggregator):
    aggregator.answers = ["<html>welcome to the portal", TAKEN]
    post(server, messages(("7", report())))
    server.wait_sent()
    assert len(aggregator.requests) == 2  # idempotent: tried again
    own = [re.search(r'id="([^"]*)"', r["body"]).group(1)
           for r in aggregator.requests]
    assert own[0] == own[1]
