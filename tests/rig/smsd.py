"""smsd of SMS Server Tools 3 with a modem that is played (rig/modem.py).

Its configuration is the one that docs/providers/smstools.md tells people to
write, with the folders and the device exchanged. Debian's package has the
program; its service is not used.
"""
import os
import re
import subprocess

from rig.modem import Modem
from rig.server import TOP
from rig.wait import LIMIT_S, wait_until

SMSD = "/usr/sbin/smsd"
PAGE = f"{TOP}/docs/providers/smstools.md"


def documented(start):
    """The block of the page that begins so."""
    with open(PAGE, encoding="utf-8") as f:
        return re.search(r"```\w*\n(" + start + r".*?)```", f.read(),
                         re.S)[1]


class Spool:
    """The folders, without anybody at the other end."""

    def __init__(self, folder):
        self.folder = str(folder)
        for name in ("incoming", "outgoing", "checked", "sent", "failed",
                     "report"):
            os.makedirs(f"{self.folder}/{name}")

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def names(self, *folder):
        try:
            return sorted(n for n in os.listdir(self.path(*folder))
                          if not n.startswith("."))
        except FileNotFoundError:
            return []

    def ours(self, which):
        return self.names("incoming", ".bantin", which)

    def put(self, folder, name, content, age_s=0):
        """By its name at once, and whole. age_s: written so long ago."""
        fresh = self.path(f".{name}")
        with open(fresh, "wb") as f:
            f.write(content if isinstance(content, bytes)
                    else content.encode())
        at = os.stat(fresh).st_mtime - age_s
        os.utime(fresh, (at, at))
        os.rename(fresh, self.path(folder, name))

    def read(self, *names):
        with open(self.path(*names), encoding="utf-8") as f:
            return f.read()


class Smsd(Spool):
    """start() to stop()."""

    def __init__(self, folder):
        super().__init__(folder)
        self.modem = Modem()
        self.process = None
        text = documented("devices = ")
        for old, new in (
                ("/var/spool/sms", self.folder),
                ("/var/log/smstools", self.folder),
                ("/dev/ttyUSB2", self.modem.path),
                ("delaytime = 3", "delaytime = 1"),
                ("umask", f"infofile = {self.folder}/smsd.working\n"
                          f"pidfile = {self.folder}/smsd.pid\n"
                          "errorsleeptime = 1\nblocktime = 1\numask"),
                ("[GSM1]\n", "[GSM1]\nstartsleeptime = 0\n"
                             "send_retries = 0\n")):
            assert old in text, f"the page says no {old!r}"
            text = text.replace(old, new)
        with open(self.path("smsd.conf"), "w", encoding="utf-8") as f:
            f.write(text)

    def start(self):
        self.process = subprocess.Popen(
            [SMSD, "-t", "-c", self.path("smsd.conf")], cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        wait_until(lambda: "AT+CIMI" in self.modem.seen, "smsd at the modem")
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, 9)
                self.process.wait()
        self.modem.stop()
