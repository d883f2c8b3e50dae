#!/usr/bin/env python3
"""Runs every suite that exists and ends with one line of counts.

    python3 tests/run.py --build build [--only PATTERN]

Suites: the cmocka binaries in BUILD/tests/unit, the scenarios through
`bantin rehearse`, and pytest over tests/e2e and tests/cli. Only what failed
is shown, plus one line a suite. Exit status 1 if anything failed or if
nothing ran. ONLY in the environment is the same as --only.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

WORKERS = 2
WAITERS = 4  # pytest: its tests wait for processes more than they compute
SHOWN = 200  # lines of one failure; the end says more than the beginning
SANITIZER = re.compile(
    r"^==\d+==\s?(ERROR|WARNING)|Sanitizer: |runtime error:", re.M)
OPTIONS = {
    "ASAN_OPTIONS": "exitcode=99:detect_leaks=1:strict_string_checks=1"
                    ":detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:exitcode=99",
    # It sleeps a second at exit otherwise, which is not ours.
    "TSAN_OPTIONS": "atexit_sleep_ms=0:halt_on_error=1:exitcode=99:"
                    "second_deadlock_stack=1",
}


class Counts:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def ran(self):
        return self.passed + self.failed

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def environment(build):
    env = dict(os.environ)
    for name, ours in OPTIONS.items():
        theirs = env.get(name)  # last wins: the caller's come after ours
        env[name] = ours + (":" + theirs if theirs else "")
    env["CMOCKA_MESSAGE_OUTPUT"] = "TAP"
    env["BANTIN"] = os.path.join(build, "bantin")
    env["BANTIN_FAULT_BIN"] = os.path.join(build, "bantin-fault")
    env.pop("BANTIN_FAULT", None)
    return env


def run(command, env, until):
    """Output and exit status; None instead of a status: out of time."""
    p = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         start_new_session=True)
    try:
        out, _ = p.communicate(timeout=max(1, until - time.monotonic()))
        status = p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, _ = p.communicate()
        status = None
    return out.decode("utf-8", "replace"), status


def ending(status):
    if status is None:
        return "no end within its time"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"exit status {status}"


def show(what, out):
    lines = out.rstrip("\n").split("\n")
    print(f"--- {what}")
    if len(lines) > SHOWN:
        print(f"[{len(lines) - SHOWN} lines before]")
    print("\n".join(lines[-SHOWN:]))


def tap_counts(out):
    """TAP of one binary; what it planned and never reported has failed."""
    c = Counts()
    for line in out.split("\n"):
        if not re.match(r"(not )?ok\b", line):
            continue
        if "# SKIP" in line:
            c.skipped += 1
        elif line.startswith("ok"):
            c.passed += 1
        else:
            c.failed += 1
    planned = sum(int(n) for n in re.findall(r"^1\.\.(\d+)", out, re.M))
    c.failed += max(0, planned - c.ran() - c.skipped)
    return c


def judge(counts, out, status):
    """A bad end or a sanitizer's report is a failure even where all passed."""
    wrong = status != 0 or SANITIZER.search(out) or not (
        counts.ran() + counts.skipped)
    if wrong and counts.failed == 0:
        counts.failed = 1
    return counts


def unit(args, env, until):
    total = Counts()
    binaries = [b for b in sorted(glob.glob(f"{args.build}/tests/unit/*"))
                if os.access(b, os.X_OK) and os.path.isfile(b)
                and args.only in os.path.basename(b)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        ends = pool.map(lambda b: run([b], env, until), binaries)
        for binary, (out, status) in zip(binaries, ends):
            c = judge(tap_counts(out), out, status)
            if c.failed:
                show(f"{binary}: {ending(status)}", out)
            total.add(c)
    return total


def scenarios(args, env, until):
    files = [f for f in sorted(glob.glob("tests/scenarios/*.scn"))
             if args.only in f]
    if not files:
        return Counts()
    out, status = run([env["BANTIN"], "rehearse", *files], env, until)
    last = out.rstrip("\n").rsplit("\n", 1)[-1]
    m = re.fullmatch(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", last)
    c = Counts(*(int(n or 0) for n in m.groups())) if m else Counts()
    c = judge(c, out, status)
    if c.failed:
        bad = [s for s in out.split("\n") if not s.startswith("ok ")]
        show(f"bantin rehearse: {ending(status)}", "\n".join(bad))
    return c


def junit_counts(path):
    c = Counts()
    try:
        suites = xml.etree.ElementTree.parse(path).getroot().iter("testsuite")
    except (OSError, xml.etree.ElementTree.ParseError):
        return c
    for s in suites:
        n = {k: int(s.get(k, 0))
             for k in ("tests", "failures", "errors", "skipped")}
        bad = n["failures"] + n["errors"]
        c.add(Counts(n["tests"] - bad - n["skipped"], bad, n["skipped"]))
    return c


def python_with(*modules):
    """A Python that has them: this one, or the distribution's; None."""
    for python in (sys.executable, "/usr/bin/python3"):
        probe = [python, "-c", "import " + ",".join(modules)]
        if os.path.exists(python) and subprocess.run(
                probe, stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def pytest(args, env, until):
    folders = [d for d in ("tests/e2e", "tests/cli")
               if glob.glob(f"{d}/**/test_*.py", recursive=True)]
    if not folders:
        return Counts()
    report = f"{args.build}/tests/pytest.xml"
    if os.path.exists(report):
        os.remove(report)
    python = python_with("pytest", "xdist")
    parallel = ["-n", str(WAITERS), "--dist", "loadgroup"] if python else []
    command = [python or python_with("pytest") or sys.executable, "-m",
               "pytest", "-q", "-p", "no:cacheprovider", "--tb=short",
               f"--junitxml={report}", *parallel]
    if args.only:
        command += ["-k", args.only]
    out, status = run(command + folders, env, until)
    if status == 5 and args.only:  # nothing of that name
        return Counts()
    c = judge(junit_counts(report), out, status)
    if c.failed:
        show(f"pytest: {ending(status)}", out)
    return c


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    p.add_argument("--build", default="build")
    p.add_argument("--only", default=os.environ.get("ONLY", ""),
                   help="run only what has this in its name")
    p.add_argument("--patience", type=int, default=1,
                   help="how many times longer a test may wait")
    p.add_argument("--suite-s", type=int, default=450,
                   help="longest time of one suite, in seconds")
    args = p.parse_args()
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    args.build = os.path.abspath(args.build)
    os.makedirs(f"{args.build}/tests", exist_ok=True)
    env = environment(args.build)
    env["TEST_PATIENCE"] = str(args.patience)
    total = Counts()
    for suite in (unit, scenarios, pytest):
        start = time.monotonic()
        c = suite(args, env, start + args.suite_s)
        if c.ran() or c.skipped:
            print(f"{suite.__name__}: {c} ({time.monotonic() - start:.1f} s)",
                  flush=True)
        total.add(c)
    print(total)
    return 1 if total.failed or not total.ran() else 0


if __name__ == "__main__":
    sys.exit(main())
