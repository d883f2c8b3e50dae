"""The real binary: its configuration, its process, its database."""
import itertools
import json
import os
import re
import signal
import sqlite3
import subprocess
import threading

from rig import http, smsgate
from rig.wait import LIMIT_S, wait_until

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
REGISTRY = os.path.join(TOP, "tests/data/registry")
IN = f"/in/phone/{smsgate.TOKEN}"


def binary(fault=False):
    name = "bantin-fault" if fault else "bantin"
    path = os.environ.get("BANTIN_FAULT_BIN" if fault else "BANTIN",
                          os.path.join(TOP, "build", name))
    if not os.access(path, os.X_OK):
        raise AssertionError(f"{path} is not built")
    return path


def run(*args, cwd=None, stdin="", fault=False, env=None, limit_s=LIMIT_S):
    """One command to its end."""
    return subprocess.run([binary(fault), *map(str, args)], cwd=cwd,
                          input=stdin, capture_output=True, text=True,
                          encoding="utf-8", env=env, timeout=limit_s)


class Lines:
    """A pipe of the process, read line by line by a thread of its own."""

    def __init__(self, pipe):
        self.lock = threading.Condition()
        self.lines = []
        self.ended = False
        self.thread = threading.Thread(target=self.read, args=(pipe,),
                                       daemon=True)
        self.thread.start()

    def read(self, pipe):
        with pipe:
            for line in pipe:
                with self.lock:
                    self.lines.append(line.rstrip("\n"))
                    self.lock.notify_all()
        with self.lock:
            self.ended = True
            self.lock.notify_all()

    def find(self, pattern):
        return [m for m in (re.search(pattern, s) for s in self.lines) if m]

    def wait(self, pattern, count=1):
        with self.lock:
            self.lock.wait_for(lambda: self.ended or
                               len(self.find(pattern)) >= count, LIMIT_S)
            found = self.find(pattern)
        if len(found) < count:
            raise AssertionError(f"no line like {pattern!r} in:\n" + self.text())
        return found[count - 1]

    def text(self):
        return "\n".join(self.lines)


ANY_HOUR = {"send_window": "00:00-24:00", "holidays": []}


class Server:
    """`bantin serve` in a folder of its own. stop() or kill() ends it."""

    def __init__(self, folder, config):
        self.folder = str(folder)
        self.config_file = os.path.join(self.folder, "bantin.yaml")
        self.database = os.path.join(self.folder, "bantin.db")
        self.process = None
        self.fault = None
        self.tls = None  # the SSLContext of who talks to it; None: plain
        self.port = self.admin_port = 0
        self.out = self.err = None
        self.write_config(config)

    def write_config(self, config):
        """JSON is YAML too; a str is written as it is. Unless the test says
        otherwise texts leave at any hour: it runs at any hour."""
        if not isinstance(config, str):
            config = json.dumps({**ANY_HOUR, **config}, indent=1,
                                ensure_ascii=False)
        with open(self.config_file, "w", encoding="utf-8") as f:
            f.write(config)

    def command(self, name, *args, **kw):
        """bantin NAME -c CONFIG …"""
        return run(name, "-c", self.config_file, *args, cwd=self.folder, **kw)

    def load_registry(self, folder=REGISTRY):
        done = self.command("import", folder)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, fault=None):
        """fault: "POINT:pause" or "POINT:kill", of the fault build."""
        self.fault = fault
        env = {k: v for k, v in os.environ.items() if k != "BANTIN_FAULT"}
        if fault:
            env["BANTIN_FAULT"] = fault
        self.process = subprocess.Popen(
            [binary(fault is not None), "serve", "-c", self.config_file],
            cwd=self.folder, env=env, stdin=subprocess.DEVNULL, text=True,
            encoding="utf-8", errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out = Lines(self.process.stdout)
        self.err = Lines(self.process.stderr)
        try:
            found = self.out.wait(
                r"listening on https?://127\.0\.0\.1:(\d+)")
        except AssertionError:
            self.kill()
            raise AssertionError("serve did not start:\n" + self.err.text())
        self.port = self.admin_port = int(found.group(1))
        return self

    def start_admin(self):
        """With admin_listen in the configuration."""
        self.start()
        found = self.out.wait(r"admin on https?://127\.0\.0\.1:(\d+)")
        self.admin_port = int(found.group(1))
        return self

    def wait_end(self, limit_s=LIMIT_S):
        """Its exit status, once it has ended by itself."""
        status = self.process.wait(limit_s)
        self.out.thread.join(limit_s)
        self.err.thread.join(limit_s)
        return status

    def stop(self):
        """SIGTERM; anything but a clean end is a failure.

        With a fault it may be paused anywhere: then it is just killed.
        """
        if self.fault:
            self.kill()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                status = self.wait_end()
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("serve did not end after SIGTERM")
            assert status == 0, f"status {status}:\n" + self.err.text()

    def kill(self):
        """As a power cut, as far as a process can be cut."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.wait_end()

    def signal(self, number):
        self.process.send_signal(number)

    def resume_until(self, condition, what="the condition"):
        """Lets a paused fault go on, as often as it is hit, until then."""
        def poke():
            if condition():
                return True
            if self.process.poll() is None:
                self.signal(signal.SIGUSR2)
            return False
        return wait_until(poke, what)

    def pause_where(self, point, condition):
        """Passes the pauses at a point until one where it holds."""
        for n in itertools.count(1):
            self.err.wait(f"fault {point} paused", n)
            if condition():
                return
            self.signal(signal.SIGUSR2)

    # ---- talking to it

    def request(self, method, path, body=None, headers=None):
        return http.request(self.port, method, path, body, headers,
                            tls=self.tls)

    def wire(self):
        return http.Wire(self.port, tls=self.tls)

    def post(self, body, path=IN, **sign):
        """A signed webhook."""
        return self.request("POST", path, body, smsgate.signed(body, **sign))

    def text(self, text, **kw):
        """One SMS comes in; it must be answered 200."""
        answer = self.post(smsgate.received(text, **kw))
        assert answer.status == 200, answer
        return answer

    def metrics(self):
        answer = http.request(self.admin_port, "GET", "/metrics",
                              tls=self.tls)
        assert answer.status == 200, answer
        found = {}
        for line in answer.body.decode().splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                found[name] = float(value)
        return found

    # ---- its database, read from outside

    def rows(self, sql, *args):
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True,
                             timeout=5)
        db.row_factory = sqlite3.Row
        try:
            return [dict(r) for r in db.execute(sql, args)]
        finally:
            db.close()

    def value(self, sql, *args):
        row = self.rows(sql, *args)
        return next(iter(row[0].values())) if row else None

    def count(self, table):
        return self.value(f"SELECT count(*) FROM {table}")

    def reports(self, unit="MG07", held_on=None):
        return self.rows(
            "SELECT r.* FROM meeting_report r JOIN meeting m ON m.id = "
            "r.meeting JOIN unit u ON u.id = m.unit WHERE u.code = ? AND "
            "(? IS NULL OR m.held_on = ?) ORDER BY r.meeting, r.version",
            unit, held_on, held_on)

    def wait_sent(self, count=1):
        """Outbox rows that are sent, once there are so many."""
        return wait_until(
            lambda: (r := self.rows("SELECT * FROM outbox WHERE state = "
                                    "'sent' ORDER BY id"))
            and len(r) >= count and r, f"{count} sent rows")
