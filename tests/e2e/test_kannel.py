"""With a real Kannel: texts from fakesmsc, and what goes back to it."""
import collections
import itertools

import pytest

from rig import hamlets
from rig.kannel import (PASSWORD, POST_URL, SHORT_CODE, USER, FakeSmsc,
                        Kannel, free_ports)
from rig.smsgate import SECRETARY, TOKEN, meeting_day
from rig.wait import PATIENCE, wait_until

TEXTS = 2000
IN_FLIGHT = 8
WAIT_S = 60 * PATIENCE  # for two thousand, on a busy machine


class Line:
    """bantin, Kannel and a fake SMSC, joined."""

    def __init__(self, server, kannel):
        self.server, self.kannel = server, kannel
        self.smsc = FakeSmsc(kannel.smsc)

    def wait_phones(self, count):
        """So many phones got a text."""
        wait_until(lambda: len(dict(self.smsc.received())) >= count,
                   f"texts at {count} phones", WAIT_S)

    def wait_messages(self, count):
        wait_until(lambda: self.server.count("message") >= count,
                   f"{count} messages stored", WAIT_S)

    def wait_delivered(self, count):
        """Reports came, and for each text the last word is the best."""
        wait_until(lambda: self.server.value(
            "SELECT count(*) FROM outbox WHERE state = 'delivered'") == count,
            f"{count} texts delivered", WAIT_S)


@pytest.fixture
def line(make_server, tmp_path):
    """line(…): all of it, running and connected."""
    running = []

    def make(registry=None, channel=(), changes=()):
        port = free_ports(1)[0]
        kannel = Kannel(tmp_path / "kannel", port, TOKEN, changes)
        server = make_server({
            "listen": f"127.0.0.1:{port}", "database": "bantin.db",
            "public_url": f"http://127.0.0.1:{port}",
            "outbox": {"retry_base_s": 1, "retry_max_s": 1},
            "channels": [{
                "name": "smsc", "provider": "kannel", "token": TOKEN,
                "number": [SHORT_CODE], "url": kannel.url, "fold": "keep",
                "username": USER, "password": PASSWORD,
                "max_in_flight": IN_FLIGHT, **dict(channel)}]})
        server.load_registry(*([registry] if registry else []))
        server.start()
        running.append(kannel)
        kannel.start()
        line = Line(server, kannel)
        running.append(line.smsc)
        wait_until(lambda: "fake:" in kannel.status().lower() and
                   "online" in kannel.status(), "fakesmsc at bearerbox")
        return line

    yield make
    for part in reversed(running):
        part.stop()


@pytest.mark.limit(150)
def test_two_thousand_texts_and_two_restarts(line, tmp_path):
    """bantin dies and smsbox is restarted while the texts come in."""
    k = line(hamlets.write(str(tmp_path / "registry"), TEXTS))
    day, iso = meeting_day()
    waiting = iter(range(TEXTS))

    def feed(count):
        for n in itertools.islice(waiting, count):
            k.smsc.send(hamlets.phone(n),
                        f"HOP {hamlets.code(n)} {day} TS5 CM3 VP1 VK1")

    feed(700)
    k.wait_messages(300)
    k.server.kill()
    feed(500)
    k.server.start()
    # smsbox must be empty-handed when it goes: docs/providers/kannel.md says why.
    k.wait_delivered(1200)
    k.kannel.command("suspend")
    feed(300)
    k.kannel.stop_smsbox()
    feed(300)
    k.kannel.start_smsbox()
    k.kannel.command("resume")
    feed(200)
    k.wait_messages(TEXTS)
    k.wait_phones(TEXTS)
    replies = k.smsc.received()
    k.wait_delivered(TEXTS)

    assert k.server.count("message") == TEXTS
    assert k.server.value("SELECT count(DISTINCT from_phone) FROM message "
                          "WHERE state = 'done'") == TEXTS
    assert k.server.value(
        "SELECT count(*) FROM meeting_report r JOIN meeting m ON m.id = "
        "r.meeting WHERE m.held_on = ? AND r.version = 1 AND r.present = 3",
        iso) == TEXTS == k.server.count("meeting_report")
    assert k.server.count("outbox") == TEXTS
    for phone, text in replies:
        assert hamlets.code(int(phone[-5:])) in text, text
    # Twice only what was under way when bantin died.
    twice = sum(collections.Counter(p for p, _ in replies).values()) - TEXTS
    assert twice <= IN_FLIGHT
    assert PASSWORD not in k.server.err.text()


def test_diacritics_both_ways(line):
    k = line()
    day, iso = meeting_day()
    k.smsc.send_ucs2(SECRETARY, f"Họp MG07 {day} tổng 47 có mặt 35 "
                                "vắng phép 10 vắng không phép 2")
    k.smsc.send("0900000115", "Chào ☺ bạn")
    k.wait_messages(2)
    k.wait_phones(1)
    assert [r["present"] for r in k.server.reports(held_on=iso)] == [35]
    text = {r["from_phone"]: r for r in k.server.rows("SELECT * FROM message")}
    assert text[SECRETARY]["text"].startswith(f"Họp MG07 {day} tổng 47")
    assert text[SECRETARY]["to_phone"] == SHORT_CODE
    assert text["+84900000115"]["text"] == "Chào ☺ bạn"

    out = "Mời họp chi bộ 19:30, số ☺ " + "rất dài " * 20
    done = k.server.command("send", SECRETARY, out.strip())
    assert done.returncode == 0, done.stderr
    wait_until(lambda: (SECRETARY, out.strip()) in k.smsc.received(),
               "the long text, as it was typed")
    k.wait_delivered(3)
    assert " delivered" in k.server.command("why", "o3").stdout


def test_kannel_joins_parts(line):
    """In the wrong order, and as 8-bit data without a character set."""
    k = line()
    day, _ = meeting_day()
    for no, text in ((2, "+35+10+2"), (1, f"HOP+{day}+47")):
        k.smsc.send(SECRETARY, f"%05%00%03%2A%02%{no:02d} {text}", "udh")
    k.wait_phones(1)
    assert [m["text"] for m in k.server.rows("SELECT text FROM message")] == [
        f"HOP {day} 47 35 10 2"]


def test_post_url_with_a_log_in(line):
    """Texts and reports carry it, and are refused without."""
    k = line(channel={"callback_username": "kannel",
                      "callback_password": "0123456789abcdef"},
             changes=(*POST_URL, ("http://127.0.0.1:8080/", "http://kannel:"
                                  "0123456789abcdef@127.0.0.1:8080/")))
    day, iso = meeting_day()
    k.smsc.send(SECRETARY, f"HOP {day} 47 35 10 2")
    k.wait_phones(1)
    k.smsc.send_ucs2(SECRETARY, "Họp xong rồi")
    k.wait_messages(2)
    assert len(k.server.reports(held_on=iso)) == 1
    assert [m["text"] for m in k.server.rows(
        "SELECT text FROM message ORDER BY id")] == [
            f"HOP {day} 47 35 10 2", "Họp xong rồi"]
    k.wait_delivered(k.server.count("outbox"))
    assert k.server.request(
        "GET", f"/in/smsc/{TOKEN}?id=1&from=8088&b=x").status == 401
