"""200 means durable: under load, at every crash point, after kill -9."""
import concurrent.futures
import datetime
import threading

import pytest

from rig import http
from rig.server import IN
from rig.smsgate import LOCAL, meeting_day, received, report, signed
from rig.wait import wait_until

CONNECTIONS = 200


def post_on(wire, body):
    wire.post(IN, body, signed(body))
    return wire.answer().status


def test_two_hundred_connections(server):
    wires = [http.Wire(server.port) for _ in range(CONNECTIONS)]
    bodies = [received(f"cam on anh {i}") for i in range(CONNECTIONS)]
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in range(3):  # a repeat is as good a load as a new text
            statuses = list(pool.map(post_on, wires, bodies))
            assert statuses == [200] * CONNECTIONS
    for w in wires:
        w.close()
    assert server.count("message") == CONNECTIONS


def test_commits_are_shared(idle):
    """While one commit is held up, the texts behind it gather for the next."""
    server = idle.start(fault="commit-before:pause")
    wires = [http.Wire(server.port) for _ in range(CONNECTIONS)]
    for i, w in enumerate(wires):
        body = received(f"cam on anh {i}")
        w.post(IN, body, signed(body))
    server.err.wait("fault commit-before paused")
    # /metrics itself is parked while it looks at the database.
    wait_until(lambda: parked(server) >= CONNECTIONS, "all parked")
    assert all(w.is_silent(0.001) for w in wires[::20])
    assert server.count("message") == 0

    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = [pool.submit(lambda w: w.answer().status, w) for w in wires]
        server.resume_until(lambda: all(a.done() for a in answers))
    assert [a.result() for a in answers] == [200] * CONNECTIONS
    assert server.count("message") == CONNECTIONS
    m = server.metrics()
    assert m["bantin_commit_messages_sum"] == CONNECTIONS
    assert m["bantin_commit_messages_count"] <= CONNECTIONS / 10
    for w in wires:
        w.close()


def parked(server):
    return server.metrics()["bantin_http_parked"]


@pytest.mark.parametrize("point, stored", [
    ("commit-before", 0), ("commit-after", 1), ("answer-before", 1)])
def test_no_answer_before_the_commit(idle, point, stored):
    server = idle.start(fault=f"{point}:pause")
    body = received(report())
    wire = http.Wire(server.port)
    wire.post(IN, body, signed(body))
    server.pause_where(point, lambda: server.count("message") == stored)
    assert wire.is_silent(0.2)
    assert server.count("meeting_report") == stored
    # The power goes; the provider never heard of it and comes again.
    server.kill()
    wire.close()
    server.start()
    assert server.post(body).status == 200
    assert server.count("message") == 1
    assert len(server.reports(held_on=meeting_day()[1])) == 1
    assert server.count("outbox") == 1


def test_paused_commit_goes_on(idle, provider):
    server = idle.start(fault="commit-before:pause")
    body = received(report())
    wire = http.Wire(server.port)
    wire.post(IN, body, signed(body))
    server.err.wait("fault commit-before paused")
    server.resume_until(lambda: not wire.is_silent(0.01))
    assert wire.answer().status == 200
    assert server.count("message") == 1
    server.resume_until(lambda: provider.requests)


def test_killed_under_load(idle, provider):
    """Whatever was answered 200 is there once; the rest may come again."""
    server = idle.start()
    lock = threading.Lock()
    sent, answered = [], []

    def load(n):
        try:
            wire = http.Wire(server.port)
            for i in range(10000):
                body = received(f"cam on {n} {i}", event_id=f"k-{n}-{i}")
                with lock:
                    sent.append(body)
                if post_on(wire, body) == 200:
                    with lock:
                        answered.append(f"k-{n}-{i}")
        except http.Broken:
            pass  # it was killed

    threads = [threading.Thread(target=load, args=(n,)) for n in range(8)]
    for t in threads:
        t.start()
    wait_until(lambda: len(answered) > 200, "some load")
    server.kill()
    for t in threads:
        t.join()
    server.start()
    ids = [r["provider_id"] for r in
           server.rows("SELECT provider_id FROM message")]
    assert len(ids) == len(set(ids))
    assert set(answered) <= set(ids)
    assert server.value("PRAGMA integrity_check") == "ok"
    # The provider brings all that had no answer; all of it is there, once.
    for body in sent:
        if not any(f'"{i}"'.encode() in body for i in ids):
            assert server.post(body).status == 200
    assert server.count("message") == len(sent)


def test_crash_while_sending(idle, provider):
    """A reply that was on its way is sent again, under the same id."""
    provider.tell("hang")
    server = idle.start()
    server.text(report())
    first = provider.wait_for(1)[0]["json"]
    assert server.value("SELECT state FROM outbox") == "sending"
    server.kill()
    provider.tell("ok")
    server.start()
    again = provider.wait_for(2)[1]["json"]
    assert again == first | {"ttl": again["ttl"]}
    server.wait_sent()
    assert server.count("outbox") == 1


def test_report_and_correction_race(server):
    """Two quick texts of one sender see each other, whichever is first."""
    rounds = 12
    start = datetime.datetime.now(LOCAL) - datetime.timedelta(hours=1)

    def correction(second):
        """Minutes apart on the phone, so that none is another's duplicate."""
        return received("SUA CM36 VP9",
                        at=start + datetime.timedelta(seconds=second))

    for n in range(1, rounds + 1):
        texts = [received(report(days_ago=n)), correction(n * 120)]
        wires = [http.Wire(server.port) for _ in texts]
        for w, body in zip(wires, texts):
            w.post(IN, body, signed(body))
        assert [w.answer().status for w in wires] == [200, 200]
        for w in wires:
            w.close()
        # Whoever came first, the correction said once more settles it.
        assert server.post(correction(n * 120 + 60)).status == 200
        rows = server.reports(held_on=meeting_day(n)[1])
        assert [r["version"] for r in rows] == list(range(1, len(rows) + 1))
        assert all(r["present"] + r["excused"] + r["unexcused"] == r["total"]
                   for r in rows)
        assert rows[0]["present"] == 35 and rows[-1]["present"] == 36
        assert len(rows) == 2
    assert server.count("message") == rounds * 3
