"""USSD over HTTP, in each dialect: screens, records, repeats, lost sessions,
and a store that is slow."""
import sqlite3

import pytest
from rig.smsgate import meeting_day, report
from rig.ussd import DIALECTS, Session

FIGURES = ("47", "35", "10", "2")
STRANGER = "+84999999999"
PATIENT_MS = 1500  # what comes before the slow one must be in time


@pytest.fixture(params=DIALECTS)
def dialect(request):
    return DIALECTS[request.param]


@pytest.fixture
def serve(make_server, config):
    """One channel that dials, and one that texts."""
    def start(dialect, fault=None, **options):
        s = make_server({**config, **options,
                         "channels": [dialect.channel(), *config["channels"]]})
        s.load_registry()
        return s.start(fault)
    return start


def fill(session, figures=FIGURES):
    """From the menu's first choice to the echo; all screens."""
    return [session.key(k) for k in ("1", "2", *figures)]


def test_a_report_in_eight_hops(serve, dialect):
    server = serve(dialect)
    session = Session(server, dialect)
    screens = [session.dial(), *fill(session)]
    assert session.hops <= 8
    assert all(s.more for s in screens[:-1]) and not screens[-1].more
    for screen, word in zip(screens[1:], ("Ngay hop", "TS", "CM", "VP",
                                          "VK")):
        assert word in screen.text
    short, day = meeting_day()
    for word in ("MG07", short, "TS47", "CM35", "VP10", "VK2"):
        assert word in screens[-1].text
    rows = server.reports("MG07", day)
    assert [(r["total"], r["present"], r["excused"], r["unexcused"])
            for r in rows] == [(47, 35, 10, 2)]
    # The same by SMS is the same record: nothing new is stored.
    server.text(report())
    assert server.reports("MG07", day) == rows
    said = server.rows("SELECT * FROM message ORDER BY id")
    assert [m["channel"] for m in said] == ["dial", "phone"]
    assert [(m["intent"], m["state"]) for m in said] == [
        ("meeting_report", "done")] * 2


def test_the_echo_is_shown_and_not_sent(serve, dialect, provider):
    server = serve(dialect)
    session = Session(server, dialect)
    session.dial()
    echo = fill(session)[-1]
    row = server.rows("SELECT * FROM outbox")
    assert [(r["text"], r["state"]) for r in row] == [(echo.text, "sent")]
    # SUA by SMS corrects what the screen said.
    server.text("SUA CM34 VK3")
    assert [(r["version"], r["present"], r["unexcused"])
            for r in server.reports("MG07", meeting_day()[1])][-1] == (2, 34, 3)


def test_answers_that_were_dialled(serve, dialect):
    server = serve(dialect)
    screen = Session(server, dialect).dial("1", "2")
    assert screen.more and "TS" in screen.text


def test_a_star_inside_an_answer(serve, dialect):
    short, day = meeting_day(3)
    server = serve(dialect)
    session = Session(server, dialect)
    session.dial()
    for key in ("1", "3", short.replace("/", "*"), *FIGURES):
        screen = session.key(key)
    assert not screen.more
    assert len(server.reports("MG07", day)) == 1


@pytest.mark.parametrize("name", [
    n for n, d in DIALECTS.items() if d.knows_repeats])
def test_a_request_that_comes_twice(serve, name):
    server = serve(DIALECTS[name])
    session = Session(server, DIALECTS[name])
    assert session.dial() == session.ask()
    for key in ("1", "2", *FIGURES):
        assert session.key(key) == session.ask()
    assert server.count("message") == server.count("meeting_report") == 1
    assert server.count("outbox") == 1


def test_two_phones_at_once(serve, dialect):
    server = serve(dialect)
    one = Session(server, dialect)
    other = Session(server, dialect, "+84900000017")  # its deputy
    one.dial(), other.dial()
    for a, b in zip(("1", "2", *FIGURES), ("1", "3", meeting_day(5)[0],
                                           "47", "40", "5")):
        one.key(a), other.key(b)
    other.key("2")
    assert {(r["present"], r["unexcused"])
            for r in server.reports("MG07")} == {(35, 2), (40, 2)}


