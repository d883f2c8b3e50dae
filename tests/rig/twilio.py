"""A Twilio on loopback: its Messages.json, its signed webhooks.

The signature is made as twilio-python's RequestValidator makes it.
"""
import base64
import hashlib
import hmac
import json
import urllib.parse
import uuid

from rig import smsgate
from rig.provider import Provider

SID = "AC0123456789abcdef0123456789abcdef"
SECRET = "fedcba9876543210fedcba9876543210"
NUMBER = "+12025550123"
PUBLIC = "https://sms.example.vn"
IN = f"/in/tw/{smsgate.TOKEN}"
STOPPED = (400, {"code": 21610, "status": 400, "message":
                 "Attempt to send to unsubscribed recipient"})


def channel(url, **more):
    return {"name": "tw", "provider": "twilio", "token": smsgate.TOKEN,
            "account_sid": SID, "auth_token": SECRET, "sender": NUMBER,
            "number": [NUMBER], "url": url, **more}


def signature(url, form=(), key=SECRET):
    over = url + "".join(k + v for k, v in sorted(set(form)))
    return base64.b64encode(hmac.new(key.encode(), over.encode(),
                                     hashlib.sha1).digest()).decode()


class Twilio(Provider):
    """answers: what Messages.json says, as (status, object); empty: taken.

    requests hold each form as `form`; `names` the Sid given to each.
    """

    def __init__(self):
        self.answers, self.names = [], []
        super().__init__()

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        form = dict(urllib.parse.parse_qsl(body.decode(),
                                           keep_blank_values=True))
        with self.lock:
            name = "SM" + uuid.uuid4().hex
            self.requests.append({"path": handler.path, "form": form,
                                  "headers": dict(handler.headers)})
            status, answer = (self.answers.pop(0) if self.answers else (201, {
                "sid": name, "status": "queued", "num_segments": "1",
                "error_code": None, "error_message": None}))
            self.names.append(name)
            self.lock.notify_all()
        answer = json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    @staticmethod
    def post(server, path, fields, public=PUBLIC, **kw):
        """A signed webhook."""
        form = [(k, str(v)) for k, v in fields.items()]
        return server.request(
            "POST", path, urllib.parse.urlencode(form).encode(), {
                "Content-Type": "application/x-www-form-urlencoded; "
                                "charset=UTF-8",
                "X-Twilio-Signature": signature(public + path, form, **kw)})

    def bring(self, server, phone, text, name=None, extra=(), **kw):
        sid = name or "SM" + uuid.uuid4().hex
        return self.post(server, IN, {
            "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid,
            "AccountSid": SID, "From": phone, "To": NUMBER, "Body": text,
            "NumMedia": 0, "NumSegments": 1, "SmsStatus": "received",
            "FromCountry": "VN", "ApiVersion": "2010-04-01",
            **dict(extra)}, **kw)

    def report(self, server, n, status, error=None, **kw):
        """On the n-th send, where it said."""
        form = self.requests[n]["form"]
        url = urllib.parse.urlsplit(form["StatusCallback"])
        return self.post(server, f"{url.path}?{url.query}", {
            "MessageSid": self.names[n], "MessageStatus": status,
            "SmsStatus": status, "To": form["To"], "From": NUMBER,
            "AccountSid": SID, "ApiVersion": "2010-04-01",
            **({"ErrorCode": error} if error else {})}, **kw)
