"""`bantin vote`: the count from the chain, and who touched it."""
import csv
import json
import os
import sqlite3

import pytest

from rig import server as rig

REGISTRY = os.path.join(os.path.dirname(__file__), "../data/registry")
STORY = f"""registry {os.path.abspath(REGISTRY)}
at 2026-11-03 08:00
+84900000007 > LICH MG07 8/11 19H30
+84900000112 > BQ1 DY
+84900000115 > BQ1 KDY
+84900000116 > BQ1 TRANG
+84900000120 > BQ1 DY
+84900000145 > BQ1 DY
drain
"""
CLOSED = STORY + "at 2026-11-09 08:00\ndrain\n"


@pytest.fixture
def voted(tmp_path):
    """Votes of a story, in a database; and how to ask about them."""
    def make(story=STORY):
        scenario = tmp_path / "votes.scn"
        scenario.write_text(story)
        path = tmp_path / "votes.db"
        done = rig.run("rehearse", "--save", str(path), str(scenario))
        assert done.returncode == 0, done.stdout + done.stderr
        config = tmp_path / "bantin.yaml"
        config.write_text(json.dumps({"database": str(path)}))
        make.config = str(config)
        return path, lambda *a: rig.run("vote", *a, "-c", str(config))
    return make


def tamper(path, *statements):
    with sqlite3.connect(path) as db:
        for sql in statements:
            db.execute(sql)
    db.close()


def test_counts(voted):
    _, vote = voted()
    done = vote("list", "--json")
    assert done.returncode == 0, done.stderr
    item = json.loads(done.stdout)
    assert item["remote"] == {"for": 2, "against": 1, "abstain": 1}
    assert item["opinions"] == {"for": 1, "against": 0, "abstain": 0}
    assert (item["ballots"], item["denominator"]) == (5, 44)
    assert item["holds"] and item["faults"] == []
    assert "the chain holds" in vote().stdout


@pytest.mark.parametrize("story", [STORY, CLOSED])
@pytest.mark.parametrize("sql, named", [
    ("UPDATE ballot SET choice = 'for' WHERE seq = 2",
     "ballot 2 of member 15 was changed"),
    ("UPDATE ballot SET voted_at = voted_at + 1 WHERE seq = 3",
     "ballot 3 of member 16 was changed"),
    ("UPDATE ballot SET member_no = 21 WHERE seq = 1",
     "ballot 1 of member 12 was changed"),
    ("DELETE FROM ballot WHERE seq = 2",
     "ballot 2 of member 15 was taken out"),
    ("DELETE FROM ballot WHERE seq = 5",
     "ballot 5 of member 45 was taken out"),
    ("INSERT INTO ballot (meeting, item, unit, member_no, choice, "
     "created_at, ballot_item, seq, counted_as, voted_at, prev, hash) "
     "SELECT meeting, item, unit, 21, 'for', created_at, ballot_item, 6, "
     "'vote', voted_at, hash, 'ab' FROM ballot WHERE seq = 5",
     "ballot 6 of member 21 was put in"),
    ("UPDATE ballot_eligible SET standing = 'official' WHERE member_no = 45",
     "the question or the list of voters changed"),
])
def test_what_was_touched_is_named(voted, story, sql, named):
    path, vote = voted(story)
    tamper(path, sql)
    done = vote("list")
    assert done.returncode == 1
    assert f"MG07 BQ1: {named}" in done.stderr
    assert "is BROKEN" in done.stdout
    assert len(done.stderr.splitlines()) == 1


def test_an_end_that_was_cut_off(voted):
    path, vote = voted(CLOSED)
    tamper(path, "DELETE FROM ballot WHERE seq = 5",
           "DELETE FROM ballot_receipt WHERE seq = 5")
    done = vote("list")
    assert done.returncode == 1
    assert "does not end as it was closed" in done.stderr


def test_what_does_not_hold_is_not_counted(voted):
    path, vote = voted()
    tamper(path, "UPDATE ballot SET choice = 'for' WHERE seq = 2")
    item = json.loads(vote("list", "--json").stdout)
    assert item["remote"] == {"for": 2, "against": 0, "abstain": 1}
    assert item["faults"] == [
        {"seq": 2, "member": 15, "fault": "changed"}]


@pytest.mark.parametrize("of, since, favour", [
    ({"unit": "MG07"}, "2026-11-08", 25), ({"unit": "MG"}, "2026-01-01", 25),
    ({}, "2026-11-01", 25), ({"unit": "MG08"}, "2026-11-01", 23),
    ({"unit": "MG07"}, "2026-11-09", 23)])
