"""`bantin check`: rules that hang on their order, patterns that backtrack."""
import os
import re

import pytest

from rig import server as rig
from rig.server import TOP


@pytest.fixture
def check(tmp_path):
    with open(os.path.join(TOP, "config/rules.yaml"), encoding="utf-8") as f:
        rules = f.read()

    def run(old, new):
        assert rules.count(old) == 1
        (tmp_path / "r.yaml").write_text(rules.replace(old, new),
                                         encoding="utf-8")
        (tmp_path / "t.yaml").write_text(
            "database: t.db\nrules: r.yaml\n", encoding="utf-8")
        return rig.run("check", "-c", "t.yaml", cwd=tmp_path)
    return run


def test_overlap_has_its_place(check):
    """What is no longer named under `not` hangs on the rules' order."""
    done = check('"dinh chinh hop ngay 4/11 ko phai 5/11",\n', "\n")
    assert done.returncode == 1 and done.stdout == ""
    assert re.search(r"^r\.yaml:\d+:\d+: 'dinh chinh .*' would be of rule "
                     r"'report' too", done.stderr, re.M), done.stderr


def test_backtracking_has_its_place(check):
    """Two repeats, one inside the other: every split of the figures."""
    done = check("'^\\d+$'", "'^\\d+$|^(?:\\d+ ?)+[a-z]$'")
    assert done.returncode == 1
    line = next(s for s in done.stderr.splitlines() if "backtracks" in s)
    assert re.match(r"r\.yaml:\d+:\d+: this pattern backtracks", line)
