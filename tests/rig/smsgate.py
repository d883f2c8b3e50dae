"""SMS Gateway for Android as a webhook sender: bodies and signatures."""
import datetime
import hashlib
import hmac
import json
import time
import uuid

KEY = "a-long-signing-key-for-tests"
TOKEN = "0123456789abcdef0123456789abcdef"
SECRETARY = "+84900000007"  # of MG07 alone, with 47 on the roll
LOCAL = datetime.timezone(datetime.timedelta(hours=7))


def received(text, sender=SECRETARY, event_id=None, at=None):
    """The body of an sms:received webhook, as bytes."""
    at = at or datetime.datetime.now(LOCAL)
    return json.dumps({
        "deviceId": "ffffffffceb0b1db0000018e937c815b",
        "event": "sms:received",
        "id": event_id or uuid.uuid4().hex[:21],
        "payload": {"messageId": "abc123", "message": text,
                    "sender": sender, "recipient": None, "simNumber": 1,
                    "receivedAt": at.isoformat(timespec="milliseconds")},
        "webhookId": "LreFUt-Z3sSq0JufY9uWB",
    }, ensure_ascii=False).encode()


def event(name, message_id, event_id=None, **payload):
    """The body of a webhook that reports on a text of ours."""
    return json.dumps({
        "deviceId": "ffffffffceb0b1db0000018e937c815b", "event": name,
        "id": event_id or uuid.uuid4().hex[:21],
        "payload": {"messageId": message_id, "phoneNumber": SECRETARY,
                    "simNumber": 1, **payload},
        "webhookId": "LreFUt-Z3sSq0JufY9uWB",
    }, ensure_ascii=False).encode()


def signed(body, key=KEY, stamp=None):
    """The headers that go with it."""
    stamp = str(int(stamp if stamp is not None else time.time()))
    mac = hmac.new(key.encode(), body + stamp.encode(), hashlib.sha256)
    return {"Content-Type": "application/json", "X-Timestamp": stamp,
            "X-Signature": mac.hexdigest()}


def meeting_day(days_ago=1):
    """A day that a report may speak of, as d/m and as ISO."""
    day = datetime.datetime.now(LOCAL).date() - datetime.timedelta(days_ago)
    return f"{day.day}/{day.month}", day.isoformat()


def report(days_ago=1, present=35, excused=10, unexcused=2, total=47):
    return (f"HOP {meeting_day(days_ago)[0]} {total} {present} {excused} "
            f"{unexcused}")
