"""`bantin report`: what it takes, what it refuses, and its workbook."""
import csv
import io
import json
import os
import pty
import re
import sqlite3
import subprocess
import time
import zipfile
from xml.etree import ElementTree

import pytest

from rig import server as rig

CONFIG = """\
database: t.db
channels:
  - name: demo
    provider: console
    token: 0f1e2d3c4b5a69788796a5b4c3d2e1f0
"""
UNITS = """\
code,name,kind,parent,aliases,valid_from,valid_to
MG,Mường Giôn,commune,,,2025-07-01,
MG07,=Giôn,hamlet,MG,,2025-07-01,
MG08,Na Pản,hamlet,MG,,2025-07-01,
"""
ROLES = """\
phone,role,unit,member,valid_from,valid_to
+84900000007,secretary,MG07,,2025-07-01,
+84900000008,secretary,MG08,,2025-07-01,
"""
KINDS = ["meetings", "attendance", "away", "opinions", "traffic",
         "indicators"]


@pytest.fixture
def report(tmp_path):
    (tmp_path / "t.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "roles.csv").write_text(ROLES, encoding="utf-8")
    done = rig.run("import", "-c", "t.yaml", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stderr

    def run(*args, config=CONFIG, **more):
        (tmp_path / "t.yaml").write_text(config, encoding="utf-8")
        return rig.run("report", "-c", "t.yaml", *args, cwd=tmp_path, **more)
    run.path = tmp_path
    return run


def store(report, present=35, day="2026-11-05"):
    db = sqlite3.connect(report.path / "t.db")
    unit, = db.execute("SELECT id FROM unit WHERE code = 'MG07'").fetchone()
    meeting = db.execute(
        "INSERT INTO meeting (unit, period, kind, held_on, state)"
        " VALUES (?, ?, 'regular', ?, 'held')",
        (unit, day[:7], day)).lastrowid
    db.execute(
        "INSERT INTO meeting_report (meeting, version, total, present,"
        " excused, unexcused, from_phone, created_at)"
        " VALUES (?, 1, 47, ?, ?, 0, '+84900000007', 0)",
        (meeting, present, 47 - present))
    db.commit()
    db.close()


def rows(report, kind, *args):
    done = report(kind, "--json", *args)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["rows"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["text", "csv", "json", "xlsx"])
def test_a_month_without_anything(report, kind, form):
    done = report(kind, "--period", "2026-11", "--format", form, "-o", "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert (report.path / "out").stat().st_size > 50
    assert sorted(p.name for p in report.path.iterdir()
                  if p.name.startswith("out")) == ["out"]


def test_json(report):
    store(report)
    doc = json.loads(report("attendance", "--period", "2026-11",
                            "--json").stdout)
    assert doc["report"] == "attendance" and doc["unit"] is None
    assert (doc["from"], doc["to"]) == ("2026-11-01", "2026-11-30")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", doc["as_of"])
    row, = [r for r in doc["rows"] if r["row"] == "meeting"]
    assert row["gross"] == {"n": 35, "d": 47, "percent": 74.47}


def test_csv(report):
    store(report)
    out = report("attendance", "--period", "2026-11", "--format", "csv").stdout
    table = list(csv.DictReader(io.StringIO(out, newline="")))
    row, = [r for r in table if r["row"] == "meeting"]
    assert row["period"] == "2026-11" and row["as_of"]
    assert (row["gross_n"], row["gross_d"], row["gross_percent"]) == (
        "35", "47", "74.47")
    assert row["name"] == "'=Giôn"  # no formula
    assert row["band"] == "2"


def cells(path):
    """The sheet as rows of strings; numbers as they stand."""
    ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as z:
        shared = ["".join(t.text or "" for t in s.iter(f"{{{ns['m']}}}t"))
                  for s in ElementTree.fromstring(
                      z.read("xl/sharedStrings.xml")).findall("m:si", ns)]
        sheet = ElementTree.fromstring(z.read("xl/worksheets/sheet1.xml"))
        assert not list(sheet.iter(f"{{{ns['m']}}}f"))
    found = []
    for row in sheet.iter(f"{{{ns['m']}}}row"):
        found.append({})
        for c in row:
            value = c.find("m:v", ns).text
            column = re.match("[A-Z]+", c.get("r")).group()
            found[-1][column] = (shared[int(value)] if c.get("t") == "s"
                                 else float(value))
    names = {v: k for k, v in found[0].items()}
    return [{n: r.get(c) for n, c in names.items()} for r in found[1:]]


def test_xlsx(report):
    store(report)
    done = report("attendance", "--period", "2026-11", "--format", "xlsx",
                  "-o", "t.xlsx")
    assert done.returncode == 0, done.stderr
    row, = [r for r in cells(report.path / "t.xlsx") if r["row"] == "meeting"]
    assert row["period"] == "2026-11" and row["unit"] == "MG07"
    assert (row["gross_n"], row["gross_d"], row["gross_percent"]) == (
        35, 47, 74.47)
    assert row["name"] == "'=Giôn"


def test_xlsx_into_a_pipe(report):
    out = subprocess.run(
        [rig.binary(), "report", "-c", "t.yaml", "away", "--format", "xlsx"],
        cwd=report.path, capture_output=True, check=True).stdout
    assert out.startswith(b"PK")
    assert zipfile.ZipFile(io.BytesIO(out)).testzip() is None


def test_no_workbook_on_a_terminal(report):
    master, slave = pty.openpty()
    done = subprocess.run(
        [rig.binary(), "report", "-c", "t.yaml", "away", "--format", "xlsx"],
        cwd=report.path, stdout=slave, stderr=subprocess.PIPE, check=False)
    os.close(slave)
    os.close(master)
    assert done.returncode == 2 and b"-o report.xlsx" in done.stderr


@pytest.mark.parametrize("args, status, says", [
    (["atendance"], 2, "did you mean 'attendance'?"),
    (["weather"], 2, "meetings, attendance, away, votes, opinions, traffic"),
    (["away", "--period", "2026-13"], 2, "2026-11, 2026-Q4 or 2026"),
    (["away", "--period", "11/2026"], 2, "2026-11, 2026-Q4 or 2026"),
    (["away", "--format", "pdf"], 2, "text, csv, xlsx or json"),
    (["away", "--format", "csv", "--json"], 2, "give one of them"),
    (["away", "--texts"], 2, "--texts goes with opinions"),
    (["away", "--as-of", "tomorrow"], 2, "write 2026-11-30"),
    (["away", "--as-of", "2199-01-01"], 2, "nobody can know"),
    (["votes", "--as-of", "2026-11-01"], 2, "does not go with 'votes'"),
    (["away", "--unit", "MG9"], 1, "did you mean 'MG'?"),
    (["away", "-o", "none/out"], 1, "none/out"),
    ([], 2, "missing operand"),
])
def test_refused(report, args, status, says):
    done = report(*args)
    assert done.returncode == status
    assert says in done.stderr
    assert done.stdout == ""


def test_no_database(report):
    (report.path / "t.db").unlink()
    done = report("away")
    assert done.returncode == 1 and "t.db" in done.stderr


def test_below_a_unit(report):
    store(report)
    assert {r["unit"] for r in rows(report, "meetings", "--unit", "MG08",
                                    "--period", "2026-11")} == {"MG08", None}


def test_narrow(report, monkeypatch):
    store(report)
    monkeypatch.setenv("COLUMNS", "40")
    out = report("attendance", "--period", "2026-11").stdout
    assert all(len(line) <= 40 for line in out.splitlines())
    assert "gross 35/47 74.47%" in out


def test_words_of_opinions_only_when_asked_for(report):
    db = sqlite3.connect(report.path / "t.db")
    db.execute("INSERT INTO opinion (unit, phone, topic_code, text, state,"
               " created_at) VALUES (2, '+84900000007', '03', 'nguoi kia',"
               " 'open', ?)", (int(time.time() * 1000),))
    db.commit()
    db.close()
    assert "nguoi kia" not in report("opinions").stdout
    out = report("opinions", "--texts").stdout
    assert "nguoi kia" in out and "84900000007" not in out


def test_a_new_threshold_leaves_the_past(report):
    store(report, 40, "2026-10-05")
    store(report, 40, "2026-11-05")
    changed = CONFIG + """\
figures:
  - {name: attendance.band_3, value: 90, from: 2026-11-01, unit: MG07,
     source: decision 5}
"""
    args = ["attendance", "--format", "csv", "--period"]
    past = report(*args, "2026-10").stdout
    now = report(*args, "2026-11").stdout
    assert report(*args, "2026-10", config=changed).stdout == past
    assert report(*args, "2026-11", config=changed).stdout != now


def test_beside_serve(server):
    done = server.command("report", "meetings", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"]
