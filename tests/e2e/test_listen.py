"""Two listeners, and who is let in when there is no more room."""
import pytest

from rig import http, pki
from rig.server import IN
from rig.smsgate import received, report, signed
from rig.wait import wait_until


@pytest.fixture(params=["plain", "tls"])
def make_either(request, make_server, config, tmp_path):
    """A server on plain HTTP, and the same on HTTPS."""
    def make():
        if request.param == "plain":
            return make_server(config)
        own = pki.Certificate(tmp_path, "own")
        config["tls"] = own.config()
        server = make_server(config)
        server.tls = own.client()
        return server
    return make


def statuses(server, port, paths):
    return [http.request(port, "GET", p, tls=server.tls).status
            for p in paths]


def test_pages_are_on_the_admin_listener_alone(make_either, config):
    config["admin_listen"] = "127.0.0.1:0"
    server = make_either()
    server.load_registry()
    server.start_admin()
    assert server.admin_port != server.port
    paths = ("/healthz", "/readyz", "/metrics", "/", "/api/v1/x")
    assert statuses(server, server.port, paths) == [200, 200, 404, 404, 404]
    assert statuses(server, server.admin_port, paths) == [
        200, 200, 200, 404, 404]
    server.text(report())  # callbacks on the public one …
    answer = http.request(server.admin_port, "POST", IN, b"{}",
                          tls=server.tls)
    assert answer.status == 404  # … and not on the other
    assert server.metrics()["bantin_mo_stored_total"] == 1


def test_the_same_address_is_one_listener(server, config, make_server):
    port = server.port
    server.stop()
    config["listen"] = config["admin_listen"] = f"127.0.0.1:{port}"
    again = make_server(config).start()
    assert not again.out.find("admin on")
    assert again.request("GET", "/metrics").status == 200


def test_an_admin_address_in_use_is_refused(server, config, make_server):
    config["admin_listen"] = f"127.0.0.1:{server.port}"
    done = make_server(config).command("serve")
    assert done.returncode == 1 and str(server.port) in done.stderr


def test_idle_connections_shut_nobody_out(make_either, config):
    """Far from request_s: the longest idle one makes room."""
    config["http"] = {"max_connections": 200, "request_s": 600}
    server = make_either()
    server.load_registry()
    server.start()
    begun = b"\x16\x03\x01\x02\x00" if server.tls else b"POST "
    wires = [http.Wire(server.port) for _ in range(200)]
    for i, wire in enumerate(wires):
        wire.send(begun[:i % 6])  # some dribble
    wait_until(lambda: server.metrics()["bantin_http_connections"] == 200)
    server.text(report())
    answer = server.request("POST", IN, b"{}")
    assert answer.status == 401
    metrics = server.metrics()
    assert metrics["bantin_http_evicted_total"] >= 1
    assert metrics["bantin_http_connections"] <= 200
    assert wires[0].is_closed_within(10)  # the first one went
    assert wires[-1].is_silent(0.1)       # the last one stayed
    for wire in wires:
        wire.close()


def test_a_flood_leaves_the_admin_listener_alone(make_either, config):
    config["admin_listen"] = "127.0.0.1:0"
    config["http"] = {"max_connections": 8, "request_s": 600}
    server = make_either().start_admin()
    wires = [http.Wire(server.port) for _ in range(40)]
    assert server.metrics()["bantin_http_connections"] <= 9
    for wire in wires:
        wire.close()


def test_wires_under_way_are_not_evicted(idle, config):
    """A parked answer is owed, however long its commit takes."""
    config["http"] = {"max_connections": 8, "request_s": 600}
    idle.write_config(config)
    server = idle.start(fault="commit-before:pause")
    parked = []
    for i in range(4):
        body = received(f"cam on {i}")
        parked.append(http.Wire(server.port))
        parked[-1].post(IN, body, signed(body))
    server.err.wait("fault commit-before paused")
    others = [http.Wire(server.port) for _ in range(30)]
    server.resume_until(lambda: server.count("message") == 4)
    assert [w.answer().status for w in parked] == [200] * 4
    for wire in parked + others:
        wire.close()
