"""With a real smsd and a modem that is played: texts, answers, reports."""
import pytest

from rig.smsd import Smsd
from rig.smsgate import SECRETARY, meeting_day
from rig.wait import wait_until


@pytest.fixture
def line(make_server, tmp_path):
    """line(…): smsd and bantin, running and joined."""
    smsd = Smsd(tmp_path / "sms")
    server = make_server({
        "listen": "127.0.0.1:0", "database": "bantin.db",
        "outbox": {"retry_base_s": 1, "retry_max_s": 1},
        "channels": [{
            "name": "modem", "provider": "smstools", "fold": "keep",
            "folder": smsd.folder,
            "reports_folder": f"{smsd.folder}/report"}]})
    server.load_registry()
    smsd.start()
    server.start()
    yield server, smsd
    smsd.stop()


def why(server, row):
    """The story without its line breaks."""
    return " ".join(server.command("why", row).stdout.split())


def wait_state(server, state, row=1):
    wait_until(lambda: server.value(
        "SELECT state FROM outbox WHERE id = ?", row) == state,
        f"o{row} is {state}")


def test_text_in_reply_out_report_back(line):
    server, smsd = line
    day, iso = meeting_day()
    smsd.modem.deliver(SECRETARY, f"HOP MG07 {day} 47 35 10 2")
    wait_until(smsd.modem.sent, "the answer")
    number, text = smsd.modem.sent()[0]
    assert number == SECRETARY
    assert "TS47" in text
    assert [r["present"] for r in server.reports(held_on=iso)] == [35]
    wait_state(server, "delivered")
    story = why(server, "o1")
    assert "handed over as bantin.m1" in story
    assert "sent by modem GSM1" in story
    assert "received by the SME" in story
    wait_until(lambda: not smsd.names("incoming") and not smsd.names("sent")
               and not smsd.names("report") and not smsd.ours("taken"),
               "no file is left")
    assert server.count("message") == 1
    assert not smsd.ours("refused")


def test_diacritics_parts_and_a_name(line):
    server, smsd = line
    day, _ = meeting_day()
    smsd.modem.deliver("Viettel", "khuyen mai")
    smsd.modem.deliver(SECRETARY, f"Họp MG07 {day} tổng 47 ", part=(42, 2, 1))
    smsd.modem.deliver(SECRETARY, "có mặt 35 vắng phép 10 vắng không phép 2",
                       part=(42, 2, 2))
    smsd.modem.deliver("+84900000115", "Chào ☺ bạn")
    wait_until(lambda: server.count("message") == 3, "three messages")
    texts = {r["from_phone"]: r["text"]
             for r in server.rows("SELECT * FROM message")}
    assert texts["Viettel"] == "khuyen mai"
    assert texts[SECRETARY] == (f"Họp MG07 {day} tổng 47 có mặt 35 vắng phép "
                                "10 vắng không phép 2")
    assert texts["+84900000115"] == "Chào ☺ bạn"

    long = "Mời họp chi bộ 19:30 ☺ " + "rất dài " * 20 + "hết"
    done = server.command("send", SECRETARY, long)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: (SECRETARY, long) in smsd.modem.sent(),
               "the long text, as it was typed")
    row = int(server.value("SELECT max(id) FROM outbox"))
    wait_state(server, "delivered", row)
    assert "part 3, parts 3" in why(server, f"o{row}")


def test_refused_by_the_network(line):
    server, smsd = line
    smsd.modem.refuse = True
    done = server.command("send", SECRETARY, "thu")
    assert done.returncode == 0, done.stderr
    wait_state(server, "failed")
    assert "+CMS ERROR: 38" in why(server, "o1")


def test_report_of_a_failure(line):
    server, smsd = line
    smsd.modem.status = 70
    done = server.command("send", SECRETARY, "thu")
    assert done.returncode == 0, done.stderr
    wait_state(server, "expired")
