"""Folders shared with smsd, which the test plays: nothing is lost or doubled
wherever bantin dies, and what nobody can read is put aside."""
import os
import signal

import pytest

from rig.smsd import Spool
from rig.smsgate import SECRETARY, meeting_day
from rig.wait import wait_until

HEAD = ("From: {}\nFrom_TOA: 91 international, ISDN/telephone\n"
        "Sent: {}\nReceived: {}\nSubject: GSM1\nModem: GSM1\n"
        "Alphabet: ISO\nLength: {}\n\n{}")
DIE_S = 20


def incoming(text, sender=SECRETARY, sent="26-11-22 10:00:00"):
    return HEAD.format(sender.lstrip("+"), sent, sent, len(text), text)


def report(reference, status="0,Ok", number=SECRETARY):
    return incoming(f"SMS STATUS REPORT\nMessage_id: {reference}\n"
                    "Discharge_timestamp: 26-11-22 10:00:09\n"
                    f"Status: {status}", number)


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "sms")


@pytest.fixture
def server(make_server, spool):
    """Not started yet."""
    s = make_server({
        "listen": "127.0.0.1:0", "database": "bantin.db",
        "outbox": {"retry_base_s": 1, "retry_max_s": 1},
        "channels": [{"name": "modem", "provider": "smstools",
                      "folder": spool.folder}]})
    s.load_registry()
    return s


def meeting():
    return f"HOP MG07 {meeting_day()[0]} 47 35 10 2"


def wait_quiet(spool):
    wait_until(lambda: not spool.names("incoming") and
               not spool.ours("taken"), "all files are dealt with")


def dies(server):
    assert server.process.wait(DIE_S) == -signal.SIGKILL


def take_away(spool, row="bantin.m1"):
    """As smsd: it takes a text from outgoing to send it."""
    name = wait_until(lambda: spool.names("outgoing"), "a text to send")[0]
    assert name.startswith(row)
    os.rename(spool.path("outgoing", name), spool.path("checked", name))
    return name


def finish(spool, name, reference=None, why=None):
    """As smsd: the file with its headers, in sent or failed."""
    with open(spool.path("checked", name), encoding="utf-8") as f:
        head, body = f.read().split("\n\n", 1)
    os.unlink(spool.path("checked", name))
    head += "\nModem: GSM1"
    if why:
        spool.put("failed", name, f"{head}\nFail_reason: {why}\n\n{body}")
    else:
        spool.put("sent", name, f"{head}\nMessage_id: {reference}\n\n{body}")


@pytest.mark.parametrize("point", [
    "file-taken", "parse", "commit-before", "commit-after", "answer-before",
    "file-committed", "file-deleted"])
def test_killed_on_the_way_in(server, spool, point):
    server.start(fault=f"{point}:kill")
    spool.put("incoming", "GSM1.fNdO2y", incoming(meeting()))
    dies(server)
    server.start()
    wait_until(lambda: server.count("message") == 1, "the text")
    wait_quiet(spool)
    assert len(server.reports(held_on=meeting_day()[1])) == 1
    wait_until(lambda: spool.names("outgoing"), "the answer")
    assert server.count("message") == server.count("outbox") == 1
    assert not spool.ours("refused")


@pytest.mark.parametrize("point, taken", [
    ("file-before", False), ("file-marked", False), ("file-moved", False),
    ("file-moved", True), ("send-after", True), ("result-before", True),
    ("result-after", True)])
def test_killed_on_the_way_out(server, spool, point, taken):
    """taken: smsd is faster than we come back."""
    server.start()
    server.stop()
    assert server.command("send", SECRETARY, "xin chao").returncode == 0
    server.start(fault=f"{point}:kill")
    dies(server)
    if taken:
        take_away(spool, "bantin.o1")
    server.start()
    server.wait_sent()
    assert len(spool.names("outgoing") + spool.names("checked")) == 1
    assert not spool.ours("draft")
    assert "handed over as bantin.o1" in " ".join(
        server.command("why", "o1").stdout.split())


def test_sent_and_reported(server, spool):
    """A report is faster than the file that tells what it is about."""
    server.start()
    spool.put("incoming", "GSM1.fNdO2y", incoming(meeting()))
    name = take_away(spool)
    spool.put("incoming", "GSM1.report", report(117))
    wait_until(lambda: spool.ours("taken"), "the report is taken")
    assert server.value("SELECT state FROM outbox") == "sent"
    finish(spool, name, reference=117)
    wait_until(lambda: server.value("SELECT state FROM outbox") ==
               "delivered", "the text is delivered")
    wait_quiet(spool)
    assert spool.ours("known") == ["kGSM1.84900000007.117"]
    assert server.count("message") == 1


