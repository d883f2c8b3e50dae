"""The corpus of texts, read by the real binary; and its scorer."""
import importlib.machinery
import importlib.util
import json
import os
import subprocess

from rig.server import REGISTRY, TOP, binary

FOLDER = os.path.join(TOP, "tests/data/corpus")
RATCHET = os.path.join(TOP, "tests/corpus/ratchet.json")


def load(name):
    """A module of tests/corpus, whose files have no suffix."""
    loader = importlib.machinery.SourceFileLoader(
        name, os.path.join(TOP, "tests/corpus", name))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


score = load("score")


def rows(name="messages"):
    with open(f"{FOLDER}/{name}.jsonl", encoding="utf-8") as f:
        return [json.loads(s) for s in f if s.strip()]


def read(inputs):
    """What `bantin parse` makes of each input, by one process."""
    text = "".join(json.dumps(i, ensure_ascii=False) + "\n" for i in inputs)
    done = subprocess.run(
        [binary(), "parse", "--registry", REGISTRY, "--jsonl"], input=text,
        stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True)
    out = [json.loads(s) for s in done.stdout.splitlines()]
    assert len(out) == len(inputs)
    return out


def ratchet():
    with open(RATCHET, encoding="utf-8") as f:
        return json.load(f)
