"""USSD gateways of every dialect: what each sends for a key, and what its
answer means. A Session is a phone that dials; Screen is what it shows."""
import collections
import itertools
import json
import urllib.parse
import uuid

from rig import smsgate

CODE = "*384*7#"
Screen = collections.namedtuple("Screen", "text more")
JSON = {"Content-Type": "application/json"}


def con_end(answer):
    word, _, text = answer.body.decode().partition(" ")
    assert word in ("CON", "END"), answer
    return Screen(text, word == "CON")


class Dialect:
    """One line of `providers.md` §4.1; `name` is the provider's."""
    knows_repeats = True  # a request that comes twice can be told

    def channel(self):
        return {"name": "dial", "provider": self.name,
                "token": smsgate.TOKEN}

    def path(self, session, rest=""):
        return f"/ussd/dial/{smsgate.TOKEN}{rest}"


class Africastalking(Dialect):
    name = "africastalking"

    def form(self, session, **more):
        return urllib.parse.urlencode({
            "sessionId": session.id, "serviceCode": CODE,
            "phoneNumber": session.phone, "networkCode": "63902",
            **more}).encode()

    def hop(self, session):
        return "POST", self.path(session), self.form(
            session, text="*".join(session.typed)), {}

    def end(self, session):
        return "POST", self.path(session), self.form(
            session, status="Incomplete", durationInMillis=9000,
            hopsCount=len(session.typed), date="2026-11-06 12:30:00",
            input="*".join(session.typed)), {}

    def read(self, answer):
        return con_end(answer)


class Advanta(Dialect):
    name = "advanta"
    end = None

    def hop(self, session):
        typed = "*".join([CODE.rstrip("#"), *session.typed]) + "#"
        return "GET", self.path(session) + "?" + urllib.parse.urlencode({
            "SESSIONID": session.id, "USSDCODE": CODE,
            "MSISDN": session.phone.lstrip("+"), "INPUT": typed}), None, {}

    def read(self, answer):
        return con_end(answer)


class Hubtel(Dialect):
    name = "hubtel"

    def request(self, session, kind, text):
        return "POST", self.path(session), json.dumps({
            "Type": kind, "Mobile": session.phone.lstrip("+"),
            "SessionId": session.id, "ServiceCode": CODE, "Message": text,
            "Operator": "mtn", "Sequence": session.hops, "ClientState": "",
            "Platform": "USSD"}), JSON

    def hop(self, session):
        first = session.hops == 1
        return self.request(session, "Initiation" if first else "Response",
                            session.dialled() if first else session.typed[-1])

    def end(self, session):
        return self.request(session, "Timeout", "")

    def read(self, answer):
        told = answer.json()
        assert told["Type"] in ("Response", "Release")
        return Screen(told["Message"], told["Type"] == "Response")


class Nalo(Dialect):
    name = "nalo"
    end = None
    knows_repeats = False

    def hop(self, session):
        first = session.hops == 1
        return "POST", self.path(session), json.dumps({
            "USERID": "NALOTest", "MSISDN": session.phone.lstrip("+"),
            "USERDATA": session.dialled() if first else session.typed[-1],
            "MSGTYPE": first, "NETWORK": "MTN",
            "SESSIONID": session.id}), JSON

    def read(self, answer):
        told = answer.json()
        assert told["USERID"] == "NALOTest"
        return Screen(told["MSG"], told["MSGTYPE"])


class Infobip(Dialect):
    name = "infobip"
    knows_repeats = False

    def request(self, session, what, body):
        return ("POST", self.path(session, f"/session/{session.id}/{what}"),
                json.dumps(body), JSON)

    def hop(self, session):
        if session.hops == 1:
            return self.request(session, "start", {
                "msisdn": session.phone.lstrip("+"), "imsi": "452041",
                "shortCode": CODE, "text": session.dialled(),
                "ussdGwId": "live2"})
        return self.request(session, "response", {"text": session.typed[-1]})

    def end(self, session):
        return self.request(session, "end", {"reason": "x", "exitCode": 510})

    def read(self, answer):
        told = answer.json()
        assert told["responseExitCode"] == 200
        return Screen(told["ussdMenu"], not told["shouldClose"])


class Mapped(Dialect):
    """The latest input alone, as JSON, events told."""
    name = "generic"

    def channel(self):
        return {**super().channel(), "ussd": {
            "session": "sid", "phone": "who.msisdn", "input": "typed",
            "event": "what", "begins": ["new"], "ends": ["over"],
            "sequence": "n", "type": "application/json",
            "goes_on": '{"menu":"{text}","close":false}',
            "closes": '{"menu":"{text}","close":true}'}}

    def request(self, session, what, typed):
        return "POST", self.path(session), json.dumps({
            "sid": session.id, "who": {"msisdn": session.phone},
            "what": what, "typed": typed, "n": session.hops}), JSON

    def hop(self, session):
        first = session.hops == 1
        return self.request(session, "new" if first else "more",
                            session.dialled() if first else session.typed[-1])

    def end(self, session):
        return self.request(session, "over", "")

    def read(self, answer):
        told = answer.json()
        return Screen(told["menu"], not told["close"])


class MappedAll(Dialect):
    """All that was typed, in a query."""
    name = "generic"
    end = None

    def channel(self):
        return {**super().channel(), "ussd": {
            "source": "query", "session": "s", "phone": "p", "input": "i",
            "cumulative": True}}

    def hop(self, session):
        return "GET", self.path(session) + "?" + urllib.parse.urlencode({
            "s": session.id, "p": session.phone,
            "i": "*".join(session.typed)}), None, {}

    def read(self, answer):
        return con_end(answer)


DIALECTS = {type(d).__name__.lower(): d for d in (
    Africastalking(), Advanta(), Hubtel(), Nalo(), Infobip(), Mapped(),
    MappedAll())}


class Session:
    """A phone that dials; typed[0…] is what was typed, pre-filled or not."""
    numbers = itertools.count(1)

    def __init__(self, server, dialect, phone=smsgate.SECRETARY):
        self.server, self.dialect, self.phone = server, dialect, phone
        self.id = f"{uuid.uuid4().hex[:12]}-{next(self.numbers)}"
        self.typed, self.hops, self.ahead = [], 0, 0

    def dialled(self):
        return "*".join([CODE.rstrip("#"), *self.typed[:self.ahead]]) + "#"

    def ask(self):
        """The present request, which may be one that was asked before."""
        answer = self.server.request(*self.dialect.hop(self))
        assert answer.status == 200, answer
        return self.dialect.read(answer)

    def dial(self, *ahead):
        self.typed = list(ahead)
        self.ahead = len(ahead)
        self.hops = 1
        return self.ask()

    def key(self, text):
        self.typed.append(text)
        self.hops += 1
        return self.ask()

    def hang_up(self):
        self.hops += 1
        answer = self.server.request(*self.dialect.end(self))
        assert answer.status == 200, answer
