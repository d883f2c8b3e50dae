"""How well texts are read may only improve: tests/corpus/ratchet."""
import os
import subprocess

import pytest

from rig import changed, corpus
from rig.server import REGISTRY, TOP, binary

ratchet = corpus.load("ratchet")
AIM = {"understood": 97.0, "needless": 3.0, "misread": 0}


@pytest.fixture(scope="module")
def measured():
    return ratchet.measure()


@pytest.mark.parametrize("key", sorted(corpus.ratchet()))
def test_is_no_worse(measured, key):
    figures, wrong = measured
    before = corpus.ratchet()[key]
    assert not ratchet.is_worse(key, figures[key], before), "\n".join(
        [f"{key}: {figures[key]}, was {before}", *wrong])


def test_the_scorer_agrees(measured):
    """The script that others run says the same, by its exit status too."""
    done = subprocess.run(
        [os.path.join(TOP, "tests/corpus/score"), "--bantin", binary(),
         "--registry", REGISTRY, f"{corpus.FOLDER}/messages.jsonl"],
        capture_output=True, text=True, encoding="utf-8")
    figures = measured[0]
    reached = not any(ratchet.is_worse(k, figures[k], v)
                      for k, v in AIM.items())
    assert done.returncode == (0 if reached else 1), done.stdout
    assert f"silent misreadings {figures['misread']}" in done.stdout


def test_changes_are_many_and_the_same_each_time():
    """Fifty of either kind for a text with figures; drawn from its own seed."""
    rows = [r for r in corpus.rows()
            if r["in"]["text"] == "HOP MG07 5/11 TS47 CM35 VP10 VK2 CT1 "
            "NQ11 BQ35/0 D92 P95"]
    readings = corpus.read([r["in"] for r in rows])
    once = [j[3] for j in changed.texts(rows, readings)]
    assert len(once) == 2 * changed.CHANGES
    assert len(set(once)) > changed.CHANGES
    assert once == [j[3] for j in changed.texts(rows, readings)]
