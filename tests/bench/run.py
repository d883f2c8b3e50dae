#!/usr/bin/env python3
"""Measures what contract.md §8 names and prints one JSON object a line.

    python3 tests/bench/run.py --build build [--only intake] [--runs 3]
                               [--messages 20000] [--connections 64]
                               [--sessions 500] [--seconds 30]

intake, intake_form   a bare evhttp responder and `bantin serve`, in turn, on
                      the same load; the ratio is taken within one run and the
                      median of all runs is printed
parse                 scan and read over the corpus, one core: `us_per_message` is the median,
                      ninth decile and worst of all texts
ussd                  500 secretaries dial at once for 30 s, each a report in eight hops, thinking about a second
                      between two screens; every hop must be right and every report stored. ussd_flood: without
                      thinking
kannel                the same texts through Kannel to a null application, when
                      its packages are installed

The load generator and the server share the machine. Each run has a database
of its own with 2,500 units; no text is ever repeated.
"""
import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
UNITS, ROLL, LETTER = 2500, 20, 97
KEY = "a-long-signing-key-for-the-bench"
TOKEN = "0123456789abcdef0123456789abcdef"
WARM_UP = 2000
KANNEL_MESSAGES = 10000


def unit_code(i):
    return f"X{chr(ord('A') + i // LETTER)}{1 + i % LETTER:02d}"


def registry(folder):
    """2,500 hamlets of 20 members under one commune; load.c knows the rule."""
    os.makedirs(folder)

    def write(name, header, rows):
        with open(f"{folder}/{name}.csv", "w", encoding="utf-8") as f:
            f.write(header + "\n")
            f.writelines(row + "\n" for row in rows)

    write("units", "code,name,kind,parent,aliases,valid_from,valid_to",
          ["TINH,Tinh,province,,,2025-07-01,"] +
          [f"{unit_code(i)},Ban so {i},hamlet,TINH,,2025-07-01,"
           for i in range(UNITS)])
    write("members", "unit,no,name,standing,status,dest,phone,language,consent",
          [f"{unit_code(i)},{n},Thanh vien {i} {n},official,active,,,vi,yes"
           for i in range(UNITS) for n in range(1, ROLL + 1)])
    write("roles", "phone,role,unit,member,valid_from,valid_to",
          [f"+849100{i:05d},secretary,{unit_code(i)},1,2025-07-01,"
           for i in range(UNITS)])


class Process:
    """Something that prints "listening on http://…", ended with `with`."""

    def __init__(self, command, cwd):
        self.log = open(os.path.join(cwd, "log"), "ab")
        self.p = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE,
                                  stderr=self.log, text=True)
        for line in self.p.stdout:
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                return
        sys.exit(f"{command[0]} did not start; see {cwd}/log")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.p.send_signal(signal.SIGTERM)
        try:
            self.p.wait(30)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait()
        self.p.stdout.close()
        self.log.close()


class Intake:
    def __init__(self, args, folder):
        self.args, self.folder = args, folder
        self.tools = f"{args.build}/tests/bench"
        registry(f"{folder}/registry")

    def load(self, port, form, count, first):
        path = f"/in/{'form' if form else 'phone'}/{TOKEN}"
        out = subprocess.run(
            [f"{self.tools}/load", str(port), path,
             "form" if form else "json", KEY, str(self.args.connections),
             str(count), str(first), str(UNITS)],
            check=True, stdout=subprocess.PIPE, text=True).stdout
        r = json.loads(out)
        if r["wrong"]:
            sys.exit(f"{r['wrong']} of {count} answers were not 200")
        return r

    def config(self, folder, form, null_port):
        """Replies are queued and leave one a second, for we measure intake."""
        send = f"http://127.0.0.1:{null_port}"
        channel = {
            "name": "form", "provider": "generic",
            "inbound": {"source": "form", "time": ""},
            "outbound": {"url": send + "/send", "body": '{"id":"{id}"}'},
        } if form else {
            "name": "phone", "provider": "smsgate", "signing_key": KEY,
            "url": send,
        }
        with open(f"{folder}/bantin.yaml", "w", encoding="utf-8") as f:
            json.dump({
                "listen": "127.0.0.1:0", "database": "bench.db",
                "budget": {"replies_per_hour": 0},
                "channels": [{"token": TOKEN, "limits": {"per_second": 1},
                              **channel}]}, f)

    def one_run(self, form):
        """The bare responder, then ours on a fresh database."""
        folder = tempfile.mkdtemp(dir=self.folder)
        bantin = f"{self.args.build}/bantin"
        with Process([f"{self.tools}/null"], folder) as null:
            self.load(null.port, form, WARM_UP, 0)
            bare = self.load(null.port, form, self.args.messages, WARM_UP)
            self.config(folder, form, null.port)
            subprocess.run([bantin, "import", "-c", "bantin.yaml",
                            f"{self.folder}/registry"], cwd=folder,
                           check=True, stdout=subprocess.DEVNULL)
            with Process([bantin, "serve", "-c", "bantin.yaml"],
                         folder) as ours:
                self.load(ours.port, form, WARM_UP, 0)
                real = self.load(ours.port, form, self.args.messages, WARM_UP)
        self.prove(f"{folder}/bench.db")
        shutil.rmtree(folder)
        return bare, real

    def prove(self, database):
        """Each text became a report, a reply and a question, or no figure."""
        count = WARM_UP + self.args.messages
        for what in ("message WHERE state = 'done'", "meeting_report",
                     "outbox WHERE lane = 'reply'"):
            n = int(subprocess.run(
                ["sqlite3", database, f"SELECT count(*) FROM {what}"],
                check=True, stdout=subprocess.PIPE, text=True).stdout)
            if n != count:
                sys.exit(f"{n} of {count}: {what}")

    def measure(self, name, form):
        runs = [self.one_run(form) for _ in range(self.args.runs)]
        mid = statistics.median
        emit(name,
             null_rps=round(mid(b["rps"] for b, _ in runs)),
             rps=round(mid(r["rps"] for _, r in runs)),
             ratio=round(mid(r["rps"] / b["rps"] for b, r in runs), 4),
             p50_ms=mid(r["p50_ms"] for _, r in runs),
             p99_ms=mid(r["p99_ms"] for _, r in runs))