def test_given_up(server, spool):
    server.start()
    spool.put("incoming", "GSM1.fNdO2y", incoming(meeting()))
    finish(spool, take_away(spool), why="+CMS ERROR: 38")
    wait_until(lambda: server.value("SELECT state FROM outbox") == "failed",
               "the text failed")
    assert "+CMS ERROR: 38" in server.command("why", "o1").stdout
    assert not spool.names("failed")


def test_report_of_nobody(server, spool):
    spool.put("incoming", "GSM1.report", report(9), age_s=120)
    server.start()
    wait_quiet(spool)
    assert server.metrics()["bantin_dlr_parked_total"] == 1
    assert server.count("message") == 0


def test_unreadable(server, spool):
    """It waits for its writer, is put aside, and holds nobody up."""
    half = incoming(meeting())[:-4]
    spool.put("incoming", "GSM1.old", half, age_s=120)
    spool.put("incoming", "GSM1.new", half)
    spool.put("incoming", "GSM1.big", "x" * 300000, age_s=120)
    spool.put("incoming", "GSM1.fNdO2y", incoming("cam on"))
    spool.put("incoming", "GSM1-concatenated", "05 00 03 02 03 02 0791")
    spool.put("sent", "somebody", "To: 84900000001\nModem: GSM1\n\nx")
    server.start()
    wait_until(lambda: len(spool.ours("refused")) == 2, "two are refused")
    wait_until(lambda: server.count("message") == 1, "the good one")
    assert server.metrics()["bantin_files_refused_total"] == 2
    assert [n.split(".", 1)[1] for n in spool.ours("taken")] == ["GSM1.new"]
    assert spool.names("incoming") == ["GSM1-concatenated"]
    assert spool.names("sent") == ["somebody"]
    # The writer finishes the file that was taken from it.
    spool.put("incoming/.bantin/taken", spool.ours("taken")[0],
              incoming(meeting()))
    wait_until(lambda: len(server.reports()) == 1, "the whole text")


def test_in_order_and_none_twice(server, spool):
    """While the writer hangs the folders hold the texts, in order."""
    server.start(fault="commit-before:pause")
    for i in range(150):
        spool.put("incoming", f"GSM1.{149 - i:06d}",
                  incoming(f"cam on {i:03d}"), age_s=1000 - i)
    server.err.wait("fault commit-before paused")
    wait_until(lambda: not spool.names("incoming"), "all are taken")
    assert server.count("message") == 0
    server.resume_until(lambda: server.count("message") == 150)
    texts = [r["text"] for r in
             server.rows("SELECT text FROM message ORDER BY id")]
    assert texts == [f"cam on {i:03d}" for i in range(150)]
    server.kill()
    server.start()
    wait_quiet(spool)
    assert server.count("message") == 150


def test_poison(server, spool):
    """A text that kills bantin is stored unread, and others are read."""
    spool.put("incoming", "GSM1.bad", incoming("POISON"), age_s=100)
    spool.put("incoming", "GSM1.good", incoming(meeting()))
    for _ in range(2):
        server.start(fault="poison:kill")
        dies(server)
    server.start(fault="poison:kill")
    wait_until(lambda: len(server.reports()) == 1, "the good one")
    wait_quiet(spool)
    assert server.value("SELECT count(*) FROM message WHERE state = "
                        "'quarantined'") == 1


def test_reload_takes_other_folders(server, spool, tmp_path):
    server.start()
    other = Spool(tmp_path / "other")
    with open(server.config_file, encoding="utf-8") as f:
        server.write_config(f.read().replace(spool.folder, other.folder))
    other.put("incoming", "GSM1.fNdO2y", incoming("cam on"))
    server.signal(signal.SIGHUP)
    wait_until(lambda: server.count("message") == 1, "the text")
    wait_quiet(other)


def test_folder_gone_and_back(server, spool):
    """Texts wait for it, and each goes once."""
    server.start()
    wait_until(lambda: os.path.isdir(spool.path("incoming", ".bantin")),
               "the first look")
    os.rename(spool.path("outgoing"), spool.path("away"))
    spool.put("incoming", "GSM1.fNdO2y", incoming(meeting()))
    wait_until(lambda: server.value("SELECT max(attempts) FROM outbox"),
               "an attempt")
    os.rename(spool.path("away"), spool.path("outgoing"))
    wait_until(lambda: spool.names("outgoing"), "the answer")
    assert len(spool.names("outgoing")) == 1
