"""The smaller commands: version, help, usage, why."""
import json
import re

import pytest

from rig import server as rig
from rig.smsgate import report


def test_version():
    done = rig.run("version")
    assert done.returncode == 0
    assert re.match(r"bantin \d+\.\d+\.\d+", done.stdout)


@pytest.mark.parametrize("args", [["help"], ["--help"], ["-h"]])
def test_help(args):
    done = rig.run(*args)
    assert done.returncode == 0
    for name in ("serve", "check", "parse", "rehearse", "import", "send",
                 "why", "version"):
        assert name in done.stdout


@pytest.mark.parametrize("args", [["fly"], ["serve", "--wings"],
                                  ["why"], ["parse", "a", "b"],
                                  ["serve", "-c"],
                                  ["send", "+84900000011", ""]])
def test_wrong_usage(args):
    done = rig.run(*args)
    assert done.returncode == 2
    assert done.stderr and not done.stdout


def test_why_tells_the_whole_story(server, provider):
    server.text(report())
    server.wait_sent()
    done = server.command("why", "1")
    assert done.returncode == 0, done.stderr
    for said in (report(), "meeting_report", "MG07", "sent"):
        assert said in done.stdout
    story = server.command("why", "--json", "1")
    assert json.loads(story.stdout)
    text = server.command("why", "o1")
    assert text.returncode == 0 and "sent" in text.stdout


def test_why_of_nothing(server):
    done = server.command("why", "4711")
    assert done.returncode == 1 and "4711" in done.stderr


@pytest.mark.parametrize("what, holds", [
    ("--man", ".Nm bantin"), ("--man-config", "inbound.signature.over"),
    ("--sample", "\n      signature:\n")])
def test_help_from_the_tables(what, holds):
    done = rig.run("help", what)
    assert (done.returncode, done.stderr) == (0, "")
    assert holds in done.stdout
