"""How providers speak: to be sent to, to bring texts, to report."""
import collections
import json
import re
import urllib.parse
import uuid

from rig import smsgate

Request = collections.namedtuple("Request", "id to text report_url")


class Smsgate:
    """Takes our id: what it has already it answers 409."""
    name = "smsgate"
    takes_our_id = True

    def channel(self, name, url):
        return {"name": name, "provider": "smsgate", "url": url,
                "token": smsgate.TOKEN, "signing_key": smsgate.KEY,
                "username": "u", "password": "p"}

    def read(self, method, path, body):
        text = json.loads(body)
        return Request(text["id"], text["phoneNumbers"][0],
                       text["textMessage"]["text"], None)

    def answer(self, request, known):
        if known:
            return 409, "application/json", b'{"message":"exists"}'
        return 202, "application/json", json.dumps({
            "id": request.id, "deviceId": "d", "state": "Pending",
            "recipients": [{"phoneNumber": request.to,
                            "state": "Pending"}]}).encode()

    def error_inside(self, request):
        return 202, json.dumps({
            "id": request.id, "state": "Failed", "recipients": [
                {"phoneNumber": request.to, "state": "Failed",
                 "error": "no such number"}]}).encode(), "application/json"

    def bring(self, server, channel, phone, text):
        return server.post(smsgate.received(text, sender=phone),
                           f"/in/{channel}/{smsgate.TOKEN}")

    def report(self, server, channel, request, state, n):
        return server.post(
            smsgate.event(f"sms:{state}", request.id,
                          event_id=f"{request.id}-{state}-{n}",
                          phoneNumber=request.to),
            f"/dlr/{channel}/{smsgate.TOKEN}")


class Kannel:
    """Knows no id of ours: what comes twice it sends twice."""
    name = "kannel"
    takes_our_id = False

    def channel(self, name, url):
        return {"name": name, "provider": "kannel", "url": url,
                "token": smsgate.TOKEN, "number": ["8088"],
                "username": "u", "password": "secret-of-u"}

    def read(self, method, path, body):
        q = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))
        if "dlr-url" not in q:
            return None
        o = urllib.parse.parse_qs(
            urllib.parse.urlsplit(q["dlr-url"].replace("%%", "%")).query)
        return Request(o["o"][0], q["to"], q["text"], q["dlr-url"])

    def answer(self, request, known):
        return 202, "text/plain", b"0: Accepted for delivery"

    def error_inside(self, request):
        return 403, b"Not routable. Do not try again.", "text/plain"

    def bring(self, server, channel, phone, text):
        return server.request(
            "GET", f"/in/{channel}/{smsgate.TOKEN}?" + urllib.parse.urlencode(
                {"id": uuid.uuid4().hex, "from": phone, "to": "8088",
                 "b": text, "cs": "UTF-8", "c": 0}))

    def report(self, server, channel, request, state, n):
        said = {"sent": "8", "delivered": "1", "failed": "2"}[state]
        values = {"%": "%", "d": said, "A": f"report+{n}", "F": "",
                  "p": urllib.parse.quote(request.to), "T": ""}
        url = urllib.parse.urlsplit(request.report_url)
        query = re.sub("%(.)", lambda m: values[m[1]], url.query)
        query = re.sub("^o=[^&]*", "o=" + urllib.parse.quote(request.id),
                       query)
        return server.request("GET", f"{url.path}?{query}")


class Generic:
    """A JSON API by configuration: 200, and a code inside that says more."""
    name = "generic"
    takes_our_id = False

    def channel(self, name, url):
        return {"name": name, "provider": "generic", "token": smsgate.TOKEN,
                "inbound": {"source": "json"},
                "outbound": {
                    "url": url + "/send", "error": "message", "ref": "id",
                    "body": '{"id":"{id}","to":"{to}","text":"{text}",'
                            '"report":"{dlr_url}"}',
                    "success": {"path": "code", "values": ["0"]}},
                "dlr": {"source": "json", "own_id": "own", "to": "to",
                        "status": "state", "event": "event",
                        "states": {s: s for s in (
                            "sent", "delivered", "failed")}}}

    def read(self, method, path, body):
        text = json.loads(body)
        return Request(text["id"], text["to"], text["text"], text["report"])

    def answer(self, request, known):
        return 200, "application/json", json.dumps(
            {"code": "0", "id": f"g-{request.id}"}).encode()

    def error_inside(self, request):
        return 200, b'{"code":"99","message":"no such number"}', \
            "application/json"

    def bring(self, server, channel, phone, text):
        return server.request(
            "POST", f"/in/{channel}/{smsgate.TOKEN}",
            json.dumps({"id": uuid.uuid4().hex, "from": phone, "to": "8088",
                        "text": text}),
            {"Content-Type": "application/json"})

    def report(self, server, channel, request, state, n):
        return server.request(
            "POST", f"/dlr/{channel}/{smsgate.TOKEN}",
            json.dumps({"own": request.id, "to": request.to, "state": state,
                        "event": f"{request.id}-{state}-{n}"}),
            {"Content-Type": "application/json"})
