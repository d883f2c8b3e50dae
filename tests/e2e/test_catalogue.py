"""A provider that misbehaves by catalogue: nothing lost, nothing doubled.

What each fault ends in is read from docs/faults.md. The first case of a
provider starts its fleet (rig/fleet.py), so its cases stay on one worker.
"""
import json
import re

import pytest
from rig.dialects import Generic, Kannel, Smsgate
from rig.esms import Esms
from rig.fleet import ATTEMPTS, CONFIG, Case, Fleet
from rig.misbehave import CATALOGUE
from rig.server import TOP, Server
from rig.speedsms import Speedsms
from rig.wait import PATIENCE, wait_until

pytestmark = pytest.mark.limit(60)  # a fleet on a machine with other work
GROWTH_KB = 24 << 10  # both lanes' 100 MB would be ten times that
DIALECTS = {d.name: d for d in (
    Smsgate(), Kannel(), Generic(), Esms(), Speedsms())}
KILLS = {"before the request leaves": "send-before",
         "while the provider thinks, text taken": None,
         "when the answer is there": "send-after",
         "before the answer is stored": "result-before",
         "when the answer is stored": "result-after"}


END = r"\w+ \d"
ROW = re.compile(rf"\| (?P<names>[^|]+) (\| (?!{END} \|)[^|]+ )?"
                 rf"\| (?P<reply>{END}) \| (?P<other>{END}) "
                 rf"(\| (?P<own>{END}) )?(\| (?P<why>[^|]+) )?\|$")


def documented():
    """(fault, lane, provider) -> (state, times, why), as the page says.

    What has no column of its own id is of `generic` and `speedsms` alone:
    they look into the body and know no id of ours.
    """
    found = {}
    with open(f"{TOP}/docs/faults.md", encoding="utf-8") as f:
        for row in filter(None, (ROW.match(line) for line in f)):
            why = (row["why"] or "").split(" / ")
            ends = {"generic": (row["reply"], row["other"], why[0]),
                    "speedsms": (row["reply"], row["other"], why[-1])}
            if row["own"]:
                ends["kannel"] = ends["generic"]
                ends["smsgate"] = row["own"], row["own"], why[-1]
                ends["esms"] = ends["smsgate"]
            for name in row["names"].split(" · "):
                name, _, only = name.partition(" of ")
                for own, (reply, other, words) in ends.items():
                    if only and own != only.strip("`"):
                        continue
                    for lane, end in (("reply", reply), ("bulk", other)):
                        state, times = end.split()
                        found[name, lane, own] = state, int(times), words
    for lane in ("reply", "bulk"):
        del found["late, reported", lane, "speedsms"]
    return found


ENDS = documented()


def test_the_page_is_whole():
    assert {k[0] for k in ENDS} == set(CATALOGUE) | set(KILLS)


def cases(names):
    return [pytest.param(name, lane, own, id=f"{own}-{lane}-{name}",
                         marks=pytest.mark.xdist_group(f"catalogue-{own}"))
            for own in DIALECTS for lane in ("reply", "bulk")
            for name in names if (name, lane, own) in ENDS]


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
    """Its story in one line: `bantin why` folds it for a terminal."""
    done = server.command("why", f"o{row}")
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def tries(server, row):
    return server.rows("SELECT verdict, why FROM outbox_attempt "
                       "WHERE outbox = ? ORDER BY n", row)


def within_policy(case, row, tried):
    """design.md §2.3, whatever the page says of this fault."""
    taken = case.sim.times(row)
    in_doubt = sum("no answer" in t["why"] or "broke off" in t["why"] or
                   "504" in t["why"] or "wrong url" in t["why"] or
                   "nothing at code" in t["why"]
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
        rows = wait_until(ended, f"{state}, and the others sent",
                          limit_s=5 * PATIENCE)
    except AssertionError:
        raise AssertionError("\n".join(
            f"{r['state']} {tries(server, r['id'])}"
            for r in fleet.of(case)))
    tried = tries(server, case.id)
    assert case.sim.times(rows[0]) == times, tried
    assert any(words in t["why"] for t in tried)
    if (lane, state, words) not in fleet.told:  # a process: once for each
        fleet.told.add((lane, state, words))
        story = why(server, case.id)
        assert words in story and state in story
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
        assert sorted(got, key=asked.index) == got, case.name


@pytest.mark.parametrize("name, lane, own", [
    pytest.param(n, lane, own, id=f"{own}-{lane}-{n}")
    for own in ("smsgate", "kannel") for lane in ("reply", "bulk")
    for n in KILLS])
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
        verdicts = [t["verdict"] for t in tries(server, 1)]
        assert verdicts == (["sent"] if name == "when the answer is stored"
                            else ["interrupted"] if state == "unsure"
                            else ["interrupted", "sent"])
        assert json.loads(server.command("why", "--json", "o1").stdout)
    finally:
        case.sim.close()
