"""Africa's Talking: forms both ways, JSON answers, a key in a header."""
import hashlib
import json
import urllib.parse
import uuid

from rig import smsgate
from rig.dialects import Request

API_KEY = "atsk_key-of-the-commune"
SHORT_CODE = "22334"
STATES = {"sent": "Sent", "delivered": "Success", "failed": "Failed"}


def received(text, sender=smsgate.SECRETARY, own=None):
    """The form of a text that came in."""
    return urllib.parse.urlencode({
        "id": own or uuid.uuid4().hex, "from": sender, "to": SHORT_CODE,
        "text": text, "date": "2026-11-06 12:30:00",
        "linkId": uuid.uuid4().hex}).encode()


class Africastalking:
    """Knows no id of ours: what comes twice it sends twice."""
    name = "africastalking"
    takes_our_id = False

    def channel(self, name, url):
        return {"name": name, "provider": "africastalking", "url": url,
                "token": smsgate.TOKEN, "number": [SHORT_CODE],
                "username": "commune", "api_key": API_KEY}

    def read(self, method, path, body):
        form = dict(urllib.parse.parse_qsl(body.decode(),
                                           strict_parsing=True))
        assert path == "/version1/messaging"
        assert (form["username"], form["from"]) == ("commune", SHORT_CODE)
        return Request(f"{form['to']}: {form['message']}", form["to"],
                       form["message"], None)

    def ref(self, request):
        return "ATXid_" + hashlib.md5(request.id.encode()).hexdigest()

    def recipient(self, request, code, status, ref):
        return json.dumps({"SMSMessageData": {
            "Message": "Sent to 1/1 Total Cost: KES 0.8000",
            "Recipients": [{"number": request.to, "statusCode": code,
                            "status": status, "messageId": ref,
                            "cost": "KES 0.8000"}]}}).encode()

    def answer(self, request, known):
        return 201, "application/json", self.recipient(
            request, 101, "Success", self.ref(request))

    def error_inside(self, request):
        return 201, self.recipient(request, 403, "no such number",
                                   "None"), "application/json"

    def bring(self, server, channel, phone, text):
        return server.request("POST", f"/in/{channel}/{smsgate.TOKEN}",
                              received(text, phone))

    def report(self, server, channel, request, state, n):
        return server.request(
            "POST", f"/dlr/{channel}/{smsgate.TOKEN}",
            urllib.parse.urlencode({
                "id": self.ref(request), "status": STATES[state],
                "phoneNumber": request.to, "networkCode": "63902",
                "retryCount": n}).encode())
