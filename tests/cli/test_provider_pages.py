"""docs/providers/: each page's channel is one that `bantin check` takes."""
import glob
import os
import re

import pytest

from rig import server as rig
from rig.server import TOP

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
    assert text.count("\n") <= 80
    assert f"(providers/{name}.md)" in read(f"{TOP}/docs/providers.md")
    for n, channel in enumerate(channels):
        file = tmp_path / f"{n}.yaml"
        file.write_text("listen: 127.0.0.1:0\ndatabase: t.db\n"
                        "public_url: https://sms.example.vn\n" + channel,
                        encoding="utf-8")
        done = rig.run("check", "-c", file, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
