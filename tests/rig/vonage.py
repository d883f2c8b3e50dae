"""Vonage: a stand-in for its SMS API, and its callbacks, signed or not."""
import hashlib
import hmac
import json
import time
import urllib.parse
import uuid

from rig.provider import Provider
from rig.smsgate import SECRETARY, TOKEN

SECRET = "a-signature-secret-of-ours"
IN = f"/in/vo/{TOKEN}"
SHORT = 153  # characters of a part, if all of them are in GSM 03.38


def channel(url, **more):
    return {"name": "vo", "provider": "vonage", "token": TOKEN, "url": url,
            "api_key": "k1", "api_secret": "s3cret-of-k1", "sender": "BANTIN",
            "number": ["+84900000001"], "signature_secret": SECRET,
            "signature_method": "sha256", **more}


class Vonage(Provider):
    """Answers 200 always. statuses: of the parts of the next texts, a list
    for each; afterwards every part is taken."""

    def __init__(self, parts=1):
        self.parts = parts
        self.statuses = []
        super().__init__()

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        form = dict(urllib.parse.parse_qsl(body.decode(),
                                           keep_blank_values=True))
        with self.lock:
            self.requests.append({"path": handler.path, "form": form,
                                  "type": handler.headers["Content-Type"]})
            n = len(self.requests)
            statuses = (self.statuses.pop(0) if self.statuses
                        else ["0"] * self.parts)
            self.lock.notify_all()
        answer = json.dumps({
            "message-count": str(len(statuses)),
            "messages": [{"to": form.get("to"), "status": s,
                          **({"message-id": f"V{n}-{i}"} if s == "0"
                             else {"error-text": f"Words for {s}"})}
                         for i, s in enumerate(statuses)]}).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)


def text(words, sender=SECRETARY, **more):
    """The parameters of a text that comes in."""
    return {"msisdn": sender.lstrip("+"), "to": "84900000001",
            "messageId": uuid.uuid4().hex.upper()[:16], "text": words,
            "type": "text" if words.isascii() else "unicode",
            "keyword": words.split()[0].upper() if words else "",
            "message-timestamp": stamp(), "api-key": "k1", **more}


def stamp(ago_s=0):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - ago_s))


def parts(words, ref="42"):
    """The same as Vonage brings a long one: piece by piece, one id."""
    pieces = [words[i:i + SHORT] for i in range(0, len(words), SHORT)]
    one = uuid.uuid4().hex
    return [text(p, messageId=f"{one}-{i}", **{
        "concat": "true", "concat-ref": ref, "concat-total": len(pieces),
        "concat-part": i}) for i, p in enumerate(pieces, 1)]


def report(form, status, message_id, code="0", **more):
    """What comes to `callback` for a part of a text."""
    return {"msisdn": form["to"], "to": form["from"],
            "network-code": "45204", "messageId": message_id,
            "price": "0.02", "status": status, "err-code": code,
            "scts": time.strftime("%y%m%d%H%M", time.gmtime()),
            "client-ref": form["client-ref"], "api-key": "k1",
            "message-timestamp": stamp(), **more}


def signed(params, secret=SECRET, at=None):
    """With timestamp, nonce and sig, as with signing on."""
    params = {k: str(v) for k, v in params.items()}
    params["timestamp"] = str(int(at or time.time()))
    params["nonce"] = uuid.uuid4().hex
    over = "".join(f"&{k}={v.replace('&', '_').replace('=', '_')}"
                   for k, v in sorted(params.items()))
    params["sig"] = hmac.new(secret.encode(), over.encode(),
                             hashlib.sha256).hexdigest().upper()
    return params


def call(server, params, path=IN, way="GET"):
    """way: GET, form or json, as the account is set."""
    if way == "GET":
        return server.request(
            "GET", f"{path}?{urllib.parse.urlencode(params)}")
    if way == "form":
        return server.request(
            "POST", path, urllib.parse.urlencode(params).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"})
    return server.request("POST", path, json.dumps(params).encode(),
                          {"Content-Type": "application/json"})
