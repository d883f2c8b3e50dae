"""`bantin fact`, and the list of practices in docs/reports.md."""
import datetime
import json
import os
import re
import sqlite3

import pytest
from rig import server as rig

Y = datetime.date.today().year - 1  # over, whatever the clock says
RECORDS = os.path.join(rig.TOP, "docs/reports.md")
CONFIG = """\
database: t.db
channels:
  - {name: demo, provider: console, token: 0f1e2d3c4b5a69788796a5b4c3d2e1f0}
"""
UNITS = """\
code,name,kind,parent,aliases,valid_from,valid_to
MG,Mường Giôn,commune,,,2020-07-01,
MG07,Giôn,hamlet,MG,,2020-07-01,
MG08,Na Pản,hamlet,MG,,2020-07-01,2026-01-31
"""


@pytest.fixture
def bantin(tmp_path):
    (tmp_path / "t.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")

    def run(command, *args):
        return rig.run(command, "-c", "t.yaml", *args, cwd=tmp_path)
    run.path = tmp_path
    done = run("import", ".")
    assert done.returncode == 0, done.stderr
    return run


def indicators(bantin, *args):
    done = bantin("report", "indicators", "--json", *args)
    assert done.returncode == 0, done.stderr
    return {r["name"]: r for r in json.loads(done.stdout)["rows"]}


def practices():
    """(records, figures) of each row of the table."""
    with open(RECORDS, encoding="utf-8") as f:
        text = f.read().split("| practice |", 1)[1]
    rows = [line.strip("|\n").split("|") for line in text.splitlines()[2:]
            if line.startswith("|")]
    return [(cells[1], re.findall(r"`(\w+)`", cells[3])) for cells in rows]


def test_every_practice_has_its_figure(bantin):
    there = set(indicators(bantin))
    rows = practices()
    assert len(rows) >= 30
    named = {name for _, names in rows for name in names}
    assert named - there == set(), "named in docs/reports.md, and not there"
    assert there - named == set(), "there, and of no practice"
    assert [r for r, names in rows if not names and "unit_event" not in r] \
        == []


def test_every_fact_is_of_a_practice(bantin):
    facts = [line.split()[0] for line in
             bantin("fact", "names").stdout.splitlines()]
    assert len(facts) > 20
    said = " ".join(records for records, _ in practices())
    assert [f for f in facts if not re.search(rf"\b{f}\b", said)] == []


def test_set_and_list(bantin):
    for args in (["MG", "cadres_qualified", "--n", "412", "--d", "419",
                  "--since", f"{Y}-03-01"],
                 ["MG", "cadres_qualified", "415/419", "--since",
                  f"{Y}-06-01"],
                 ["MG", "rating", "tsvm", "--period", "2016"],
                 ["MG", "rating", "HTXSNV", "--period", f"{Y - 1}"]):
        done = bantin("fact", "set", *args)
        assert (done.returncode, done.stdout) == (0, "1 kept\n"), done.stderr
    kept = [json.loads(line) for line in
            bantin("fact", "list", "MG", "--json").stdout.splitlines()]
    assert [(r["fact"], r["value"], r["since"]) for r in kept] == [
        ("cadres_qualified", "412/419", f"{Y}-03-01"),
        ("cadres_qualified", "415/419", f"{Y}-06-01"),
        ("rating", "1", "2016"), ("rating", "1", f"{Y - 1}")]
    row = indicators(bantin, "--period", f"{Y}-05")["cadres_qualified"]
    assert (row["n"], row["d"], row["percent"]) == (412, 419, 98.33)
    row = indicators(bantin, "--period", f"{Y}-07")["cadres_qualified"]
    assert (row["n"], row["d"]) == (415, 419)
    assert indicators(bantin, "--period", f"{Y - 1}")["communes_excellent"][
        "n"] == 1
    row = indicators(bantin, "--period", f"{Y}-07")["communes_excellent"]
    assert (row["d"], row["percent"], row["note"]) == (
        0, None, "not known: 1 of 1")


@pytest.mark.parametrize("args, says", [
    (["MG07", "has_comittee", "yes"], "did you mean 'has_committee'?"),
    (["MG07", "has_committee", "perhaps"], "yes or no"),
    (["MG07", "committee_size", "many"], "a number from 0"),
    (["MG", "cadres_qualified", "98.47"], "how many of how many"),
    (["MG", "cadres_qualified", "--n", "5", "--d", "4"], "how many of"),
    (["MG", "rating", "tsvm", "--period", "2025"], "htxsnv, httnv"),
    (["MG", "rating", "1", "--since", "2025-12-31"], "--period 2026"),
    (["MG07", "has_committee", "yes", "--period", "2025"], "--since"),
    (["MG99", "has_committee", "yes"], "there is no unit 'MG99'"),
    (["MG08", "has_committee", "yes", "--since", "2026-02-01"],
     "has ended with 2026-01-31"),
    (["MG07", "has_committee"], "set UNIT NAME VALUE"),
])
def test_refused(bantin, args, says):
    done = bantin("fact", "set", *args)
    assert done.returncode != 0 and says in done.stderr, done.stderr
    assert bantin("fact", "list").stdout == ""


def test_a_file_is_all_or_nothing(bantin):
    path = bantin.path / "f.csv"
    path.write_text("unit,name,value,since\nMG07,has_committee,co,2026-01-02\n"
                    "MG,target_admissions,15,2026\n", encoding="utf-8")
    done = bantin("fact", "set", "--file", "f.csv")
    assert (done.returncode, done.stdout) == (0, "2 kept\n"), done.stderr
    path.write_text("MG07,has_committee,no,2026-02-02\nMG77,rating,1,2025\n",
                    encoding="utf-8")
    assert bantin("fact", "set", "--file", "f.csv").returncode == 1
    assert len(bantin("fact", "list").stdout.splitlines()) == 2


def test_an_opinion_is_answered(bantin):
    db = sqlite3.connect(bantin.path / "t.db")
    db.executemany(
        "INSERT INTO opinion (id, unit, phone, topic_code, text, state,"
        " created_at) VALUES (?, 2, '+84900000007', '03', 'xin chao', 'open',"
        " ?)", [(n, 1780000000000 + n) for n in (5, 6)])
    db.commit()
    db.close()
    out = bantin("opinion", "list").stdout
    assert re.fullmatch(r"(?s)5 +MG07 +03 +\d{4}-\d\d-\d\d\n6 .*", out)
    assert "chao" not in out and "84900000007" not in out
    done = bantin("opinion", "answer", "5", "7")
    assert done.returncode == 1 and "no opinion 7 waits" in done.stderr
    assert len(bantin("opinion", "list").stdout.splitlines()) == 2
    assert bantin("opinion", "answer", "5").stdout == "1 answered\n"
    assert bantin("opinion", "answer", "5").returncode == 1
    assert bantin("opinion", "list", "--unit", "MG08").stdout == ""
    kept = bantin("opinion", "list", "--unit", "MG07", "--json").stdout
    assert json.loads(kept)["opinion"] == 6
    row = indicators(bantin, "--period", kept.split('"')[-2][:7])
    assert (row["opinions_answered"]["n"],
            row["opinions_answered"]["d"]) == (1, 2)
    assert bantin("opinion", "answer", "x").returncode == 2


def test_beside_serve(server):
    assert server.command("fact", "set", "MG07", "has_committee",
                          "yes").returncode == 0
    assert "has_committee  true" in server.command("fact", "list").stdout
