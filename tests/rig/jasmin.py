"""A Jasmin on loopback: its /send, its httpccm, its receipts.

It answers, calls and repeats as jasmin/protocols/http and
jasmin/routing/throwers.py do; what it holds for acknowledged is what a real
one would not bring again.
"""
import urllib.parse
import uuid

from rig import smsgate
from rig.provider import Provider

SHORT_CODE = "8088"
USER, PASSWORD = "bantin", "a-jasmin-secret"
IN = f"/in/smsc/{smsgate.TOKEN}"
GSM = {"é": 5, "à": 0x7F, "@": 0, "_": 0x11}  # what tests write


def channel(url, **more):
    return {"name": "smsc", "provider": "jasmin", "token": smsgate.TOKEN,
            "number": [SHORT_CODE], "url": url, "username": USER,
            "password": PASSWORD, **more}


class Jasmin(Provider):
    """answers: what /send says, as (status, body); empty: Success "ID".

    requests hold each form as `form`; `names` the id given to each.
    """

    def __init__(self):
        self.answers, self.names = [], []
        super().__init__()

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        form = dict(urllib.parse.parse_qsl(body.decode(),
                                           keep_blank_values=True))
        with self.lock:
            name = str(uuid.uuid4())
            self.requests.append({"path": handler.path, "form": form,
                                  "headers": dict(handler.headers)})
            status, answer = (self.answers.pop(0) if self.answers
                              else (200, f'Success "{name}"'))
            self.names.append(name)
            self.lock.notify_all()
        handler.send_response(status)
        handler.send_header("Content-Type", "text/plain")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer.encode())

    @staticmethod
    def throw(server, path, fields, method="POST"):
        """One try of a thrower: (status, is it acknowledged?)."""
        form = urllib.parse.urlencode(fields)
        if method == "GET":
            answer = server.request("GET", f"{path}?{form}")
        else:
            answer = server.request("POST", path, form.encode(), {
                "Content-Type": "application/x-www-form-urlencoded"})
        return answer.status, (answer.status == 200 and
                               answer.body.strip() == b"ACK/Jasmin")

    def bring(self, server, phone, text, method="POST", name=None, path=IN):
        """deliver_sm: GSM 03.38 where that has every letter, else UCS-2."""
        if all(c in GSM or " " <= c < "\x7f" for c in text):
            raw, coding = bytes(GSM.get(c, ord(c)) for c in text), 0
        else:
            raw, coding = text.encode("utf-16-be"), 8
        return self.throw(server, path, {
            "id": name or uuid.uuid4(), "from": phone.lstrip("+"),
            "to": SHORT_CODE, "origin-connector": "operator", "priority": 1,
            "coding": coding, "content": raw, "binary": raw.hex()}, method)

    def report(self, server, n, status, level=2, **more):
        """On the n-th send, where it said."""
        url = urllib.parse.urlsplit(self.requests[n]["form"]["dlr-url"])
        return self.throw(server, f"{url.path}?{url.query}", {
            "id": self.names[n], "level": level, "message_status": status,
            "connector": "operator", **more})
