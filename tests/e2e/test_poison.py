"""A text that kills the reader is set aside; those beside it are read."""
import concurrent.futures

from rig import http
from rig.smsgate import received, report

POISON = received("POISON thuoc doc", event_id="poison")
GOOD = [received(report(days_ago=n), event_id=f"good-{n}")
        for n in range(1, 6)]


def try_post(server, body):
    try:
        return server.post(body).status
    except http.Broken:
        return None


def state_of(server, event_id):
    return server.value("SELECT state FROM message WHERE provider_id = ?",
                        event_id)


def test_poison_is_quarantined_at_the_third_coming(idle):
    server = idle.start(fault="poison:kill")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda b: try_post(server, b), [*GOOD, POISON]))
    assert server.wait_end() == -9

    server.start(fault="poison:kill")  # suspect now: it is read alone
    assert try_post(server, POISON) is None
    assert server.wait_end() == -9

    server.start(fault="poison:kill")  # condemned: never read again
    assert try_post(server, POISON) == 200
    assert server.rows("SELECT channel, body FROM quarantine") == [
        {"channel": "phone", "body": POISON}]
    assert server.rows("SELECT text, intent FROM message "
                       "WHERE state = 'quarantined'") == [
        {"text": POISON.decode(), "intent": None}]
    assert state_of(server, "poison") is None
    for body in GOOD:
        assert try_post(server, body) == 200
    assert [state_of(server, f"good-{n}") for n in range(1, 6)] == ["done"] * 5
    assert len(server.reports()) == 5
    assert try_post(server, POISON) == 200
    assert server.count("quarantine") == 1


def test_innocent_suspect_is_read(idle):
    """Killed by something else while it was read: no harm comes of it."""
    server = idle.start(fault="commit-before:kill")
    assert try_post(server, GOOD[0]) is None
    assert server.wait_end() == -9
    server.start()
    assert try_post(server, GOOD[0]) == 200
    assert state_of(server, "good-1") == "done"