class Dialling(Intake):
    """Nobody is texted: what a dropped session would say has no channel."""

    def config(self, folder):
        with open(f"{folder}/bantin.yaml", "w", encoding="utf-8") as f:
            json.dump({
                "listen": "127.0.0.1:0", "database": "bench.db",
                "channels": [{"name": "dial", "provider": "africastalking",
                              "token": TOKEN}]}, f)

    def one_run(self, think_ms):
        folder = tempfile.mkdtemp(dir=self.folder)
        bantin = f"{self.args.build}/bantin"
        self.config(folder)
        subprocess.run([bantin, "import", "-c", "bantin.yaml",
                        f"{self.folder}/registry"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        with Process([bantin, "serve", "-c", "bantin.yaml"], folder) as ours:
            out = subprocess.run(
                [f"{self.tools}/dial", str(ours.port), f"/ussd/dial/{TOKEN}",
                 str(self.args.sessions), str(self.args.seconds),
                 str(think_ms), str(UNITS)],
                check=True, stdout=subprocess.PIPE, text=True).stdout
        r = json.loads(out)
        if r.pop("wrong"):
            sys.exit(f"wrong screens; see {folder}/log")
        self.prove(f"{folder}/bench.db", r["sessions"])
        shutil.rmtree(folder)
        return r

    def prove(self, database, count):
        """Each session became a report and an echo that was shown."""
        for what in ("message WHERE state = 'done'", "meeting_report",
                     "outbox WHERE state = 'sent'", "outbox"):
            n = int(subprocess.run(
                ["sqlite3", database, f"SELECT count(*) FROM {what}"],
                check=True, stdout=subprocess.PIPE, text=True).stdout)
            if n != count:
                sys.exit(f"{n} of {count}: {what}")

    def measure(self, name, think_ms):
        runs = [self.one_run(think_ms) for _ in range(self.args.runs)]
        emit(name, **{k: round(statistics.median(r[k] for r in runs), 3)
                      for k in runs[0]})


def emit(name, **figures):
    print(json.dumps({"bench": name, **figures}), flush=True)


def parse(args):
    runs = [json.loads(subprocess.run(
        [f"{args.build}/tests/bench/parse",
         f"{TOP}/tests/data/registry", f"{TOP}/tests/data/corpus"],
        check=True, stdout=subprocess.PIPE, text=True).stdout)
        for _ in range(args.runs)]
    emit("parse", **{k: statistics.median(r[k] for r in runs)
                     for k in runs[0]})


def kannel_line(args, folder):
    """2,500 secretaries' reports; Kannel does not care that some repeat."""
    import kannel
    if not kannel.installed():
        return
    day = time.strftime("%-d/%-m", time.localtime(time.time() - 86400))
    texts = [(f"+849100{i:05d}", f"HOP {unit_code(i)} {day} TS20 CM20 VP0 VK0")
             for i in range(UNITS)]
    os.makedirs(f"{folder}/kannel")
    with Process([f"{args.build}/tests/bench/null"], folder) as null:
        emit("kannel", **kannel.measure(
            f"{folder}/kannel", null.port, texts,
            min(args.messages, KANNEL_MESSAGES), args.runs))


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    p.add_argument("--build", default=f"{TOP}/build")
    p.add_argument("--only", default="")
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--messages", type=int, default=20000)
    p.add_argument("--connections", type=int, default=64)
    p.add_argument("--sessions", type=int, default=500)
    p.add_argument("--seconds", type=int, default=30)
    args = p.parse_args()
    args.build = os.path.abspath(args.build)
    with tempfile.TemporaryDirectory(prefix="bantin-bench-") as folder:
        if args.only in ("", "intake", "intake_form"):
            intake = Intake(args, folder)
            for name, form in (("intake", False), ("intake_form", True)):
                if args.only in ("", name):
                    intake.measure(name, form)
        if args.only in ("", "ussd", "ussd_flood"):
            dialling = Dialling(args, f"{folder}/dialling")
            for name, think_ms in (("ussd", 1000), ("ussd_flood", 0)):
                if args.only in ("", name):
                    dialling.measure(name, think_ms)
        if args.only in ("", "parse"):
            parse(args)
        if args.only in ("", "kannel"):
            kannel_line(args, folder)


if __name__ == "__main__":
    main()
