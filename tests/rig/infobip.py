"""Infobip: a stand-in for its SMS API, and its callbacks."""
import base64
import datetime
import json
import uuid

from rig.provider import Provider
from rig.smsgate import SECRETARY, TOKEN

USER, PASSWORD = "infobip", "a-long-password-of-theirs"
IN, DLR = f"/in/ib/{TOKEN}", f"/dlr/ib/{TOKEN}"
GROUPS = ("ACCEPTED", "PENDING", "UNDELIVERABLE", "DELIVERED", "EXPIRED",
          "REJECTED")


def channel(url, **more):
    return {"name": "ib", "provider": "infobip", "token": TOKEN, "url": url,
            "api_key": "the-key", "sender": "8088", "number": ["8088"],
            "callback_username": USER, "callback_password": PASSWORD, **more}


def status(group, name=None):
    return {"groupId": GROUPS.index(group), "groupName": group, "id": 1,
            "name": name or group, "description": f"Words for {group}"}


class Infobip(Provider):
    """Knows each messageId once. statuses: of the next texts. mode
    "hang": the next text is taken, and its answer lost."""

    def __init__(self):
        self.statuses = []
        self.taken = []
        super().__init__()

    def handle(self, handler):
        body = json.loads(
            handler.rfile.read(int(handler.headers["Content-Length"] or 0)))
        message = body["messages"][0]
        own = message["destinations"][0]["messageId"]
        with self.lock:
            self.requests.append({"path": handler.path, "message": message,
                                  "headers": dict(handler.headers)})
            said = (self.statuses.pop(0) if self.statuses else
                    status("REJECTED", "REJECTED_DUPLICATE_MESSAGE_ID")
                    if own in self.taken else
                    status("PENDING", "PENDING_ACCEPTED"))
            if said["groupName"] == "PENDING":
                self.taken.append(own)
            hang = self.mode == "hang"
            self.mode = "ok"
            self.lock.notify_all()
        if hang:  # the text is taken, and the answer is lost
            handler.close_connection = True
            return
        answer = json.dumps({"bulkId": "b", "messages": [
            {"messageId": own, "status": said,
             "destination": message["destinations"][0]["to"]}]}).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)


def stamp():
    now = datetime.datetime.now(datetime.timezone.utc)
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}+0000"


def text(words, sender=SECRETARY, **more):
    """One of a batch of texts."""
    return {"messageId": uuid.uuid4().hex, "from": sender.lstrip("+"),
            "to": "8088", "text": words, "keyword": words.split()[0],
            "cleanText": words.partition(" ")[2], "receivedAt": stamp(),
            "smsCount": -(-len(words) // 153), "callbackData": None,
            "price": {"pricePerMessage": 0, "currency": "EUR"}, **more}


def report(message_id, group, error="NO_ERROR", to=SECRETARY):
    """One of a batch of reports."""
    return {"bulkId": "b", "messageId": message_id, "to": to.lstrip("+"),
            "sender": "8088", "sentAt": stamp(), "doneAt": stamp(),
            "messageCount": 1, "mccMnc": "45204", "status": status(group),
            "error": {"groupId": 0, "groupName": "OK", "id": 0,
                      "name": error, "permanent": False}}


def post(server, body, path=IN, login=(USER, PASSWORD)):
    headers = {"Content-Type": "application/json"}
    if login:
        headers["Authorization"] = "Basic " + base64.b64encode(
            ":".join(login).encode()).decode()
    return server.request("POST", path, json.dumps(
        body, ensure_ascii=False).encode(), headers)


def call(server, results, path=IN, login=(USER, PASSWORD)):
    return post(server, {"results": results, "messageCount": len(results),
                         "pendingMessageCount": 0}, path, login)
