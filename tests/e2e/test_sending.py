"""How fast, in which order, by which channel: the sending engine under load,
kills, hanging and dying providers. What arrived at the provider is the judge.
"""
import signal
import sqlite3
import time

import pytest

from rig.provider import Provider
from rig.smsgate import SECRETARY, report
from rig.wait import wait_until

DAY_MS = 86400000
TOKEN_B = "b123456789abcdef0123456789abcdef"


@pytest.fixture
def second():
    p = Provider()
    yield p
    p.close()


@pytest.fixture
def open_all_day(config):
    config["send_window"] = "00:00-24:00"
    return config


def by_second(config, second, **keys):
    """A second channel, whose provider does not know our ids."""
    config["channels"].append({
        "name": "second", "provider": "generic", "token": TOKEN_B,
        "outbound": {
            "method": "POST", "url": second.url + "/send",
            "type": "application/json", "accept": [202],
            "body": '{"id":"{id}","to":"{to}","text":"{text}"}'},
        **keys})


def phone_of(n):
    return f"+8491{n:07d}"


def queue(server, count, lane="bulk", phone=phone_of, channel="phone"):
    """Rows straight into the file of a server that does not run, or does."""
    now = int(time.time() * 1000)
    db = sqlite3.connect(server.database, timeout=10)
    with db:
        db.executemany(
            "INSERT INTO outbox (to_phone, text, lane, channel, created_at, "
            "due_at, valid_until, state, attempts) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', 0)",
            [(phone(n), f"text {n}", lane, channel, now, now, now + DAY_MS)
             for n in range(count)])
    db.close()


def fullest_second(arrivals):
    arrivals = sorted(arrivals)
    return max(sum(1 for b in arrivals if a <= b < a + 1) for a in arrivals)


def arrivals(provider):
    with provider.lock:
        return [r["at"] for r in provider.requests]


def sent(server):
    return server.value("SELECT count(*) FROM outbox WHERE state = 'sent'")


def test_rate_holds_over_kills(open_all_day, provider, make_server):
    open_all_day["limits"] = {"per_second": 20}
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 90)
    for part in (20, 45, 70):
        server.start()
        provider.wait_for(part)
        server.kill()
    server.start()
    wait_until(lambda: sent(server) == 90, "all sent")
    assert fullest_second(arrivals(provider)) <= 20
    assert len({to for to, _ in provider.texts()}) == 90


def test_hour_holds_over_kills_and_is_told(open_all_day, provider,
                                           make_server):
    open_all_day["limits"] = {"per_hour": 8}
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 20)
    server.start()
    wait_until(lambda: sent(server) == 6, "the share of bulk")
    server.kill()
    server.start()
    server.text(report())
    wait_until(lambda: sent(server) == 7, "a reply finds room")
    told = wait_until(
        lambda: (s := server.command("why", "o20").stdout)
        and "share of the hour" in s and s, "why o20 tells")
    assert "queued" in told
    assert len(provider.requests) == 7


def test_ten_thousand_hanging_bulk_texts_delay_no_reply(
        open_all_day, provider, make_server):
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 10000)
    provider.tell(lambda body: "hang" if body["textMessage"]["text"]
                  .startswith("text ") else "ok")
    server.start()
    provider.wait_for(6)  # three quarters of the window
    for days_ago in (1, 2, 3):
        server.text(report(days_ago=days_ago))
        asked = time.monotonic()
        provider.wait_for(6 + days_ago)
        assert arrivals(provider)[-1] - asked < 1
    assert [to for to, _ in provider.texts()[6:]] == [SECRETARY] * 3


def test_ten_thousand_limited_bulk_texts_delay_no_reply(
        open_all_day, provider, make_server):
    open_all_day["limits"] = {"per_second": 10}
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 10000)
    server.start()
    provider.wait_for(12)
    for days_ago in (1, 2, 3):
        server.text(report(days_ago=days_ago))
        asked = time.monotonic()
        wait_until(lambda: sum(to == SECRETARY for to, _ in provider.texts())
                   >= days_ago, "the reply", 5)
        assert time.monotonic() - asked < 1
    assert fullest_second(arrivals(provider)) <= 10


def test_channel_dies_and_comes_back(open_all_day, provider, make_server):
    """One probe a period, a slow return, and everybody's texts in order."""
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 40, phone=lambda n: phone_of(n % 20))
    provider.tell(500)
    server.start()
    wait_until(lambda: "does not answer" in
               server.command("why", "o40").stdout, "the breaker opens")
    fell = len(provider.requests)
    probes = [r["at"] for r in provider.wait_for(fell + 2)[fell - 1:]]
    assert probes[1] - probes[0] >= 0.7
    assert probes[2] - probes[1] >= 1.4
    down = server.metrics()
    assert down['bantin_channel_up{channel="phone"}'] == 0
    assert b"phone" in server.request("GET", "/readyz").body
    provider.tell(0.1)
    wait_until(lambda: sent(server) == 40, "all sent")
    back = provider.requests[fell + 2:]
    assert [r["busy"] for r in back[:3]] <= [1, 1, 2]
    assert max(r["busy"] for r in back[:7]) <= 4
    for n in range(20):
        got = [r["json"]["textMessage"]["text"] for r in back
               if r["json"]["phoneNumbers"] == [phone_of(n)]]
        assert got in ([f"text {n}", f"text {n + 20}"], [f"text {n + 20}"])
    up = wait_until(lambda: (m := server.metrics()) and
                    m['bantin_channel_up{channel="phone"}'] == 1 and m)
    assert up['bantin_channel_in_flight{channel="phone"}'] == 0


