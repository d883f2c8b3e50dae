"""Two years of three provinces: every indicator is counted anew here.

The world is made from a seed (rig/provinces.py); the figures that the program
tells must be those that its maker's memory gives (rig/recount.py), for
provinces, communes and hamlets, before and after units changed.
"""
import datetime
import json
import sqlite3

import pytest
from rig import provinces
from rig.provinces import FIRST, LAST
from rig.recount import Count, percent

Y1, Y2 = FIRST + 1, LAST
pytestmark = pytest.mark.limit(120)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return provinces.build(tmp_path_factory.mktemp("world"), 20251)


def told(world, scope, period, as_of=None):
    args = ["--as-of", as_of.isoformat()] if as_of else []
    out = world.bantin("report", "indicators", "--json", "--unit", scope,
                       "--period", period, *args)
    return {r["name"]: r for r in json.loads(out)["rows"]}


def differences(world, scope, period, as_of=None):
    """{name: (told, counted)} where the two are not the same."""
    count = Count(world, scope, period, as_of)
    want = count.count()
    rows = told(world, scope, period, as_of)
    assert set(want) <= set(rows)
    wrong = {}
    for name, r in rows.items():
        n, d = want.get(name, (0, 0))
        k, of = count.unknown.get(name, (0, 0))
        got, right = [r["n"], r["d"]], [n, d]
        if r["percent"] is not None:
            got.append(r["percent"])
            right.append(percent(n, d))
        if (r["note"] or "").startswith("not known") or k:
            got.append(r["note"])
            right.append(f"not known: {k} of {of}")
        if got != right:
            wrong[name] = (got, right)
    return wrong


@pytest.mark.parametrize("scope, period, as_of", [
    ("SL", f"{Y2}", None), ("SL", f"{Y1}", None),
    ("DB", f"{Y2}", None), ("DB", f"{Y1}-Q3", None),
    ("LC", f"{Y2}-03", None), ("LC", f"{Y1}", None),
    # Communes that merged in July of the first year.
    ("SL01", f"{Y1}", None), ("DB01", f"{Y1}-06", None),
    ("LC13N", f"{Y1}", None), ("LC13N", f"{Y1}-Q2", None),
    # Hamlets that merged in mid-month, one of them twice.
    ("SL02", f"{Y1}-10", None), ("DB02B2", f"{Y1}", None),
    ("SL03N", f"{Y2}", None), ("SL03N", f"{Y2}-03", None),
    # A split, a move, a unit that is new.
    ("LC04", f"{Y2}-03", None), ("SL06", f"{Y2}-Q2", None),
    ("SL05", f"{Y2}-05", None), ("SL07", f"{Y2}-02", None),
    # As it stood on the day before, in the tree of then.
    ("SL01", f"{Y1}-06", datetime.date(Y1, 6, 30)),
    ("SL02B2", f"{Y2}", datetime.date(Y2, 8, 15)),
    ("SL05", f"{Y2}-Q2", datetime.date(Y2, 5, 31)),
    ("DB", f"{Y1}", datetime.date(Y1, 10, 10)),
])
def test_as_counted_without_the_database(world, scope, period, as_of):
    assert differences(world, scope, period, as_of) == {}


def test_there_is_something_to_count(world):
    """None of the figures that the world has is empty, and none is full."""
    rows = told(world, "SL", f"{Y2}")
    never = {"attached_officials", "household_members", "candidates_away",
             "classes", "class_admitted", "members_done", "members_not_done"}
    assert {n for n, r in rows.items() if r["n"] == 0} == never
    assert {n for n, r in rows.items() if r["percent"] == 100} == set()


def edit(world, statement, *args):
    db = sqlite3.connect(world.folder / "t.db")
    assert db.execute(statement, args).rowcount == 1
    db.commit()
    db.close()


def test_a_changed_record_changes_its_figures_alone(world):
    m = next(m for m in world.meetings if m.unit.startswith("SL09B") and
             m.period == f"{Y2}-05" and m.state == "held" and
             m.reports[-1].score is not None and m.reports[-1].present > 0)
    r = m.reports[-1]
    where = "WHERE meeting = ? AND version = ?"
    edit(world, "UPDATE meeting_report SET present = present - 1 " + where,
         m.id, r.version)
    assert set(differences(world, "SL09", f"{Y2}-05")) <= {
        "attendance_gross", "attendance_net", "attendance_home"}
    assert "attendance_gross" in differences(world, "SL", f"{Y2}-Q2")
    assert differences(world, "SL10", f"{Y2}-05") == {}
    r.present -= 1
    assert differences(world, "SL09", f"{Y2}-05") == {}
    score = 95 if r.score < 90 else 45
    edit(world, "UPDATE meeting_report SET score = ? " + where, score, m.id,
         r.version)
    changed = set(differences(world, "SL09", f"{Y2}"))
    assert len(changed) == 2 and all(c.startswith("score_") for c in changed)
    r.score = score
    assert differences(world, "SL09", f"{Y2}") == {}
