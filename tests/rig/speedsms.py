"""SpeedSMS.vn: a JSON API behind Basic, one webhook for texts and reports."""
import json

from rig import smsgate
from rig.dialects import Request

ACCESS_TOKEN = "access-token-of-the-commune"
NUMBER = "0900000001"
STATES = {"sent": 17, "delivered": 0, "failed": 64}


def received(text, sender=smsgate.SECRETARY):
    """The body of a text that came in."""
    return json.dumps({"type": "incoming", "phone": sender.lstrip("+"),
                       "content": text}, ensure_ascii=False).encode()


class Speedsms:
    """Knows no id of ours: what comes twice it sends twice."""
    name = "speedsms"
    takes_our_id = False

    def channel(self, name, url):
        return {"name": name, "provider": "speedsms", "url": url,
                "token": smsgate.TOKEN, "number": [NUMBER],
                "access_token": ACCESS_TOKEN, "sms_type": 8}

    def read(self, method, path, body):
        text = json.loads(body)
        assert path == "/index.php/sms/send"
        return Request(f"{text['to'][0]}: {text['content']}",
                       "+" + text["to"][0], text["content"], None)

    def ref(self, request):
        return sum(request.id.encode())

    def answer(self, request, known):
        return 200, "application/json", json.dumps({
            "status": "success", "code": "00", "data": {
                "tranId": self.ref(request), "totalSMS": 1,
                "totalPrice": 250, "invalidPhone": []}}).encode()

    def error_inside(self, request):
        return 200, (b'{"status":"error","code":"105",'
                     b'"message":"no such number"}'), "application/json"

    def bring(self, server, channel, phone, text):
        return server.request("POST", f"/in/{channel}/{smsgate.TOKEN}",
                              received(text, phone))

    def report(self, server, channel, request, state, n):
        return server.request(
            "POST", f"/dlr/{channel}/{smsgate.TOKEN}", json.dumps({
                "type": "report", "tranId": self.ref(request),
                "phone": request.to.lstrip("+"),
                "status": STATES[state]}).encode())