@pytest.mark.parametrize("name", [n for n, d in DIALECTS.items() if d.end])
def test_a_dropped_session_is_followed_by_a_text(serve, name, provider):
    server = serve(DIALECTS[name])
    session = Session(server, DIALECTS[name])
    session.dial()
    for key in ("1", "2", "47", "35"):
        session.key(key)
    session.hang_up()
    provider.wait_for(1)
    asked = server.value("SELECT text FROM outbox")
    assert "VP" in asked and "VK" in asked
    server.wait_sent()
    server.text("VP10 VK2")
    assert [(r["total"], r["present"], r["excused"], r["unexcused"])
            for r in server.reports("MG07", meeting_day()[1])] == [
        (47, 35, 10, 2)]


@pytest.mark.parametrize("name", [n for n, d in DIALECTS.items() if d.end])
def test_an_empty_session_is_left_in_silence(serve, name):
    server = serve(DIALECTS[name])
    session = Session(server, DIALECTS[name])
    session.dial()
    session.hang_up()
    assert server.count("outbox") == server.count("message") == 0


def test_an_unknown_phone_learns_nothing(serve, dialect):
    server = serve(dialect)
    screen = Session(server, dialect, STRANGER).dial("1", "2", "47")
    assert not screen.more
    assert "MG07" not in screen.text and "HOP" not in screen.text


def test_who_is_not_them(serve):
    d = DIALECTS["africastalking"]
    server = serve(d)
    session = Session(server, d)
    method, path, body, _ = d.hop(session)
    wrong = path[:-1] + "0"
    assert server.request(method, wrong, body).status == 401
    assert server.request("GET", path).status == 405
    assert server.request(method, path + "/more", body).status == 404
    assert server.request(method, path.replace("dial", "nobody"),
                          body).status == 404
    # A channel that has no USSD.
    assert server.request(method, path.replace("dial", "phone"),
                          body).status == 404
    assert server.request(method, path, b"%").status == 400
    assert server.metrics()["bantin_ussd_hops_total"] == 0


# ---- a slow store


class Lock:
    """Another program writes: the writer waits."""

    def __init__(self, server):
        self.db = sqlite3.connect(server.database, isolation_level=None)
        self.db.execute("PRAGMA busy_timeout = 10000")
        self.db.execute("BEGIN IMMEDIATE")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.db.execute("ROLLBACK")
        self.db.close()


def test_a_slow_store_ends_politely_and_texts(serve, dialect, provider):
    server = serve(dialect, ussd={"budget_ms": PATIENT_MS})
    session = Session(server, dialect)
    session.dial()
    for key in ("1", "2", *FIGURES[:-1]):
        session.key(key)
    with Lock(server):
        screen = session.key(FIGURES[-1])
        assert not screen.more and "tin nhan" in screen.text
        assert server.count("meeting_report") == 0
    provider.wait_for(1)
    server.wait_sent()
    rows = server.rows("SELECT * FROM outbox")
    assert [r["state"] for r in rows] == ["sent"]
    assert "CM35" in rows[0]["text"]
    assert len(server.reports("MG07", meeting_day()[1])) == 1
    assert len(provider.requests) == 1
    assert server.metrics()["bantin_ussd_late_total"] == 1


def test_a_form_goes_on_by_text(serve, provider):
    d = DIALECTS["africastalking"]
    server = serve(d, ussd={"budget_ms": PATIENT_MS})
    session = Session(server, d)
    session.dial()
    for key in ("1", "2", "47"):
        session.key(key)
    with Lock(server):
        assert not session.key("35").more
    for n, key in enumerate(("10", "2"), 1):
        provider.wait_for(n)
        server.wait_sent(n)
        server.text(key)
    assert len(server.reports("MG07", meeting_day()[1])) == 1


def test_a_commit_that_hangs_is_made_good(serve, provider):
    d = DIALECTS["hubtel"]
    server = serve(d, fault="commit-before:pause", ussd={"budget_ms": 300})
    session = Session(server, d)
    assert "tin nhan" in session.dial("1", "2", *FIGURES).text
    server.resume_until(lambda: len(provider.requests) == 1, "the text")
    assert "CM35" in server.value("SELECT text FROM outbox WHERE state = "
                                  "'sending' OR state = 'sent' "
                                  "ORDER BY id DESC LIMIT 1")
    assert server.count("meeting_report") == 1
