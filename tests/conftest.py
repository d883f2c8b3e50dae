"""Fixtures of the end-to-end and command-line tests.

Each test has its own folder, its own processes and 30 seconds. Everything
that a fixture started, it ends.
"""
import os
import signal
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from rig import smsgate  # noqa: E402
from rig.provider import Provider  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.wait import PATIENCE  # noqa: E402

LIMIT_S = 30  # times TEST_PATIENCE


def pytest_configure(config):
    config.addinivalue_line("markers", "limit(seconds): another time limit")


@pytest.fixture(autouse=True)
def time_limit(request):
    mark = request.node.get_closest_marker("limit")
    limit_s = (mark.args[0] if mark else LIMIT_S) * PATIENCE

    def on_alarm(number, frame):
        raise AssertionError(f"the test took more than {limit_s} s")

    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.alarm(limit_s)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def provider():
    p = Provider()
    yield p
    p.close()


@pytest.fixture
def config(provider):
    """One signed SMSGate channel that sends to the local provider."""
    return {
        "listen": "127.0.0.1:0",
        "database": "bantin.db",
        "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
        "channels": [{
            "name": "phone", "provider": "smsgate", "token": smsgate.TOKEN,
            "signing_key": smsgate.KEY, "url": provider.url,
            "username": "u", "password": "p",
        }],
    }


@pytest.fixture
def make_server(tmp_path):
    """Servers that are ended, gently, when the test is over."""
    made = []

    def make(config):
        folder = tmp_path / f"server{len(made)}"
        folder.mkdir()
        made.append(Server(folder, config))
        return made[-1]

    yield make
    wrong = []
    for s in made:
        try:
            s.stop()
        except AssertionError as e:
            wrong.append(str(e))
        s.kill()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def idle(make_server, config):
    """A configured server with the test registry, not started yet."""
    s = make_server(config)
    s.load_registry()
    return s


@pytest.fixture
def server(idle):
    return idle.start()
