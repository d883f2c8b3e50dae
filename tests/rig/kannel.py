"""A real Kannel on loopback: bearerbox, smsbox and fakesmsc.

Its configuration is the one that docs/providers/kannel.md tells people to write,
with the ports, the folder and the SMSC exchanged: what the page says is what
is tested. Debian's package has the programs; none of its services is used.
"""
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.parse
import urllib.request

from rig.server import TOP
from rig.wait import LIMIT_S, wait_until

BEARERBOX, SMSBOX = "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
USER, PASSWORD = "bantin", "another-secret"
SHORT_CODE = "8088"
# Other ways to write the configuration of the page, as `changes`.
POST_URL = (("get-url", "post-url"), ("&b=%b", ""))


def free_ports(count):
    """Ports that nobody listens on just now."""
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def documented():
    """kannel.conf as the page has it."""
    with open(f"{TOP}/docs/providers/kannel.md", encoding="utf-8") as f:
        return re.search(r"```\n(group = core\n.*?)```", f.read(), re.S)[1]


def exchange(text, old, new):
    assert old in text, f"docs/providers/kannel.md says no {old!r}"
    return text.replace(old, new)


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Kannel:
    """start() to stop(); smsbox may go and come back in between."""

    def __init__(self, folder, bantin_port, token, changes=()):
        self.folder = str(folder)
        self.boxes = {}
        self.admin, box, self.smsc, self.sendsms = free_ports(4)
        os.makedirs(f"{self.folder}/spool")
        text = documented()
        for old, new in (
                *changes,
                ("= 13000", f"= {self.admin}"), ("= 13001", f"= {box}"),
                ("= 13013", f"= {self.sendsms}"),
                ("127.0.0.1:8080", f"127.0.0.1:{bantin_port}"),
                ("TOKEN", token),
                ("/var/spool/kannel", f"{self.folder}/spool"),
                ("/var/log/kannel", self.folder),
                ("http-queue-delay = 10", "http-queue-delay = 1"),
                ("smsc = smpp", "smsc = fake\nour-host = 127.0.0.1\n"
                                f"port = {self.smsc}\n"
                                "connect-allow-ip = 127.0.0.1")):
            text = exchange(text, old, new)
        with open(self.config_file, "w", encoding="utf-8") as f:
            f.write(text)

    @property
    def config_file(self):
        return f"{self.folder}/kannel.conf"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.sendsms}"

    def run(self, name, path):
        self.boxes[name] = subprocess.Popen(
            [path, "-v", "4", self.config_file], cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def start(self):
        self.run("bearerbox", BEARERBOX)
        wait_until(lambda: listens(self.smsc) and self.status(), "bearerbox")
        self.start_smsbox()
        return self

    def start_smsbox(self):
        self.run("smsbox", SMSBOX)
        wait_until(lambda: listens(self.sendsms) and
                   "on-line" in self.status(), "smsbox at bearerbox")

    def stop_smsbox(self):
        """SIGTERM: it hands over what it holds, and ends."""
        self.boxes["smsbox"].send_signal(signal.SIGTERM)
        self.boxes["smsbox"].wait(LIMIT_S)

    def command(self, name):
        """What bearerbox answers to a command: suspend, resume, …"""
        with urllib.request.urlopen(
                f"http://127.0.0.1:{self.admin}/{name}?"
                "password=a-third-secret", timeout=LIMIT_S) as r:
            return r.read().decode()

    def status(self):
        """What bearerbox says of itself; empty: nothing yet."""
        try:
            return self.command("status.txt")
        except OSError:
            return ""

    def log(self, name):
        with open(f"{self.folder}/{name}.log", encoding="utf-8",
                  errors="replace") as f:
            return f.read()

    def stop(self):
        for p in self.boxes.values():
            if p.poll() is None:
                p.kill()
                p.wait()


class FakeSmsc:
    """fakesmsc in its interactive mode: texts in, and what came back.

    It takes a line only when its pipe has news, so the next is written once
    the last has left.
    """

    def __init__(self, port):
        self.process = subprocess.Popen(
            [FAKESMSC, "-H", "127.0.0.1", "-r", str(port), "-i", "0"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, encoding="utf-8",
            errors="replace")
        self.lock = threading.Condition()
        self.sent = self.taken = 0
        self.lines, self.got = [], []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stderr:
            sent = re.search(r"fakesmsc: sent message (\d+)$", line)
            got = re.search(r"Got message \d+: <(\S+) (\S+) (\S+) (.*)>$",
                            line)
            with self.lock:
                self.lines.append(line)
                if sent:
                    self.taken = int(sent[1])
                if got:
                    self.got.append((got[2], *decode(got[3], got[4])))
                self.lock.notify_all()

    def send(self, sender, text, kind="text"):
        """kind "text"; "ucs2" and "udh" take URL-encoded bytes."""
        self.process.stdin.write(f"{sender} {SHORT_CODE} {kind} {text}\n")
        self.process.stdin.flush()
        self.sent += 1
        with self.lock:
            if not self.lock.wait_for(lambda: self.taken >= self.sent,
                                      LIMIT_S):
                raise AssertionError("fakesmsc took no text:\n" +
                                     "".join(self.lines[-20:]))

    def send_ucs2(self, sender, text):
        self.send(sender, urllib.parse.quote(text.encode("utf-16-be")),
                  "ucs2")

    def received(self):
        """(phone, text) of each text that is whole, in the order of ends."""
        texts, parts = [], {}
        with self.lock:
            got = list(self.got)
        for phone, udh, text in got:
            key = (phone, udh[:-1])
            found = parts.setdefault(key, {})
            found[udh[-1:]] = text
            if not udh or len(found) == udh[-2]:
                texts.append((phone, "".join(found[n] for n in sorted(found))))
                del parts[key]
        return texts

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def decode(kind, rest):
    """(UDH, text) of a text as fakesmsc shows it."""
    udh = b""
    if kind == "udh":
        first, kind, rest = rest.split(" ", 2)
        udh = urllib.parse.unquote_to_bytes(first.replace("+", " "))
    if kind == "text":
        return udh, rest
    raw = urllib.parse.unquote_to_bytes(rest.replace("+", " "))
    # Beside a UDH it does not say which coding the text has.
    wide = kind == "ucs-2" or b"\0" in raw
    return udh, raw.decode("utf-16-be" if wide else "latin-1")
