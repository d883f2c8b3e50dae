"""Every table that holds something of a person, and when it goes."""
import os
import re
import sqlite3

from rig import server as rig

RECORDS = os.path.join(os.path.dirname(__file__), "../../docs/privacy.md")

# What says nothing of a person.
NOBODYS = {
    "schema_version", "unit", "unit_alias", "unit_event", "unit_change",
    "meeting", "indicator", "schedule", "channel_use", "channel_wait", "purge",
}
# May stand in a table of nobody's: what is a phone, or somebody's words.
NAMES = re.compile(r"phone|member|^text$|^name$|fields|said")
UNITS = {"name"}  # a unit's, an indicator's


def listed():
    """Tables in the first column of privacy.md's table, with how they go."""
    with open(RECORDS, encoding="utf-8") as f:
        part = f.read().split("**Kept until when**", 1)[1].split("## ", 1)[0]
    rows = [[c.strip() for c in line.strip("|\n").split("|")]
            for line in part.splitlines() if line.startswith("| `")]
    return {name: goes for tables, _, goes in rows
            for name in re.findall(r"`(\w+)`", tables)}


def tables(tmp_path):
    path = tmp_path / "empty.db"
    scenario = tmp_path / "empty.scn"
    scenario.write_text("at 2026-11-10 08:00\n")
    done = rig.run("rehearse", "--save", str(path), str(scenario))
    assert done.returncode == 0, done.stdout + done.stderr
    db = sqlite3.connect(path)
    try:
        return {name: [r[1] for r in db.execute(f"PRAGMA table_info({name})")]
                for name, in db.execute("SELECT name FROM sqlite_master "
                                        "WHERE type = 'table'").fetchall()}
    finally:
        db.close()


def test_every_table_has_its_retention(tmp_path):
    there, kept = tables(tmp_path), listed()
    assert len(kept) > 20
    assert set(kept) & NOBODYS == set()
    # New tables: into the table of docs/privacy.md, with store/purge.c, or,
    # when nothing in them is of a person, into NOBODYS.
    assert set(there) - set(kept) - NOBODYS == set()
    assert set(kept) - set(there) == set(), "no such table any more"


def test_what_is_nobodys_names_nobody(tmp_path):
    for table, columns in tables(tmp_path).items():
        if table in NOBODYS:
            assert not [c for c in columns
                        if NAMES.search(c) and c not in UNITS], table


def test_what_is_kept_says_why():
    for table, goes in listed().items():
        assert re.match(r"(texts|delivery|months|q|with the list|kept): .",
                        goes), (table, goes)
