"""Callbacks as no page has them: other orders, types, escapes and sizes.

One process with a channel of each provider that is called; what comes is
taken or refused as said here, and every channel takes a good text afterwards.
"""
import json
import urllib.parse

import pytest
from rig.smsgate import SECRETARY, TOKEN

KEYS = {
    "africastalking": {}, "console": {}, "generic": {"inbound": {}},
    "esms": {}, "infobip": {}, "jasmin": {}, "kannel": {}, "smsgate": {},
    "speedsms": {}, "vonage": {}}
FORM = "application/x-www-form-urlencoded"
PHONE = SECRETARY[1:]
BIG = "9" * 40


def query(name, text, n):
    """A good text, as a query or a form."""
    return urllib.parse.urlencode({
        "africastalking": {"text": text, "from": PHONE, "id": n},
        "esms": {"content": text, "sender": PHONE, "smsid": n},
        "jasmin": {"binary": text.encode("utf-16-be").hex(), "coding": 8,
                   "from": PHONE, "id": n},
        "kannel": {"b": text, "from": PHONE, "id": n, "cs": "UTF-8"},
        "vonage": {"text": text, "msisdn": PHONE, "messageId": n},
    }[name])


def document(name, text, n):
    """A good text, as JSON."""
    return {
        "console": {"text": text, "from": PHONE, "id": n},
        "generic": {"text": text, "from": PHONE, "id": n},
        "infobip": {"results": [{"text": text, "from": PHONE,
                                 "messageId": n}]},
        "smsgate": {"event": "sms:received", "id": n, "payload": {
            "message": text, "sender": PHONE}},
        "speedsms": {"content": text, "phone": PHONE, "type": "sms"},
    }[name]


@pytest.fixture
def server(make_server):
    s = make_server({
        "listen": "127.0.0.1:0", "database": "bantin.db",
        "budget": {"same_per_hour": 0, "replies_per_hour": 0},
        "channels": [{"name": name, "provider": name, "token": TOKEN, **keys}
                     for name, keys in KEYS.items()]})
    s.load_registry()
    return s.start()


def call(server, name, raw, method="POST", kind=None, path="in"):
    path = f"/{path}/{name}/{TOKEN}"
    if method == "GET":
        return server.request("GET", f"{path}?{raw}").status
    return server.request(
        "POST", path, raw, {"Content-Type": kind} if kind else {}).status


def bring(server, name, text, n):
    if name in ("esms", "jasmin", "kannel"):
        return call(server, name, query(name, text, n), "GET")
    if name in ("africastalking", "vonage"):
        return call(server, name, query(name, text, n).encode(), kind=FORM)
    return call(server, name, json.dumps(document(name, text, n)).encode())


def last(server):
    return server.rows("SELECT * FROM message ORDER BY id DESC LIMIT 1")[0]


def test_types_and_escapes_do_not_matter(server):
    """What the words are, the body says; its type is often wrong."""
    n = 0
    for name in KEYS:
        for kind in (None, "text/plain", f"{FORM}; charset=ISO-8859-1",
                     "application/json;charset=utf-8", "multipart/form-data",
                     "x" * 300):
            n += 1
            text = f"HD {n} \u1ecdp"
            if name in ("esms", "jasmin", "kannel"):
                raw, method = query(name, text, n), "GET"
                if name == "jasmin" and kind:
                    method, raw = "POST", raw.encode()
            elif name in ("africastalking", "vonage"):
                raw, method = query(name, text, n).encode(), "POST"
            else:
                raw = json.dumps(document(name, text, n)).encode()
                method = "POST"
            assert call(server, name, raw, method, kind) == 200, (name, kind)
            row = last(server)
            assert (row["text"], row["from_phone"]) == (text, SECRETARY)
    for raw in ("from=%2B84900000007", "from=+84900000007",
                "from=%2b84900000007", "from=84900000007", "from=0900000007",
                "%66rom=84900000007", "&&from=84900000007&", "x&from=849"
                "00000007&y=%00", "from=84900000007&from=84900000099"):
        n += 1
        assert call(server, "kannel", f"{raw}&b=HD+{n}&cs=utf-8&id={n}",
                    "GET") == 200
        row = last(server)
        assert (row["text"], row["from_phone"]) == (f"HD {n}", SECRETARY), raw


ODD = [
    b"", b"\0", b"{", b"[]", b"null", b"7", b'"', b"\xef\xbb\xbf{}",
    b"{}" * 1000, b"[" * 100000, b'{"a":' * 100000, b"%", b"%00=%00",
    b"=" * 5000, b"&" * 5000, b"a=1&" * 129, b"\xff" * 5000,
    b'{"id":' + BIG.encode() + b"}", b'{"id":1e999}',
    b'{"text":"a","text":"b"}', b'{"results":7}', b'{"results":{}}',
    b'{"results":[7,null,[]]}', b'{"event":[]}', b'{"type":"report"}',
    b'{"type":"report","tranId":{},"status":-1}',
    b'{"payload":7,"event":"sms:received"}', b"<a/>",
    b"text=&from=&id=", b"status=&id=", b"status=x&messageId=%00",
    b"message_status=&id=%FF", b"content=&from=", b"binary=0&from=1",
]


def test_nothing_odd_ends_it(server):
    for name in KEYS:
        before = server.count("message")
        for raw in ODD:
            for path in ("in", "dlr"):
                assert call(server, name, raw, path=path) in (
                    200, 400, 404, 405), (name, raw[:40])
            if 0 < len(raw) < 4000:
                escaped = urllib.parse.quote(raw, safe="=&%")
                assert call(server, name, escaped, "GET") in (
                    200, 400, 401, 405), (name, raw[:40])
        assert server.count("message") - before <= len(ODD) * 2
        assert bring(server, name, "HD " + name, 1) == 200
        assert last(server)["text"] == "HD " + name


def test_batches(server):
    def batch(n, first=0):
        return json.dumps({"results": [
            {"messageId": f"b{n}-{first + i}", "from": PHONE, "text": f"a {i}"}
            for i in range(n)]}).encode()
    for n, status in ((0, 200), (1, 200), (500, 200), (501, 400)):
        before = server.count("message")
        assert call(server, "infobip", batch(n)) == status
        assert server.count("message") - before == (
            n if status == 200 else 0)
        assert call(server, "infobip", batch(n)) == status
        assert server.count("message") - before == (
            n if status == 200 else 0)


def test_absent_empty_and_numbers(server):
    """An id may be a number, and what is empty is as what is absent."""
    for n, body in enumerate((
            {"id": 7, "from": 84900000007, "text": 5},
            {"id": "", "from": PHONE, "text": "HD"},
            {"id": None, "from": PHONE, "text": "HD 2"},
            {"from": PHONE, "text": "HD 3", "to": None, "time": ""},
            {"id": BIG, "from": PHONE, "text": "HD 4"},
            {"id": "a" * 5000, "from": PHONE, "text": "HD 5"},
            {"id": "a" * 5001, "from": PHONE, "text": "HD 6"}), 1):
        assert call(server, "generic", json.dumps(body).encode()) == 200
        assert server.count("message") == n
        assert last(server)["from_phone"] == SECRETARY
    assert server.value("SELECT text FROM message WHERE id = 1") == "5"
