"""A modem behind gammu-smsd: with the real daemon, and with its file alone."""
import pytest

from rig.gammu import Database, Smsd
from rig.smsgate import SECRETARY, meeting_day
from rig.wait import wait_until

CHANNEL = {"name": "modem", "provider": "gammu", "number": ["+84900000001"],
           "database": "../gammu/smsd.db", "poll_s": 1, "fold": "keep"}
STATES = "SELECT DISTINCT state FROM outbox"


def settings(**channel):
    return {"listen": "127.0.0.1:0", "database": "bantin.db",
            "outbox": {"retry_base_s": 1, "retry_max_s": 1},
            "channels": [{**CHANNEL, **channel}]}


@pytest.fixture
def gammu(tmp_path):
    return Database(tmp_path / "gammu")


@pytest.fixture
def smsd(tmp_path):
    daemon = Smsd(tmp_path / "gammu")
    yield daemon.start()
    daemon.stop()


@pytest.fixture
def modem(make_server):
    """modem(…): bantin with the channel, not started."""
    def make(**channel):
        server = make_server(settings(**channel))
        server.load_registry()
        return server
    return make


def wait_state(server, state):
    wait_until(lambda: [r["state"] for r in server.rows(STATES)] == [state],
               f"all texts {state}")


def test_with_the_daemon(smsd, modem):
    """Text in, reply out, report back; long texts in both directions."""
    server = modem().start()
    day, iso = meeting_day()
    smsd.receive(f"Họp MG07 {day} tổng 47 có mặt 35 vắng phép 10 "
                 "vắng không phép 2")
    wait_until(lambda: server.reports(held_on=iso), "the report")
    assert [r["present"] for r in server.reports(held_on=iso)] == [35]
    wait_until(lambda: smsd.run("SELECT * FROM sentitems"), "the reply")
    reply = smsd.run("SELECT * FROM sentitems")[0]
    assert reply["DestinationNumber"] == SECRETARY
    assert "35" in reply["TextDecoded"]
    assert reply["CreatorID"].startswith("bantin:")
    wait_until(lambda: "SendingOK" in server.command("why", "o1").stdout,
               "what the modem said of it")
    smsd.report("DeliveryOK", 0)
    wait_state(server, "delivered")
    assert "DeliveryOK" in server.command("why", "o1").stdout

    for no, text in ((2, "nam nay"), (1, "Chao cac bac ")):
        smsd.receive(text, "+84900000115", f"050003AA02{no:02X}")
    wait_until(lambda: server.count("message") == 2, "the joined text")
    assert server.value("SELECT text FROM message WHERE id = 2") == (
        "Chao cac bac nam nay")

    long = "Mời họp chi bộ 19:30 ☺ " + "rất dài " * 20 + "hết"
    done = server.command("send", SECRETARY, long)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: "hết" in "".join(
        r["TextDecoded"] for r in smsd.run("SELECT * FROM sentitems")),
        "the long text")
    parts = smsd.run("SELECT * FROM sentitems WHERE UDH <> '' "
                     "ORDER BY SequencePosition")
    assert "".join(p["TextDecoded"] for p in parts) == long
    assert len({p["UDH"][:10] for p in parts}) == 1
    assert [int(p["UDH"][10:], 16) for p in parts] == list(
        range(1, len(parts) + 1))
    assert smsd.unprocessed() == 0
