"""Every fault of the catalogue at once: one `serve`, a channel a fault.

Each case is a fault and a lane, with a channel, a provider and two phones of
its own. To the first phone goes the text that the fault strikes and one more;
to the other phone a third, so that a lane that one text blocks is seen.
"""
import json
import re
import socket

from rig import hamlets, http, smsgate
from rig.misbehave import CATALOGUE, TIMEOUT_S, Simulator
from rig.wait import PATIENCE, wait_until

ENDED = ("sent", "delivered", "failed", "expired", "unsure", "held")
ATTEMPTS = 3
CONFIG = {
    "listen": "127.0.0.1:0",
    "database": "bantin.db",
    "send_window": "00:00-24:00",
    "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": TIMEOUT_S,
               "max_attempts": ATTEMPTS, "retry_after_max_s": 2},
}


def queue(server, phone, text):
    """`bantin send`, without a process of its own; False: it died."""
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(server.database + ".sock")
        body = json.dumps({"command": "send", "to": phone, "text": text})
        s.sendall(f"{len(body)}\n{body}".encode())
        answer = s.makefile("rb").read()
    assert b'"error"' not in answer, answer
    return answer


class Case:
    """One fault in one lane; phones[0] is the one whose text it strikes."""

    def __init__(self, number, fault, lane, dialect):
        self.name, self.lane, self.dialect = fault, lane, dialect
        self.fault = CATALOGUE[fault]
        self.channel = f"c{number}"
        self.phones = [hamlets.phone(number * 2 + n) for n in (0, 1)]
        self.sim = Simulator(self.fault, dialect, self.phones[0])
        self.asked = False  # the texts behind the first
        self.id = 0         # the row of the text that is struck
        self.mended = False

    def config(self):
        return self.dialect.channel(self.channel, self.sim.url) | {
            "reaches": self.phones}

    def prepare(self, server, fault=None):
        """A server of its own."""
        server.write_config(CONFIG | {"channels": [self.config()]})
        server.load_registry(hamlets.write(server.folder + "/registry", 2))
        server.start(fault)

    def ask(self, server, which, n, loose=False):
        """One more text to a phone, in this lane. loose: serve may die of
        it before it answers."""
        try:
            if self.lane == "bulk":
                assert queue(server, self.phones[which],
                             f"Tin so {n}") or loose
            else:
                answer = self.dialect.bring(
                    server, self.channel, self.phones[which],
                    smsgate.report(n, 5, 0, 0, 5))
                assert answer.status == 200, answer
        except http.Broken:
            assert loose

    def ask_more(self, server):
        self.ask(server, 0, 2)
        self.ask(server, 1, 3)
        self.asked = True


class Fleet:
    def __init__(self, server, dialect):
        self.server, self.dialect = server, dialect
        self.cases = {(fault, lane): Case(n * 2 + k, fault, lane, dialect)
                      for n, fault in enumerate(CATALOGUE)
                      for k, lane in enumerate(("reply", "bulk"))}
        self.grown_kb = 0
        self.told = set()  # the ends that `bantin why` has explained

    def all(self):
        return self.cases.values()

    def start(self):
        folder = hamlets.write(self.server.folder + "/registry",
                               2 * len(self.cases))
        self.server.write_config(CONFIG | {
            "channels": [c.config() for c in self.all()]})
        self.server.load_registry(folder)
        self.server.start()
        for c in self.all():
            c.sim.told = self.teller(c)
        warm = [c for c in self.all() if c.fault.warm]
        for c in warm:
            c.ask(self.server, 1, 1)
        self.server.wait_sent(len(warm))
        before = self.resident_kb()
        for c in sorted(self.all(), key=lambda c: c.fault.down):
            c.ask(self.server, 0, 1)
            if not (c.fault.blind or c.fault.down):
                c.ask_more(self.server)
        wait_until(self.struck, "each fault's end", limit_s=50 * PATIENCE)
        self.grown_kb = self.resident_kb("VmHWM") - before
        return self

    def teller(self, case):
        def tell(request, state, n):
            answer = self.dialect.report(self.server, case.channel, request,
                                         state, n)
            assert answer.status == 200, answer
        return tell

    def of(self, case):
        """The rows of its phones, the one that was struck first."""
        return sorted(self.server.rows(
            "SELECT * FROM outbox WHERE to_phone IN (?, ?) ORDER BY id",
            *case.phones), key=lambda r: r["id"] != case.id)

    def rows(self):
        """The rows of each phone, oldest first."""
        found = {}
        for r in self.server.rows("SELECT * FROM outbox ORDER BY id"):
            found.setdefault(r["to_phone"], []).append(r)
        return found

    def struck(self):
        """Every text that a fault struck has ended; moves on what waits.

        Where a fault sits in the line, or the provider is away, the other
        texts come when it is over, else while it lasts.
        """
        rows = self.rows()
        over = True
        for c in self.all():
            row = rows[c.phones[0]][0]
            c.id = row["id"]
            ended = row["state"] in ENDED
            if c.fault.down and not c.mended and (
                    ended if c.fault.down == "ever" else row["attempts"]):
                c.sim.up()
                c.mended = True
            if ended and not c.asked:
                c.ask_more(self.server)
            over = over and ended and c.asked
        return over

    def resident_kb(self, what="VmRSS"):
        with open(f"/proc/{self.server.process.pid}/status") as f:
            return int(re.search(what + r":\s+(\d+)", f.read())[1])

    def is_plain(self):
        """No sanitizer's build, whose memory says nothing."""
        with open(f"/proc/{self.server.process.pid}/maps") as f:
            return not re.search("lib[at]san", f.read())

    def close(self):
        for c in self.all():
            c.sim.close()
