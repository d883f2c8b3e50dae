"""Commands understand a unit's former codes and its aliases, as texts do, and
say so when they know none."""
import json
import os

import pytest
from rig import server as rig

REGISTRY = os.path.join(rig.TOP, "tests/data/registry")

STORY = """registry %s
at 2026-11-06 19:00
+84900000920 > YK duong hong
drain
unit rename MG10 MG77="Ban Moi"
drain
+84900000920 > LICH 20/11 19H30
drain
"""


@pytest.fixture
def renamed(tmp_path):
    scenario = tmp_path / "renamed.scn"
    scenario.write_text(STORY % REGISTRY)
    path = tmp_path / "renamed.db"
    done = rig.run("rehearse", "--save", str(path), str(scenario))
    assert done.returncode == 0, done.stdout + done.stderr
    file = tmp_path / "bantin.yaml"
    file.write_text(json.dumps({"database": str(path)}))
    return lambda *a: rig.run(*a, "-c", str(file))


@pytest.mark.parametrize("code", ("MG77", "MG10", "mg10"))
def test_a_former_code_means_the_unit(renamed, code):
    for args, said in (
            (("report", "away", "--period", "2026-11", "--unit", code),
             "MG77 and below"),
            (("opinion", "list", "--unit", code), "MG77"),
            (("person", "show", code, "1"), "unit: MG77"),
            (("fact", "set", code, "has_committee", "yes"), "1 kept"),
            (("fact", "list", code), "MG77"),
            (("vote", "list", "--unit", code), "MG77 2026-11-20 BQ1"),
            (("unit", "move", code, "CS"), "--yes does it"),
            (("broadcast", "mai hop", "--unit", code), "1 out of reach")):
        done = renamed(*args)
        assert said in done.stdout, (args, done.stdout, done.stderr)


def test_an_alias_means_the_unit(renamed):
    done = renamed("report", "away", "--period", "2026-11", "--unit", "GION")
    assert "MG07 and below" in done.stdout, done.stderr


# NAPAN is a name of MG11 and of CS03.
@pytest.mark.parametrize("code", ("MG99", "NAPAN"))
@pytest.mark.parametrize("args", (
    ("report", "away", "--unit"), ("opinion", "list", "--unit"),
    ("fact", "list")))
def test_what_means_no_unit_is_said(renamed, args, code):
    done = renamed(*args, code)
    assert done.returncode == 1
    assert f"there is no unit '{code}'" in done.stderr