def test_remote_votes_count_by_unit_and_day(voted, of, since, favour):
    path, vote = voted(CLOSED + "+84900000007 > HOP MG07 8/11 TS47 CM35 VP10 "
                       "VK2 BQ23/10/2\ndrain\n")
    with open(voted.config, "w", encoding="utf-8") as f:
        json.dump({"database": str(path), "figures": [dict(
            of, name="remote_votes_count", value="true", source="a decision",
            **{"from": since})]}, f)
    done = vote("list", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["in_favour"] == favour


def test_the_report(voted):
    path, _ = voted(CLOSED + "+84900000007 > HOP MG07 8/11 TS47 CM35 VP10 "
                    "VK2 BQ23/10/2\ndrain\n")
    ask = ["report", "votes", "--unit", "MG", "--period", "2026-11",
           "--format", "csv", "-c", voted.config]
    done = rig.run(*ask)
    assert done.returncode == 0 and not done.stderr, done.stderr
    rows = list(csv.DictReader(
        line for line in done.stdout.splitlines() if line[:1] != "#"))
    item = next(r for r in rows if r["row"] == "item")
    assert (item["unit"], item["meeting"], item["room_for"],
            item["remote_for"], item["opinions"], item["result"],
            item["chain"]) == ("MG07", "2026-11-08", "23", "2", "1",
                               "carried", "holds")
    assert not any(r["row"] == "item" for r in csv.DictReader(rig.run(
        *ask[:5], "2026-10", *ask[6:]).stdout.splitlines()))
    tamper(path, "DELETE FROM ballot WHERE seq = 2")
    done = rig.run(*ask)
    assert done.returncode == 1
    assert done.stderr == ("bantin report: MG07 2026-11-08 BQ1: ballot 2 of "
                           "member 15 was taken out\n")


@pytest.mark.parametrize("story, sql, named", [
    (STORY, ["DELETE FROM ballot_item"],
     "MG07 2026-11-08 BQ1: the item was taken out, 5 ballots of it are left"),
    (CLOSED, ["DELETE FROM ballot_item", "DELETE FROM ballot"],
     "item 1 was taken out, with all its ballots"),
    (CLOSED, ["UPDATE ballot_item SET seal = NULL"],
     "MG07 2026-11-08 BQ1: its seal was taken out"),
    (CLOSED, ["UPDATE ballot_item SET seal = NULL, closed_at = NULL"],
     "MG07 2026-11-08 BQ1: it was closed, and its seal was taken out"),
    (CLOSED, ["UPDATE ballot_item SET seal = NULL, closed_at = NULL, "
              "closes_at = NULL, late_to = NULL"],
     "MG07 2026-11-08 BQ1: it was closed, and its seal was taken out"),
    (CLOSED, ["UPDATE ballot_item SET seal = NULL, closed_at = NULL",
              "DELETE FROM ballot WHERE seq = 5",
              "DELETE FROM ballot_receipt WHERE seq = 5"],
     "MG07 2026-11-08 BQ1: it was closed, and its seal was taken out"),
])
def test_an_item_that_was_taken_out_or_opened_again(voted, story, sql, named):
    path, _ = voted(story)
    ask = ["report", "votes", "--period", "2026-11", "-c", voted.config]
    assert rig.run(*ask).returncode == 0
    tamper(path, *sql)
    done = rig.run(*ask)
    assert done.returncode == 1
    assert done.stderr == f"bantin report: {named}\n"


WHERE = ["--unit", "MG07", "--meeting"]


def test_staff_open_and_close(voted):
    # Of a meeting far ahead: the command goes by the wall clock.
    path, vote = voted(STORY + "at 2030-11-01 08:00\n"
                       "+84900000007 > LICH MG07 8/11 19H30\ndrain\n")
    done = vote("open", *WHERE, "2030-11-08", "--question",
                "Ket nap ung vien so 2", "--threshold", "2/3")
    assert (done.returncode, done.stdout) == (0, "BQ2 is open\n"), done.stderr
    done = vote("open", *WHERE, "2030-11-08", "--question", "Lam duong",
                "--closes", "2030-11-07 18:00")
    assert done.stdout == "BQ3 is open\n", done.stderr
    done = vote("close", *WHERE, "2030-11-08", "--item", "2")
    assert done.stdout == "BQ2 is closed\n", done.stderr
    again = vote("close", *WHERE, "2030-11-08", "--item", "2")
    assert again.returncode == 1 and "closed already" in again.stderr
    rows = [json.loads(line) for line in vote(
        "--json", *WHERE, "2030-11-08").stdout.splitlines()]
    assert [(r["item"], r["state"], r["threshold"], r["holds"])
            for r in rows] == [(1, "open", "1/2", True),
                               (2, "closed", "2/3", True),
                               (3, "open", "1/2", True)]


@pytest.mark.parametrize("args", [
    ["--question", "Bầu phó bí thư"], ["--question", "Ky luat dong chi 3"],
    ["--question", "Lam duong", "--secret"],
    ["--question", "Lam duong", "--threshold", "3/4"],
    ["--question", "Lam duong", "--closes", "mai"], []])
def test_what_may_not_be_put(voted, args):
    _, vote = voted()
    done = vote("open", *WHERE, "2026-11-08", *args)
    assert done.returncode == 2 and done.stderr


def test_no_such_meeting(voted):
    _, vote = voted()
    done = vote("open", *WHERE, "2026-11-20", "--question", "Lam duong")
    assert done.returncode == 1
    assert "no such meeting is announced" in done.stderr
