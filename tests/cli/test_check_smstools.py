"""`bantin check` looks at the folders that a channel of smsd needs."""
import os
import re

import pytest

from rig.server import run
from rig.smsd import Spool


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "sms")


def check(spool, channel):
    config = spool.path("bantin.yaml")
    with open(config, "w", encoding="utf-8") as f:
        f.write(channel.replace("/var/spool/sms", spool.folder))
    return run("check", "-c", config, cwd=spool.folder)


CHANNEL = """channels:
  - name: modem
    provider: smstools
    folder: /var/spool/sms
"""


def test_it_looks_and_makes_nothing(spool):
    done = check(spool, CHANNEL)
    assert done.returncode == 0, done.stderr
    assert not os.path.exists(spool.path("incoming", ".bantin"))


@pytest.mark.parametrize("folder", ["incoming", "outgoing", "sent", "failed"])
def test_a_folder_is_missing(spool, folder):
    os.rmdir(spool.path(folder))
    done = check(spool, CHANNEL)
    assert done.returncode == 1
    assert re.search(rf"bantin.yaml:2:5: channel modem: \S+/{folder}: No such "
                     "file or directory", done.stderr), done.stderr


def test_no_folder(spool):
    os.rmdir(spool.path("sent"))
    with open(spool.path("sent"), "w", encoding="utf-8"):
        pass
    assert "sent: is no folder" in check(spool, CHANNEL).stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_not_writable(spool):
    os.chmod(spool.path("incoming"), 0o500)
    assert "we may not move files in it" in check(spool, CHANNEL).stderr


@pytest.mark.parametrize("line, says", [
    ("poll_s: 0", "poll_s"), ("time_offset: 20", "time_offset"),
    ("reports_folder: /nowhere/at/all", "No such file"),
    ("queue: \"a\\nb\"", "a queue's name is one line"),
    ("folders: /x", "folder"), ("report: perhaps", "report")])
def test_wrong_keys(spool, line, says):
    done = check(spool, f"{CHANNEL}    {line}\n")
    assert done.returncode == 1
    assert says in done.stderr
