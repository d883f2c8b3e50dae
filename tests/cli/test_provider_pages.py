"""docs/providers/: each page's channel is one that `bantin check` takes."""
import glob
import os
import re

import pytest

from rig import server as rig
from rig.gammu import Database
from rig.server import TOP
from rig.smsd import Spool

# With a whole kannel.conf; with two whole APIs.
LONG = ("kannel", "generic")
PAGES = sorted(glob.glob(f"{TOP}/docs/providers/*.md"))


def read(page):
    with open(page, encoding="utf-8") as f:
        return f.read()


@pytest.mark.parametrize("page", PAGES, ids=os.path.basename)
def test_page(page, tmp_path):
    text = read(page)
    name = os.path.basename(page).removesuffix(".md")
    channels = re.findall(r"```yaml\n(channels:.*?)```", text, re.S)
    assert channels and f"provider: {name}\n" in channels[0]
    assert text.count("\n") <= (120 if name in LONG else 80)
    assert f"(providers/{name}.md)" in read(f"{TOP}/docs/providers.md")
    gammu = Database(tmp_path / "gammu")
    for n, channel in enumerate(channels):
        channel = channel.replace("/var/lib/gammu/smsd.db", gammu.path)
        spool = Spool(tmp_path / f"sms{n}")
        channel = channel.replace("/var/spool/sms", spool.folder)
        file = tmp_path / f"{n}.yaml"
        file.write_text("listen: 127.0.0.1:0\ndatabase: t.db\n"
                        "public_url: https://sms.example.vn\n" + channel,
                        encoding="utf-8")
        done = rig.run("check", "-c", file, cwd=tmp_path)
        assert done.returncode == 0, done.stderr


def test_each_provider_has_a_page():
    table = read(f"{TOP}/gateway/providers/providers.h")
    names = re.findall(r"provider_(\w+);", table)
    assert len(names) >= 8
    pages = [os.path.basename(p).removesuffix(".md") for p in PAGES]
    assert sorted(set(names) - set(pages)) == []
    assert sorted(set(pages) - set(names)) == []


def test_the_overview_stays_one():
    assert read(f"{TOP}/docs/providers.md").count("\n") <= 80
