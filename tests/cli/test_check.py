"""`bantin check`: every fault with its place, and what would be right."""
import os
import re

import pytest

from rig import server as rig
from rig.gammu import Database
from rig.server import TOP

GOOD = """\
listen: 127.0.0.1:0
database: t.db
"""
CHANNEL = """\
channels:
  - name: demo
    provider: generic
    token: 6f1ed002ab5595859014ebf0951522d9
    outbound:
      url: "http://127.0.0.1:1/?to={to}&t={text}"
"""


@pytest.fixture
def check(tmp_path):
    def run(text, **files):
        (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        return rig.run("check", "-c", "t.yaml", cwd=tmp_path)
    return run


def shipped(name):
    with open(os.path.join(TOP, "config", name), encoding="utf-8") as f:
        return f.read()


def test_good_file(check):
    done = check(GOOD + CHANNEL)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_shipped_files_are_good(check):
    done = check(GOOD + "rules: rules.yaml\n", rules=shipped("rules.yaml"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("spoil, says", [
    (lambda g: os.unlink(g.path), "unable to open database file"),
    (lambda g: g.run("DROP TABLE sentitems"), "not the tables of gammu-smsd"),
    (lambda g: g.run("UPDATE gammu SET Version = 16"), "version 16"),
    (lambda g: open(g.path, "w", encoding="utf-8").write("x" * 4096),
     "file is not a database"),
])
def test_the_database_of_a_modem(check, tmp_path, spoil, says):
    gammu = Database(tmp_path / "gammu")
    channel = ("channels:\n  - {name: modem, provider: gammu,\n"
               f"     database: {gammu.path}}}\n")
    done = check(channel)
    assert done.returncode == 0, done.stderr
    spoil(gammu)
    done = check(channel)
    assert done.returncode == 1
    assert re.match(r"t\.yaml:3:16: .*smsd\.db: .*", done.stderr), done.stderr
    assert says in done.stderr


@pytest.mark.parametrize("text, place, says", [
    ("listen: [1\n", r"t\.yaml:\d+:\d+", ""),
    ("listen: 1\n\tx: 2\n", r"t\.yaml:2:1", ""),
    ("lisen: 127.0.0.1:1\n", r"t\.yaml:1:1", "listen"),
    ("listen: here\n", r"t\.yaml:1:9", "ADDRESS:PORT"),
    ("listen: a\nlisten: b\n", r"t\.yaml:2:1", "listen"),
    ("utc_offset: seven\n", r"t\.yaml:1:13", "number"),
    ("http: {max_body: 1}\n", r"t\.yaml:1:18", "1024"),
    (CHANNEL.replace("generic", "pigeon"), r"t\.yaml:3:15", "generic"),
    (CHANNEL.replace("6f1ed002ab5595859014ebf0951522d9", "short"),
     r"t\.yaml:4:12", "32"),
    (CHANNEL.replace("{to}", "{too}"), r"t\.yaml:6:36", "{too}"),
    (CHANNEL.replace("url:", "link:"), r"t\.yaml:6:7", "link"),
    ("channels: [{name: m, provider: gammu}]\n", r"t\.yaml:1:\d+",
     "database"),
    ("channels: [{name: m, provider: gammu, database: d, poll_s: 0}]\n",
     r"t\.yaml:1:\d+", "poll_s"),
    ("channels: [{name: m, provider: gammu, database: d, away_s: x}]\n",
     r"t\.yaml:1:\d+", "number"),
    ("channels: [{name: m, provider: gammu, data: d}]\n",
     r"t\.yaml:1:\d+", "database"),
    (CHANNEL + "    allow_from: [127.0.0.1, 10.0.0.0/33]\n",
     r"t\.yaml:7:29", "192.0.2.0/24"),
    (CHANNEL + "    allow_from: localhost\n", r"t\.yaml:7:17", "allow_from"),
    (CHANNEL + "    inbound: {sorce: xml}\n", r"t\.yaml:7:15", "source"),
    (CHANNEL + "    inbound: {source: yaml}\n", r"t\.yaml:7:23", "xml"),
    (CHANNEL + "    inbound: {signature: {kee: a}}\n", r"t\.yaml:7:27",
     "key"),
    (CHANNEL + "    dlr: {states: {A: gone}}\n", r"t\.yaml:7:23",
     "delivered"),
])
def test_config_fault_has_its_place(check, text, place, says):
    done = check(text)
    assert done.returncode == 1
    assert re.search(rf"^{place}: ", done.stderr, re.M), done.stderr
    assert says in done.stderr


def test_all_faults_at_once(check):
    done = check("listen: here\nutc_offset: 99\nnonsense: 1\n")
    assert done.returncode == 1
    assert [s.split(": ")[0] for s in done.stderr.strip().split("\n")] == [
        "t.yaml:1:9", "t.yaml:2:13", "t.yaml:3:1"]


def spoil(text, old, new):
    """The shipped rules with one thing changed, and the line it stands on."""
    at = text.index(old)
    return text.replace(old, new, 1), text[:at].count("\n") + 1


@pytest.mark.parametrize("old, new, says", [
    # not YAML any more
    ("rules:\n", "rules: [\n", ""),
    # a pattern that does not compile
    ("when: '^DUNG$'", "when: '^(DUNG$'", "parenthes"),
    # an example that its own rule does not read
    ('- {text: "TC"}', '- {text: "CHAO ANH"}', "CHAO ANH"),
    # a text that must not be read as this, and is
    ('not: ["STOP 12345"', 'not: ["STOP"', "opt_out"),
    # names that do not exist
    ("need: [LUNAR]", "need: [LUNARR]", "LUNAR"),
    ("pattern: '{from}(?<present>", "pattern: '{form}(?<present>", "form"),
])
def test_rule_fault_has_its_place(check, old, new, says):
    rules, line = spoil(shipped("rules.yaml"), old, new)
    done = check(GOOD + "rules: rules.yaml\n", rules=rules)
    assert done.returncode == 1
    places = re.findall(r"^rules\.yaml:(\d+):(\d+): ", done.stderr, re.M)
    assert places, done.stderr
    if says:  # broken YAML may be noticed a little later
        assert line in [int(at) for at, _ in places], done.stderr
    assert says in done.stderr


@pytest.mark.parametrize("old, new, says", [
    ("{figures}", "{figurse}", "figurse"),
    ("{figures}", "{figures", ""),
    ("Da sua", "Dang vien", "forbidden"),
    ("Da sua", "Da sua " * 40, "segment"),
    ("report_many:", "report_mny:", "report_m"),
])
def test_reply_fault_has_its_place(check, tmp_path, old, new, says):
    for name in ("replies.vi.yaml", "replies.en.yaml"):
        text = shipped(name)
        if ".vi." in name:
            text, line = spoil(text, old, new)
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = check(GOOD + "replies: .\n")
    assert done.returncode == 1
    assert f"replies.vi.yaml:{line}:" in done.stderr, done.stderr
    assert says in done.stderr


@pytest.mark.parametrize("old, new, says", [
    ("    say: \"YK {text}\"", "    say: \"YK {words}\"", "is no field"),
    ("vi: \"VP: vang co phep?\"", "vi: \"" + "VP " * 60 + "\"",
     "more than one screen"),
    ("vi: \"Chon so:\"", "vi: \"Đảng viên chọn số:\"", "no text may hold"),
])
def test_menu_fault_has_its_place(check, old, new, says):
    menus, line = spoil(shipped("menus.yaml"), old, new)
    done = check(GOOD + "menus: menus.yaml\n", menus=menus)
    assert done.returncode == 1
    assert f"menus.yaml:{line}:" in done.stderr, done.stderr
    assert says in done.stderr


def test_missing_rules_file(check):
    done = check(GOOD + "rules: nowhere.yaml\n")
    assert done.returncode == 1
    assert "nowhere.yaml" in done.stderr


def test_missing_config_file(tmp_path):
    done = rig.run("check", "-c", "nowhere.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "nowhere.yaml" in done.stderr
