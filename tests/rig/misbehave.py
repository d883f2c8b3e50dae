"""A provider that misbehaves by catalogue.

One Simulator is one provider on loopback that speaks a dialect (dialects.py)
and has one fault. The fault strikes the first text that comes, `times` times;
every other text is served well. `taken` is the exact log of what a real
provider would have sent to phones: tests hold it against the database.
"""
import collections
import dataclasses
import email.utils
import gzip
import socket
import struct
import threading
import time

TIMEOUT_S = 2  # what bantin is told; the slow and the late go by it
EVER = 1 << 30
REPORTS = 100  # a flood
JUNK = b"x" * 65536
BOMB = gzip.compress(bytes(30 << 20), 1)

Taken = collections.namedtuple("Taken", "at id to text")


class Line:
    """One connection, at the provider's end."""

    def __init__(self, sim, sock):
        self.sim, self.sock = sim, sock
        self.file = sock.makefile("rb")

    def request(self):
        """The next request, whole, as (method, path, body); None: the end."""
        words = self.file.readline().split()
        if len(words) < 2:
            return None
        length = 0
        while (head := self.file.readline().strip()):
            name, _, value = head.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return words[0].decode(), words[1].decode(), self.file.read(length)

    def wait_readable(self):
        """False: the other side has hung up."""
        return bool(self.sock.recv(1, socket.MSG_PEEK))

    def hang(self):
        """Says nothing, until the other side hangs up."""
        while self.sock.recv(4096):
            pass

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))

    def say(self, *parts):
        for part in parts:
            self.sock.sendall(part)

    def answer(self, status, body=b"", kind="text/plain", version="1.1",
               length=None, extra=()):
        """length: what is announced, if not the truth; -1: nothing is."""
        length = len(body) if length is None else length
        lines = [f"HTTP/{version} {status} As it says",
                 f"Content-Type: {kind}", *extra]
        if length >= 0:
            lines.append(f"Content-Length: {length}")
        self.say("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return length >= 0

    def well(self, request, **kw):
        """Takes the text and answers as the dialect does."""
        status, kind, body = self.sim.take(request)
        return self.answer(status, body, kind, **kw)

    def close(self):
        try:
            self.file.close()
            self.sock.close()
        except OSError:
            pass


@dataclasses.dataclass
class Fault:
    """act(line, request): true keeps the connection."""
    act: object
    times: int = 1
    blind: bool = False  # strikes before the request is read
    warm: bool = False   # the connection has served a text before
    down: str = ""       # nothing listens "once" or for "ever"


def good(line, request):
    return line.well(request)


# ---- silence and breaks

def slow(line, request):
    time.sleep(TIMEOUT_S * 0.6)  # this is what is tested
    return line.well(request)


def hung(line, request):
    line.hang()


def late(line, request):
    line.sim.take(request)
    line.hang()
    return False


def reset_unread(line, request):
    line.reset()


def reset_read(line, request):
    line.reset()


def reset_taken(line, request):
    line.sim.take(request)
    line.reset()


def closed_taken(line, request):
    line.sim.take(request)


def half_head(line, request):
    line.sim.take(request)
    line.say(b"HTTP/1.1 202 Acc")


def half_body(line, request):
    status, kind, body = line.sim.take(request)
    line.answer(status, body[:len(body) // 2], kind, length=len(body))


def half_refusal(line, request):
    line.answer(503, b"out of or", length=12)


def trickle(line, request):
    status, kind, body = line.sim.take(request)
    line.answer(status, kind=kind, length=1 << 20)
    while True:
        line.say(b" ")
        time.sleep(0.05)  # as said: one byte now and then


# ---- answers that are none, or too much

def saying(status, body=b"", kind="text/plain", extra=(), take=False):
    """A fixed answer."""
    def act(line, request):
        if take:
            line.sim.take(request)
        return line.answer(status, body, kind, extra=extra)
    return act


def error_inside(line, request):
    return line.answer(*line.sim.dialect.error_inside(request))


def wrong_type(line, request):
    status, _, body = line.sim.take(request)
    return line.answer(status, body, "image/png")


def bad_utf8(line, request):
    status, kind, body = line.sim.take(request)
    return line.answer(status, b'{"id":"\xff\xc3\x28"' + body, kind)


def packed(line, request):
    status, kind, _ = line.sim.take(request)
    return line.answer(status, BOMB, kind, extra=["Content-Encoding: gzip"])


def huge(line, request):
    status, kind, _ = line.sim.take(request)
    line.answer(status, kind=kind, length=100 << 20)
    for _ in range((100 << 20) // len(JUNK)):
        line.say(JUNK)


def endless(line, request):
    status, kind, _ = line.sim.take(request)
    line.answer(status, kind=kind, length=-1,
                extra=["Transfer-Encoding: chunked"])
    while True:
        line.say(b"%x\r\n" % len(JUNK), JUNK, b"\r\n")


def endless_head(line, request):
    line.sim.take(request)
    line.say(b"HTTP/1.1 202 Accepted\r\n")
    while True:
        line.say(b"".join(b"X-%d: %s\r\n" % (n, JUNK[:1000])
                          for n in range(64)))


def endless_interim(line, request):
    line.sim.take(request)
    while True:
        line.say(b"HTTP/1.1 103 Early Hints\r\nLink: " + JUNK[:1000] +
                 b"\r\n\r\n")


def interim(line, request):
    line.say(b"HTTP/1.1 100 Continue\r\n\r\n"
             b"HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\n")
    return line.well(request)


def surplus(line, request):
    """A second answer, that nobody asked for, behind the first."""
    line.well(request)
    return line.answer(400, b"for nobody")


def old_http(line, request):
    return line.well(request, version="1.0", length=-1)


def no_head(line, request):
    line.say(line.sim.take(request)[2])


# ---- refusals

def redirect(line, request):
    return line.answer(302, extra=[f"Location: {line.sim.url}/elsewhere"])


def retry_at(line, request):
    return line.answer(429, extra=["Retry-After: " + email.utils.formatdate(
        time.time() + 2, usegmt=True)])


# ---- delivery reports

def reporting(*states, first=False):
    """Reports of one text; first: before its answer."""
    def act(line, request):
        def report():
            for n, state in enumerate(states):
                line.sim.told(request, state, n)

        status, kind, body = line.sim.take(request)
        if first:
            report()
        else:  # beside what else comes on this connection
            threading.Thread(target=report, daemon=True).start()
        return line.answer(status, body, kind)
    return act


def late_reported(line, request):
    line.sim.take(request)
    line.hang()
    line.sim.told(request, "delivered", 0)


def foreign(line, request):
    status, kind, body = line.sim.take(request)
    line.sim.told(request._replace(id="nobodys"), "failed", 0)
    line.sim.told(request._replace(to="+84900000999"), "failed", 1)
    line.sim.told(request, "delivered", 2)
    return line.answer(status, body, kind)


PORTAL = b"<html><body>Please log in to this network</body></html>"

CATALOGUE = {
    "good": Fault(good),
    "slow": Fault(slow),
    "late": Fault(late),
    "late, reported": Fault(late_reported),
    "hung": Fault(hung),
    "hung for ever": Fault(hung, EVER),
    "refused": Fault(good, down="once"),
    "refused for ever": Fault(good, down="ever"),
    "reset, unread": Fault(reset_unread, blind=True),
    "reset, read": Fault(reset_read),
    "reset, taken": Fault(reset_taken),
    "closed, taken": Fault(closed_taken),
    "kept line, reset": Fault(reset_unread, blind=True, warm=True),
    "kept line, closed": Fault(closed_taken, warm=True),
    "half a head": Fault(half_head),
    "half a body": Fault(half_body),
    "half a refusal": Fault(half_refusal),
    "a byte at a time": Fault(trickle),
    "error inside": Fault(error_inside),
    "a log-in page": Fault(saying(200, PORTAL, "text/html")),
    "nothing in it": Fault(saying(200)),
    "204": Fault(saying(204)),
    "wrong type": Fault(wrong_type),
    "no UTF-8": Fault(bad_utf8),
    "gzip": Fault(packed),
    "100 MB": Fault(huge),
    "endless": Fault(endless),
    "endless head": Fault(endless_head),
    "endless 103": Fault(endless_interim),
    "100, 103": Fault(interim),
    "two answers": Fault(surplus),
    "HTTP/1.0": Fault(old_http),
    "no head": Fault(no_head),
    "302": Fault(redirect),
    "400": Fault(saying(400, b"no such number"), EVER),
    "401": Fault(saying(401)),
    "403": Fault(saying(403)),
    "404": Fault(saying(404)),
    "429, 1 s": Fault(saying(429, extra=["Retry-After: 1"])),
    "429, a date": Fault(retry_at),
    "429, absurd": Fault(saying(429, extra=["Retry-After: " + "9" * 30])),
    "429, a year": Fault(saying(429, extra=["Retry-After: 31536000"])),
    "429, words": Fault(saying(429, extra=["Retry-After: soon"])),
    "500": Fault(saying(500)),
    "500 for ever": Fault(saying(500, b"out of order"), EVER),
    "503": Fault(saying(503)),
    "504": Fault(saying(504)),
    "504, taken": Fault(saying(504, take=True)),
    "reports, repeated": Fault(reporting(*["sent", "delivered"] * 3)),
    "reports, reordered": Fault(reporting("delivered", "failed", "sent")),
    "reports, early": Fault(reporting("sent", "delivered", first=True)),
    "reports, foreign": Fault(foreign),
    "reports, a flood": Fault(reporting(*["sent"] * REPORTS, "delivered")),
}


class Simulator:
    """One provider with one fault, until close(). phone: whose text the
    fault strikes."""

    def __init__(self, fault, dialect, phone):
        self.fault, self.dialect, self.phone = fault, dialect, phone
        self.lock = threading.Lock()
        self.seen, self.taken, self.paths = [], [], []
        self.victim = None  # the id that the fault strikes
        self.hits = 0
        self.served = 0     # texts that were served well
        self.told = None    # report(request, state, n), once there is who
        self.lines = set()
        self.bind()
        if not self.fault.down:
            self.up()

    def bind(self):
        """The port is ours; connections are refused until up()."""
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def up(self):
        self.socket.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                line = Line(self, self.socket.accept()[0])
            except OSError:
                return
            with self.lock:
                self.lines.add(line)
            threading.Thread(target=self.serve, args=(line,),
                             daemon=True).start()

    def serve(self, line):
        try:
            while line.wait_readable() and self.serve_one(line):
                pass
        except (OSError, ValueError):
            pass  # the other side went away, or we were closed
        line.close()
        with self.lock:
            self.lines.discard(line)

    def serve_one(self, line):
        if self.fault.blind and self.strikes(None):
            return self.fault.act(line, None)
        got = line.request()
        self.paths.append(got and got[1])
        request = got and self.dialect.read(*got)
        if not request:
            return False
        with self.lock:
            self.seen.append(request)
        if not self.fault.blind and request.to == self.phone and (
                self.strikes(request.id)):
            return self.fault.act(line, request)
        with self.lock:
            self.served += 1
        return line.well(request)

    def strikes(self, own):
        with self.lock:
            if self.fault.down or (self.fault.warm and self.served == 0):
                return False
            if self.victim is None:
                self.victim = own
            if self.victim != own or self.hits >= self.fault.times:
                return False
            self.hits += 1
            return True

    def take(self, request):
        """The text goes to its phone; (status, type, body) to answer."""
        with self.lock:
            known = self.dialect.takes_our_id and any(
                t.id == request.id for t in self.taken)
            if not known:
                self.taken.append(Taken(time.time(), request.id, request.to,
                                        request.text))
        return self.dialect.answer(request, known)

    # Of one outbox row; a phone's texts all differ.

    def times(self, row):
        """How often it reached its phone."""
        return sum((t.to, t.text) == (row["to_phone"], row["text"])
                   for t in list(self.taken))

    def ids(self, row):
        """The ids under which it came."""
        return {r.id for r in list(self.seen)
                if (r.to, r.text) == (row["to_phone"], row["text"])}

    def close(self):
        with self.lock:
            lines = list(self.lines)
        for s in [self.socket, *(line.sock for line in lines)]:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.socket.close()