def test_long_retry_after_pauses_the_channel(open_all_day, provider,
                                             make_server):
    open_all_day["outbox"]["retry_after_max_s"] = 2
    server = make_server(open_all_day)
    server.load_registry()
    provider.answer_headers = {"Retry-After": "31536000"}
    provider.tell(429)
    server.start()
    server.text(report())
    first = provider.wait_for(1)[0]["at"]
    wait_until(lambda: server.value("SELECT state FROM outbox") == "queued",
               "queued again")
    provider.tell("ok")
    server.text(report(days_ago=2))
    server.wait_sent(2)
    assert arrivals(provider)[1] - first >= 1.9


def test_failover_and_back(open_all_day, provider, second, make_server):
    open_all_day["outbox"]["failover_s"] = 0
    by_second(open_all_day, second)
    server = make_server(open_all_day)
    server.load_registry()
    provider.down()
    server.start()
    for days_ago in range(1, 6):
        server.text(report(days_ago=days_ago))
    second.wait_for(5)
    server.wait_sent(5)
    assert [to for to, _ in second.texts()] == [SECRETARY] * 5
    provider.up()
    wait_until(lambda: server.text(report(days_ago=6)) and
               len(provider.requests) > 0, "its own channel again")


def test_refused_text_leaves_by_the_next(open_all_day, provider, second,
                                         make_server):
    by_second(open_all_day, second)
    server = make_server(open_all_day)
    server.load_registry()
    provider.tell(400)
    server.start()
    server.text(report())
    assert server.wait_sent()[0]["channel"] == "second"
    second.tell(400)
    server.text(report(days_ago=2))
    wait_until(lambda: server.value(
        "SELECT count(*) FROM outbox WHERE state = 'failed'") == 1, "failed")
    assert len(provider.requests) == len(second.requests) == 2
    verdicts = server.rows("SELECT verdict FROM outbox_attempt "
                           "ORDER BY outbox, n")
    assert [v["verdict"] for v in verdicts] == [
        "refused", "sent", "refused", "failed"]


def test_maybe_sent_texts_stay_where_they_are(open_all_day, provider, second,
                                              make_server):
    """A hang: the first knows our ids and is asked again, nobody else is."""
    open_all_day["outbox"].update(failover_s=0, timeout_s=1)
    by_second(open_all_day, second)
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 1)
    provider.tell("hang")
    server.start()
    provider.wait_for(4)  # the breaker is open by now
    assert second.requests == []
    provider.tell("ok")
    server.wait_sent()
    assert len({r["json"]["id"] for r in provider.requests}) == 1


@pytest.mark.parametrize("idempotent, end", [
    (False, "unsure"), (True, "sent")])
def test_kill_after_failover_keeps_the_crash_policy(
        open_all_day, provider, second, make_server, idempotent, end):
    """If the second does not know our ids, a bulk text that it was given when
    the process died is for a person; a reply goes again."""
    open_all_day["outbox"]["failover_s"] = 0
    by_second(open_all_day, second)
    open_all_day["channels"][-1]["outbound"]["idempotent"] = idempotent
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 3)
    provider.down()
    second.tell("hang")
    server.start()
    server.text(report())
    second.wait_for(3)
    wait_until(lambda: server.value(
        "SELECT count(*) FROM outbox WHERE state = 'sending' "
        "AND channel = 'second'") >= 3, "sending by the second")
    bulk = server.rows("SELECT id FROM outbox WHERE lane = 'bulk' AND "
                       "state = 'sending' AND channel = 'second'")
    server.kill()
    second.tell("ok")
    server.start()
    server.wait_sent()
    for row in bulk:
        wait_until(lambda: server.value(
            "SELECT state FROM outbox WHERE id = ?", row["id"]) == end, end)
    assert server.value("SELECT state FROM outbox WHERE lane = 'reply'") \
        == "sent"


def test_timeout_obeys_a_reload(open_all_day, provider, make_server):
    open_all_day["outbox"]["timeout_s"] = 600
    server = make_server(open_all_day)
    server.load_registry()
    server.start()
    open_all_day["outbox"]["timeout_s"] = 1
    server.write_config(open_all_day)
    server.signal(signal.SIGHUP)
    server.err.wait("event=reloaded")
    provider.tell("hang")
    server.text(report())
    provider.wait_for(2)  # tried again, for the first one timed out
    provider.tell("ok")
    server.wait_sent()


def test_week_old_texts_are_held(open_all_day, provider, make_server):
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 2, lane="urgent")
    db = sqlite3.connect(server.database)
    with db:
        db.execute("UPDATE outbox SET due_at = due_at - ?, valid_until = "
                   "valid_until + ? WHERE id = 1", (7 * DAY_MS, DAY_MS))
    db.close()
    server.start()
    server.wait_sent()
    row = server.rows("SELECT state, why FROM outbox WHERE id = 1")[0]
    assert row["state"] == "held" and "too late" in row["why"]
    assert len(provider.requests) == 1


def test_reply_does_not_wait_for_a_later_clock(open_all_day, provider,
                                               make_server):
    """Made while the clock was a day ahead."""
    server = make_server(open_all_day)
    server.load_registry()
    queue(server, 1, lane="reply")
    db = sqlite3.connect(server.database)
    with db:
        db.execute("UPDATE outbox SET due_at = due_at + ?, created_at = "
                   "created_at + ?, valid_until = valid_until + ?",
                   (DAY_MS, DAY_MS, DAY_MS))
    db.close()
    server.start()
    server.wait_sent()
