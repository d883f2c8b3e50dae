"""`bantin replay`: what would be made of the stored texts today?"""
import json
import os

import pytest

from rig.server import TOP
from rig.smsgate import meeting_day, report
from rig.wait import wait_until


@pytest.fixture
def stored(server):
    """A report, an answer to its echo, a wrong sum, chatter: all stored."""
    server.text(report())
    server.wait_sent()
    server.text("1")
    server.text(f"HOP {meeting_day()[0]} TS47 CM35 VP10 VK5")
    server.wait_sent(2)
    server.text("chuc mung nam moi")
    wait_until(lambda: server.count("message") == 4, "four messages")
    return server


def replay(server, *args):
    done = server.command("replay", "--json", *args)
    assert done.returncode == 0, done.stderr
    *changes, total = [json.loads(s) for s in done.stdout.splitlines()]
    assert total["changed"] == len(changes)
    return changes, total


def use_rules(server, config, change):
    with open(os.path.join(TOP, "config/rules.yaml"), encoding="utf-8") as f:
        rules = f.read()
    assert change[0] in rules
    with open(os.path.join(server.folder, "r.yaml"), "w",
              encoding="utf-8") as f:
        f.write(rules.replace(*change))
    server.write_config({**config, "rules": "r.yaml"})


def test_same_rules_change_nothing(stored):
    """Each text meets what was there when it came: 1 still finds its echo."""
    changes, total = replay(stored)
    assert changes == []
    assert total == {"read": 4, "changed": 0, "unread": 0}
    assert stored.value("SELECT intent FROM message WHERE id = 2") == "ack"


def test_report_before_and_after(server, config):
    """Without "vcp" as a word its figure belongs to nothing."""
    text = f"HOP {meeting_day()[0]} TS47 CM35 vcp 10 VK2"
    server.text(text)
    assert replay(server)[0] == []
    use_rules(server, config, ("vcp, cp, ", ""))
    changes, total = replay(server)
    assert total == {"read": 1, "changed": 1, "unread": 0}
    assert changes[0]["message"] == 1 and changes[0]["text"] == text
    before, after = changes[0]["before"], changes[0]["after"]
    assert before["report"]["total"] == 47 and before["problem"] is None
    assert after["report"] is None and after["problem"] is not None
    people = server.command("replay").stdout
    assert f"none -> {after['problem']}" in people
    assert "1 would change" in people.splitlines()[-1]


def test_changes_nothing_itself(stored):
    before = stored.rows("SELECT * FROM message"), stored.reports()
    replay(stored)
    assert before == (stored.rows("SELECT * FROM message"), stored.reports())


def test_without_a_database(idle):
    idle.write_config({"database": "none.db"})
    assert idle.command("replay").returncode == 1
