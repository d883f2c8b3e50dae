"""A month of twelve hamlets: as it is, with crashes, with wrong clocks.

The figures are those that tests/scenarios/month.scn counts by hand.
"""
import json
import os
import re
import sqlite3

import pytest
from rig.server import TOP, run

MONTH = os.path.join(TOP, "tests/scenarios/month.scn")
STEP = re.compile(r"at |\+\d+ [<>]|drain")
# Who sent what is the same whatever happens; ids and instants are not.
RECORDS = {
    "meeting": "SELECT u.code, m.period, m.kind, m.planned_on, "
               "m.planned_minute, m.held_on, m.state FROM meeting m "
               "JOIN unit u ON u.id = m.unit",
    "report": "SELECT u.code, m.held_on, r.version, r.total, r.present, "
              "r.excused, r.unexcused, r.exempt, r.voided_at IS NULL "
              "FROM meeting_report r JOIN meeting m ON m.id = r.meeting "
              "JOIN unit u ON u.id = m.unit",
    "attendance": "SELECT u.code, m.held_on, a.member_no, a.state FROM "
                  "attendance a JOIN meeting m ON m.id = a.meeting "
                  "JOIN unit u ON u.id = m.unit",
    "answer": "SELECT u.code, i.member_no, i.answer, i.source FROM "
              "invitation i JOIN unit u ON u.id = i.unit",
    "invited": "SELECT DISTINCT u.code, i.member_no, i.phone, i.audience "
               "FROM invited i JOIN unit u ON u.id = i.unit",
    "ballot": "SELECT u.code, b.member_no, b.item, b.choice FROM ballot b "
              "JOIN unit u ON u.id = b.unit",
    "member": "SELECT u.code, p.no, p.status, p.standing, p.dest FROM "
              "member p JOIN unit u ON u.id = p.unit",
    "contact": "SELECT phone, consent, opted_out FROM contact",
}


def play(folder, lines, *options):
    """Plays lines as a scenario; its output and the database it leaves."""
    path = folder / "month.scn"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept = folder / "month.db"
    done = run("rehearse", *options, "--save", kept, path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return done.stdout, kept


def month_lines():
    with open(MONTH, encoding="utf-8") as f:
        return [s.rstrip("\n").replace("../data", f"{TOP}/tests/data")
                for s in f]


def records(kept):
    db = sqlite3.connect(kept)
    try:
        return {name: sorted(db.execute(sql).fetchall(), key=repr)
                for name, sql in RECORDS.items()}
    finally:
        db.close()


def sent(out):
    """(phone, text) of all that left, each as often as it did.

    A vote's receipt names its place in the chain, in which the instant is.
    """
    out = re.sub(r", ma [0-9a-f]{6}\b", ", ma *", out)
    found = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d (\+\d+) < (.*)$", out,
                       re.M)
    assert found
    return sorted(found)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    out, kept = play(tmp_path_factory.mktemp("plain"), month_lines(),
                     "--texts")
    return sent(out), records(kept), kept


def report(tmp_path, kept, kind, *more):
    config = tmp_path / "bantin.yaml"
    config.write_text(f"database: {kept}\n", encoding="utf-8")
    done = run("report", kind, "-c", config, "--period", "2026-11",
               "--format", "json", *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_crash_after_every_step(tmp_path, plain):
    lines = []
    for s in month_lines():
        lines.append(s)
        if STEP.match(s):
            lines.append("crash")
    assert lines.count("crash") > 150
    out, kept = play(tmp_path, lines, "--texts")
    assert records(kept) == plain[1]
    assert sent(out) == plain[0]  # not one more, not one less


@pytest.mark.parametrize("hours", [1, 5])
def test_the_clock_jumps_back(tmp_path, plain, hours):
    """Before each new day it loses hours, and is put right in the evening."""
    lines = []
    for s in month_lines():
        if s.startswith("at ") and lines and "2026-10-24" not in s:
            lines.append(f"clock -{hours}h")
        lines.append(s)
    out, kept = play(tmp_path, lines, "--texts")
    assert records(kept) == plain[1]
    assert sent(out) == plain[0]


def test_the_machine_is_off_for_three_days(tmp_path, plain):
    """Records are the same; no text is of last week, and none goes twice."""
    lines, jumped = [], False
    for s in month_lines():
        if re.match(r"\+\d+ <|drain", s):
            continue  # what goes, and when, is another matter
        if s == "at 2026-11-20 21:30":
            lines.append("clock +3d")
            jumped = True
        lines.append(s)
    assert jumped
    lines.append("drain")
    out, kept = play(tmp_path, lines, "--texts")
    got = sent(out)
    assert records(kept) == plain[1]
    extra = [t for t in got if got.count(t) > plain[0].count(t)]
    assert extra == []


def rows(answer, row):
    return [r for r in answer["rows"] if r["row"] == row]


def test_its_figures_are_those_counted_by_hand(tmp_path, plain):
    kept = plain[2]
    met = rows(report(tmp_path, kept, "meetings"), "all")[0]
    assert (met["met"]["n"], met["met"]["d"]) == (10, 12)
    assert (met["on_time"]["n"], met["on_time"]["d"]) == (8, 10)
    there = report(tmp_path, kept, "attendance")
    total = rows(there, "all")[0]
    assert (total["gross"]["n"], total["gross"]["d"]) == (64, 90)
    assert (total["net"]["n"], total["net"]["d"]) == (64, 89)
    assert (total["excused"], total["unexcused"]) == (21, 5)
    away = rows(report(tmp_path, kept, "away"), "all")[0]
    assert (away["away"]["n"], away["away"]["d"]) == (24, 108)
    assert (away["answered"]["n"], away["answered"]["d"]) == (5, 18)
    opinions = rows(report(tmp_path, kept, "opinions"), "all")[0]
    assert opinions["open"] == 1


def test_a_later_threshold_leaves_the_month_as_it_was(tmp_path, plain):
    kept = plain[2]
    before = {k: report(tmp_path, kept, k)
              for k in ("meetings", "attendance")}
    config = tmp_path / "bantin.yaml"
    config.write_text(
        f"database: {kept}\nfigures:\n"
        "  - {name: monthly.report_due_days, value: 9, from: 2026-12-01, "
        "source: a later rule}\n", encoding="utf-8")
    for kind, was in before.items():
        done = run("report", kind, "-c", config, "--period", "2026-11",
                   "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["rows"] == was["rows"]
