"""A provider that misbehaves by catalogue: nothing lost, nothing doubled.

What each fault ends in is read from docs/faults.md. The first case of a
provider starts its fleet (rig/fleet.py), so its cases stay on one worker.
"""
import json
import re

import pytest
from rig.dialects import Kannel, Smsgate
from rig.fleet import ATTEMPTS, CONFIG, Case, Fleet
from rig.misbehave import CATALOGUE
from rig.server import TOP, Server
from rig.wait import wait_until

GROWTH_KB = 24 << 10  # both lanes' 100 MB would be ten times that
DIALECTS = {d.name: d for d in (Smsgate(), Kannel())}
KILLS = {"before the request leaves": "send-before",
         "while the provider thinks, text taken": None,
         "when the answer is there": "send-after",
         "before the answer is stored": "result-before",
         "when the answer is stored": "result-after"}


def documented():
    """(fault, lane, dialect) -> (state, times, why), as the page says."""
    found = {}
    with open(f"{TOP}/docs/faults.md", encoding="utf-8") as f:
        for line in f:
            cells = [c.strip() for c in line.strip(" |\n").split(" | ")]
            if not re.match(r"\w+ \d$", cells[-2] if cells[1:] else ""):
                continue
            ends = re.findall(r"\| (\w+) (\d)(?= \|)", line)
            why = re.split(" / ", cells[-1]) if len(cells) == 6 else [""]
            for name in cells[0].split(" · "):
                for lane, own, end, w in (("reply", "kannel", ends[0], why[0]),
                                          ("bulk", "kannel", ends[1], why[0]),
                                          ("reply", "smsgate", ends[2],
                                           why[-1]),
                                          ("bulk", "smsgate", ends[2],
                                           why[-1])):
                    found[name, lane, own] = end[0], int(end[1]), w
    return found


ENDS = documented()


def test_the_page_is_whole():
    assert {k[0] for k in ENDS} == set(CATALOGUE) | set(KILLS)


def cases(names):
    return [pytest.param(name, lane, own, id=f"{own}-{lane}-{name}",
                         marks=pytest.mark.xdist_group(f"catalogue-{own}"))
            for own in DIALECTS for lane in ("reply", "bulk")
            for name in names]


@pytest.fixture(scope="module")
def fleets(tmp_path_factory):
    started = {}

    def get(own):
        if own not in started:
            folder = tmp_path_factory.mktemp(own)
            started[own] = Fleet(Server(folder, CONFIG), DIALECTS[own])
            started[own].start()
        return started[own]

    yield get
    for f in started.values():
        f.close()
        f.server.kill()


def why(server, row):
    done = server.command("why", f"o{row}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def tries(server, row):
    return server.rows("SELECT verdict, why FROM outbox_attempt "
                       "WHERE outbox = ? ORDER BY n", row)


def within_policy(case, row, tried):
    """design.md §2.3, whatever the page says of this fault."""
    taken = case.sim.times(row)
    in_doubt = sum("no answer" in t["why"] or "broke off" in t["why"] or
                   "504" in t["why"] or "wrong url" in t["why"]
                   for t in tried)
    if case.dialect.takes_our_id or case.lane == "bulk":
        assert taken <= 1
    else:
        assert taken <= 1 + in_doubt
    if row["state"] in ("sent", "delivered"):
        assert taken >= 1, "lost"
    if row["state"] == "failed":
        assert taken == 0, "failed, and sent"
    assert len(case.sim.ids(row)) <= 1, "another id at another try"


@pytest.mark.parametrize("name, lane, own", cases(CATALOGUE))
def test_fault(fleets, name, lane, own):
    fleet = fleets(own)
    server, case = fleet.server, fleet.cases[name, lane]
    state, times, words = ENDS[name, lane, own]

    def ended():
        rows = fleet.of(case)
        return (rows[0]["state"] == state and len(rows) >= 3 and
                all(r["state"] == "sent" for r in rows[1:]) and rows)
    try:
        rows = wait_until(ended, f"{state}, and the others sent", limit_s=5)
    except AssertionError:
        raise AssertionError("\n".join(
            f"{r['state']} {tries(server, r['id'])}"
            for r in fleet.of(case)))
    tried = tries(server, case.id)
    story = why(server, case.id)
    assert case.sim.times(rows[0]) == times, tried
    assert words in story
    assert case.fault.down or case.sim.hits, "the fault struck nobody"
    assert len(tried) == rows[0]["attempts"] <= ATTEMPTS
    assert all(t["why"] for t in tried)
    assert "/elsewhere" not in case.sim.paths
    for r in rows:
        within_policy(case, r, tries(server, r["id"]))
    for r in rows[1:]:
        assert case.sim.times(r) == 1
        assert len(tries(server, r["id"])) == 1


@pytest.mark.parametrize("own", [
    pytest.param(own, marks=pytest.mark.xdist_group(f"catalogue-{own}"))
    for own in DIALECTS])
def test_memory_and_order(fleets, own):
    """Bodies without end cost no memory; a phone's texts stay in order."""
    fleet = fleets(own)
    if fleet.is_plain():
        assert fleet.grown_kb < GROWTH_KB
    for case in fleet.all():
        got = [t.text for t in case.sim.taken if t.to == case.phones[0]]
        asked = [r["text"] for r in fleet.of(case)
                 if r["to_phone"] == case.phones[0]]
        assert sorted(got, key=asked.index) == got


@pytest.mark.parametrize("name, lane, own", [
    p for own in DIALECTS for lane in ("reply", "bulk") for p in [
        pytest.param(n, lane, own, id=f"{own}-{lane}-{n}") for n in KILLS]])
def test_kill(make_server, name, lane, own):
    point, dialect = KILLS[name], DIALECTS[own]
    state, times, _ = ENDS[name, lane, own]
    server = make_server({})
    case = Case(0, "good" if point else "late", lane, dialect)
    try:
        case.prepare(server, fault=point and f"{point}:kill")
        case.ask(server, 0, 1, loose=True)
        if point:
            server.wait_end()
        else:
            wait_until(lambda: case.sim.taken, "the text at the provider")
            server.kill()
        server.start()
        wait_until(lambda: server.value("SELECT state FROM outbox") == state,
                   state)
        case.ask(server, 0, 2)
        row = server.rows("SELECT * FROM outbox WHERE id = 1")[0]
        wait_until(lambda: server.value(
            "SELECT state FROM outbox WHERE id = 2") == "sent", "the next")
        assert row["state"] == state
        assert case.sim.times(row) == times
        assert len(case.sim.ids(row)) <= 1
        if state == "unsure":
            assert "the program ended while it was being sent" in why(
                server, 1)
        elif name != "when the answer is stored":
            assert len(tries(server, 1)) == 1
        assert json.loads(server.command("why", "--json", "o1").stdout)
    finally:
        case.sim.close()
