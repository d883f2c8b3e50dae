"""`bantin card`: one page whose examples are read as the page says."""
import html
import json
import re

import pytest

from rig import server as rig

CONFIG = """\
database: t.db
channels:
  - name: demo
    provider: console
    token: 0123456789abcdef0123456789abcdef
    number: "+84900000001"
"""


@pytest.fixture
def card(tmp_path):
    (tmp_path / "t.yaml").write_text(CONFIG, encoding="utf-8")

    def make(*args, config=CONFIG):
        (tmp_path / "t.yaml").write_text(config, encoding="utf-8")
        return rig.run("card", "-c", "t.yaml", *args, cwd=tmp_path)
    return make


def texts(page):
    return [html.unescape(s)
            for s in re.findall(r"<p class=send>(.*?)</p>", page)]


def test_page_is_whole(card):
    done = card()
    assert done.returncode == 0, done.stderr
    page = done.stdout
    assert page.startswith("<!DOCTYPE html>") and "size: A5" in page
    assert "+84900000001" in page
    assert len(texts(page)) >= 6
    assert "Máy trả lời: MG07 5/11: TS47 CM35 VP10 VK2" in page
    assert "Đảng" not in page and "chi bộ" not in page


def test_every_text_is_read(card):
    """What stands on the page is taken without a question."""
    last = {"unit": "MG07", "date": "2026-11-05", "total": 47, "present": 35,
            "excused": 10, "unexcused": 2}
    plan = {"unit": "MG07", "date": "2026-11-08", "time": "19:30"}
    sent = texts(card().stdout)
    assert "SUA CM36 VP9" in sent and "HOAN MG07 12/11 20H" in sent
    done = rig.run("parse", "--jsonl", stdin="".join(json.dumps(
        {"text": t, "now": "2026-11-06T20:00:00+07:00", "last_report": last,
         "question": "confirm_report",
         **({"pending_meeting": plan} if t.startswith("HOAN") else {})})
        + "\n" for t in sent))
    for text, line in zip(sent, done.stdout.splitlines()):
        got = json.loads(line)
        assert not got["clarify"], text
        assert got["intent"] not in ("unknown", "other"), text


def test_with_the_own_code(card):
    page = card("--unit", "CS12").stdout
    assert "HOP CS12 5/11" in page and "Máy trả lời: CS12 5/11" in page
    assert "MG07" not in page


def test_plain_text(card):
    done = card("--text")
    assert done.returncode == 0 and "<" not in done.stdout
    assert "HOP MG07 5/11 TS47 CM35 VP10 VK2" in done.stdout
    assert len(done.stdout.splitlines()) < 50


def test_no_number_leaves_room_to_write_one(card):
    assert ". . . ." in card(config="database: t.db\n").stdout
