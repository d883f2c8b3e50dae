"""eSMS.vn: signed GETs for texts, a JSON API, reports to each CallbackUrl."""
import datetime
import hashlib
import json
import urllib.parse
import uuid

from rig import smsgate
from rig.dialects import Request

API_KEY, SECRET_KEY = "apikey-of-the-commune", "secretkey-of-the-commune"
PRIVATE_KEY = "privatekey-of-the-code"
CPID, SHORT_CODE = "100", "8041"
STATES = {"sent": {"SendStatus": 7},
          "delivered": {"SendStatus": 5, "SendSuccess": 1, "SendFailed": 0},
          "failed": {"SendStatus": 5, "SendSuccess": 0, "SendFailed": 1}}


def received(text, sender=smsgate.SECRETARY, smsid=None, key=PRIVATE_KEY):
    """The query of a text that came in."""
    at = datetime.datetime.now(smsgate.LOCAL).strftime("%Y%m%d%H%M%S")
    smsid = smsid or uuid.uuid4().hex
    sign = hashlib.md5(f"{CPID}{smsid}{text}{at}{key}".encode()).hexdigest()
    return urllib.parse.urlencode({
        "sender": sender.lstrip("+"), "content": text,
        "serviceNumber": SHORT_CODE, "keyword": text.split(" ")[0],
        "sign": sign.upper(), "cpid": CPID, "smsid": smsid,
        "receiverTime": at})


class Esms:
    """Knows RequestId: what it has already is answered 124."""
    name = "esms"
    takes_our_id = True

    def channel(self, name, url):
        return {"name": name, "provider": "esms", "url": url,
                "token": smsgate.TOKEN, "number": [SHORT_CODE],
                "api_key": API_KEY, "secret_key": SECRET_KEY,
                "brandname": "XaMuong", "private_key": PRIVATE_KEY,
                "cpid": CPID}

    def read(self, method, path, body):
        text = json.loads(body)
        assert path == ("/MainService.svc/json/"
                        "SendMultipleMessage_V4_post_json/")
        return Request(text["RequestId"], "+" + text["Phone"],
                       text["Content"], text.get("CallbackUrl"))

    def answer(self, request, known):
        said = {"CodeResult": "124"} if known else {
            "CodeResult": "100", "CountRegenerate": 0,
            "SMSID": f"S-{request.id}"}
        return 200, "application/json", json.dumps(said).encode()

    def error_inside(self, request):
        return 200, b'{"CodeResult":"108","ErrorMessage":"no such number"}', \
            "application/json"

    def bring(self, server, channel, phone, text):
        return server.request(
            "GET", f"/in/{channel}/{smsgate.TOKEN}?{received(text, phone)}")

    def report(self, server, channel, request, state, n):
        url = urllib.parse.urlsplit(request.report_url)
        said = urllib.parse.urlencode({
            "SMSID": f"S-{request.id}", **STATES[state], "TotalPrice": n,
            "RequestId": request.id, "TypeId": 2, "telcoid": 1,
            "phonenumber": request.to.lstrip("+")})
        return server.request("GET", f"{url.path}?{url.query}&{said}")
