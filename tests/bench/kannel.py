"""What Kannel does with the same texts when nobody thinks about them.

fakesmsc → bearerbox → smsbox → a null application, on loopback, with the
configuration of docs/providers/kannel.md: with its spool, without any store, and
round trip, where the application's answer goes back to fakesmsc.
"""
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from rig.kannel import FAKESMSC, SHORT_CODE, Kannel  # noqa: E402
from rig.wait import wait_until  # noqa: E402

LIMIT_S = 120
NO_STORE = (("store-type = spool\nstore-location = /var/spool/kannel\n", ""),)
REPLY = (*NO_STORE, ("/in/smsc/", "/reply/"),
         ("max-messages = 0", "max-messages = 1"))
KINDS = {"rps": (), "memory_rps": NO_STORE, "roundtrip_rps": REPLY}


def installed():
    return os.access(FAKESMSC, os.X_OK)


def count(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/count") as r:
        return int(r.read())


def send(smsc, texts, messages, ready):
    """Seconds until ready(), which is asked what fakesmsc said at the end."""
    # Of many texts it sends a random one each time, as fast as it can.
    p = subprocess.Popen(
        [FAKESMSC, "-v", "1", "-H", "127.0.0.1", "-r", str(smsc), "-i", "0",
         "-m", str(messages),
         *(f"{phone} {SHORT_CODE} text {text}" for phone, text in texts)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    try:
        for line in p.stderr:
            if "fakesmsc starting" in line:
                break
        start = time.monotonic()
        ready(p.stderr)
        return time.monotonic() - start
    finally:
        p.kill()
        p.wait()
        p.stderr.close()


def one_run(folder, null_port, kind, texts, messages):
    """Messages a second through a Kannel of its own."""
    kannel = Kannel(folder, null_port, "x" * 32, KINDS[kind]).start()
    before = count(null_port)

    def all_there(log):
        if kind != "roundtrip_rps":
            wait_until(lambda: count(null_port) - before >= messages,
                       f"{messages} texts at the application", LIMIT_S)
        elif not any(re.search(f"Got message {messages}:", s) for s in log):
            raise AssertionError("fakesmsc ended without its answers")

    try:
        return messages / send(kannel.smsc, texts, messages, all_there)
    finally:
        kannel.stop()


def measure(folder, null_port, texts, messages, runs):
    """The figures of the bench line; medians of interleaved runs."""
    found = {kind: [] for kind in KINDS}
    for n in range(runs):
        for kind, all_of in found.items():
            all_of.append(one_run(f"{folder}/{kind}{n}", null_port, kind,
                                  texts, messages))
    return {kind: round(statistics.median(v)) for kind, v in found.items()}
