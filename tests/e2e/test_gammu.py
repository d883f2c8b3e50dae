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


@pytest.mark.parametrize("version", [17, 18])
def test_parts_and_who_joins_them(tmp_path, modem, version):
    """By their header, or by the numbers of schema 18; in any order."""
    gammu = Database(tmp_path / "gammu", version)
    server = modem().start()
    day, iso = meeting_day()
    for no, text in ((2, " 35 10 2"), (1, f"HOP {day} 47")):
        gammu.receive(text, **(
            {"udh": f"050003AA02{no:02X}"} if version == 17 else
            {"MessageID": 5, "SequencePosition": no, "PartCount": 2}))
    gammu.receive("so du 10000d", "+84900000007", Class=127)
    wait_until(lambda: server.reports(held_on=iso), "the report")
    wait_until(lambda: gammu.unprocessed() == 0, "all marked")
    assert [m["text"] for m in server.rows("SELECT text FROM message")] == [
        f"HOP {day} 47 35 10 2"]


@pytest.mark.parametrize("point, stored", [
    ("modem-read", 0), ("commit-before", 0), ("commit-after", 1),
    ("modem-mark", 1)])
def test_killed_between_reading_and_marking(gammu, modem, point, stored):
    """Nothing is lost, and nothing has a second effect."""
    day, iso = meeting_day()
    gammu.receive(f"HOP {day} 47 35 10 2")
    server = modem().start(fault=f"{point}:pause")
    server.pause_where(point, lambda: server.count("message") == stored)
    assert gammu.unprocessed() == 1
    server.kill()
    server.start()
    wait_until(lambda: gammu.unprocessed() == 0, "the mark")
    assert server.count("message") == server.count("outbox") == 1
    assert len(server.reports(held_on=iso)) == 1


def test_killed_after_the_hand_over(gammu, modem):
    """In gammu's outbox, and not yet known to be: it goes there once."""
    gammu.refresh()
    server = modem()
    server.start(fault="modem-sent:kill")
    gammu.receive(f"HOP {meeting_day()[0]} 47 35 10 2")
    server.wait_end()
    assert server.value("SELECT state FROM outbox") == "sending"
    server.start()
    wait_state(server, "sent")
    gammu.send_all()
    wait_until(lambda: "SendingOK" in server.command("why", "o1").stdout,
               "the report")
    assert gammu.value("SELECT count(*) FROM sentitems") == 1
    assert gammu.value("SELECT count(*) FROM outbox") == 0


def test_a_repeat_after_it_was_sent(gammu, modem):
    """The text has left outbox by the time it is handed over again."""
    gammu.refresh()
    server = modem()
    server.start(fault="modem-sent:kill")
    gammu.receive(f"HOP {meeting_day()[0]} 47 35 10 2")
    server.wait_end()
    gammu.send_all("DeliveryOK")
    server.start()
    wait_state(server, "delivered")
    assert gammu.value("SELECT count(*) FROM sentitems") == 1
    assert gammu.value("SELECT count(*) FROM outbox") == 0


def test_reports_of_parts(gammu, modem):
    """Delivered when each part is; failed when one has failed."""
    gammu.refresh()
    server = modem().start()

    def send():
        done = server.command("send", SECRETARY, "rat dai " * 40)
        assert done.returncode == 0, done.stderr
        wait_until(lambda: gammu.value("SELECT count(*) FROM outbox"),
                   "a text in outbox")

    send()
    gammu.send_all()
    gammu.report("DeliveryOK", 0, part=1)
    wait_until(lambda: "DeliveryOK" in server.command("why", "o1").stdout,
               "the first part")
    assert server.value("SELECT state FROM outbox WHERE id = 1") == "sent"
    gammu.report("DeliveryOK", 0)
    wait_until(lambda: server.value(
        "SELECT state FROM outbox WHERE id = 1") == "delivered", "all parts")
    send()
    gammu.send_all("SendingError")
    wait_until(lambda: server.value(
        "SELECT state FROM outbox WHERE id = 2") == "failed", "its failure")


def test_a_modem_that_is_gone(gammu, modem):
    """It is told, and texts wait until it is back."""
    gammu.refresh(age_s=1000)
    server = modem().start()
    server.err.wait("event=modem_gone channel=modem .*last saw it")
    gammu.receive(f"HOP {meeting_day()[0]} 47 35 10 2")
    wait_until(lambda: server.count("outbox") == 1, "a reply")
    ready = server.request("GET", "/readyz")
    assert ready.status == 200
    assert b"channel modem: the modem is gone" in ready.body
    assert server.metrics()['bantin_modem_up{channel="modem"}'] == 0
    wait_until(lambda: "the modem is gone" in
               server.command("why", "o1").stdout, "why it waits")
    assert gammu.value("SELECT count(*) FROM outbox") == 0
    gammu.refresh(signal=61)
    server.err.wait("event=modem_there channel=modem signal=61")
    wait_state(server, "sent")
    assert server.metrics()['bantin_modem_signal_percent{channel="modem"}'
                            ] == 61


def test_a_database_made_anew(gammu, modem):
    """Its numbers begin again, and its texts are other ones."""
    server = modem().start()
    for text in ("cam on anh", "cam on em"):
        gammu.receive(text)
        wait_until(lambda: gammu.unprocessed() == 0, "its mark")
        gammu.make()
    assert [m["text"] for m in server.rows(
        "SELECT text FROM message ORDER BY id")] == ["cam on anh", "cam on em"]


def test_nobody_may_call(gammu, modem):
    server = modem().start()
    assert server.request("POST", "/in/modem", "{}").status == 401
    assert server.request("POST", "/dlr/modem", "{}").status == 404
