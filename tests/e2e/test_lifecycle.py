"""Starting, stopping, reloading, and clients that misbehave."""
import os
import signal
import stat
import time
from http import client

from rig import http, server as rig_server
from rig.server import IN, REGISTRY
from rig.smsgate import meeting_day, received, report, signed
from rig.wait import wait_until


def test_sigterm_ends_within_two_seconds(server, provider):
    provider.tell("hang")  # a send under way does not hold it up
    server.text(report())
    provider.wait_for(1)
    start = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.wait_end() == 0
    assert time.monotonic() - start < 2
    assert not os.path.exists(server.database + ".sock")


def test_sigterm_answers_what_it_took(idle):
    server = idle.start(fault="commit-before:pause")
    body = received(report())
    wire = http.Wire(server.port)
    wire.post(IN, body, signed(body))
    server.err.wait("fault commit-before paused")
    server.signal(signal.SIGTERM)
    server.resume_until(lambda: server.process.poll() is not None, "the end")
    try:
        status = wire.answer().status
    except http.Broken:
        status = None  # it was cut off: the provider will come again
    assert status in (200, 503, None)
    if status == 200:
        assert server.count("message") == 1
    wire.close()


def test_sigterm_does_not_wait_for_a_disk(idle):
    server = idle.start(fault="commit-before:pause")
    body = received(report())
    wire = http.Wire(server.port)
    wire.post(IN, body, signed(body))
    server.err.wait("fault commit-before paused")
    start = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.wait_end() == 0
    assert time.monotonic() - start < 2
    wire.close()
    server.start()  # it was not answered: the provider comes again
    assert server.post(body).status == 200
    assert len(server.reports(held_on=meeting_day()[1])) == 1


def test_second_serve_is_refused(server):
    done = server.command("serve")
    assert done.returncode == 1 and done.stderr
    assert server.request("GET", "/healthz").status == 200


def test_second_serve_under_another_name_is_refused(server, make_server,
                                                    config):
    other = make_server(config)
    os.symlink(server.database, other.database)
    done = other.command("serve")
    assert done.returncode == 1 and "another bantin" in done.stderr


def test_database_that_went_away_takes_nothing(server):
    """Its file is not where a restart would look: a 200 would be a lie."""
    os.rename(server.database, server.database + ".old")
    body = received(report())
    assert server.post(body).status == 503
    assert b"writer" in server.request("GET", "/readyz").body
    os.rename(server.database + ".old", server.database)
    assert server.post(body).status == 200
    assert server.request("GET", "/readyz").status == 200


def test_socket_is_private(server):
    mode = os.stat(server.database + ".sock").st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o600


def test_stale_socket_is_no_obstacle(idle):
    server = idle.start()
    server.kill()
    assert os.path.exists(server.database + ".sock")
    server.start()
    server.text(report())
    done = server.command("send", "+84900000011", "Xin chao")
    assert done.returncode == 0, done.stderr


def test_import_while_serve_runs(make_server, config):
    server = make_server(config).start()
    server.text(report())
    assert server.count("meeting_report") == 0  # nobody is known yet
    server.load_registry()
    server.text(report(days_ago=2))
    assert len(server.reports(held_on=meeting_day(2)[1])) == 1


def test_wrong_registry_changes_nothing(server, tmp_path):
    for name in os.listdir(REGISTRY):
        with open(os.path.join(REGISTRY, name), encoding="utf-8") as f:
            (tmp_path / name).write_text(f.read(), encoding="utf-8")
    members = tmp_path / "members.csv"
    members.write_text(members.read_text(encoding="utf-8") +
                       "MG07,99,Ai do,strange,active,,,vi,yes\n",
                       encoding="utf-8")
    before = server.count("member")
    done = server.command("import", str(tmp_path))
    assert done.returncode == 1
    assert "members.csv:233" in done.stderr and "strange" in done.stderr
    assert server.count("member") == before


def test_registry_in_another_encoding_is_refused(server, tmp_path):
    """It travels as JSON, which must not mend it on the way."""
    (tmp_path / "members.csv").write_bytes(
        b"unit,no,name,standing,status,dest,phone,language,consent\n"
        b"MG07,98,L\xf2 V\xe3n Bun,official,active,,,vi,yes\n")
    before = server.count("member")
    done = server.command("import", str(tmp_path))
    assert done.returncode == 1
    assert "members.csv:2:1: not UTF-8" in done.stderr
    assert server.count("member") == before


def test_reload_takes_a_good_file(server, config):
    server.request("POST", "/in/late/" + "x" * 32, b"")
    config["channels"].append({"name": "late", "provider": "console",
                               "token": "x" * 32})
    server.write_config(config)
    server.signal(signal.SIGHUP)
    wait_until(lambda: server.metrics()["bantin_reloads_total"] == 1)
    answer = server.request("POST", "/in/late/" + "x" * 32,
                            b'{"from":"195","text":"a"}')
    assert answer.status == 200


def test_reload_keeps_the_old_when_the_new_is_broken(server, config):
    config["channels"] = [{"name": "late", "provider": "pigeon"}]
    server.write_config(config)
    server.signal(signal.SIGHUP)
    wait_until(lambda: server.metrics()["bantin_reloads_refused_total"] == 1)
    server.err.wait("pigeon")
    server.text(report())
    assert len(server.reports(held_on=meeting_day()[1])) == 1


def test_client_leaves_while_its_answer_is_parked(idle):
    server = idle.start(fault="commit-before:pause")
    body = received(report())
    wire = http.Wire(server.port)
    wire.post(IN, body, signed(body))
    server.err.wait("fault commit-before paused")
    wire.close()
    server.resume_until(
        lambda: server.request("GET", "/healthz").status == 200
        and server.count("message") == 1)
    server.resume_until(  # /metrics itself is parked while it looks
        lambda: server.metrics()["bantin_http_parked"] <= 1)


def test_clients_leave_in_numbers(server):
    """Half of them close before their answer; nobody else notices."""
    for i in range(40):
        body = received(f"cam on {i}")
        wire = http.Wire(server.port)
        wire.post(IN, body, signed(body))
        if i % 2:
            assert wire.answer().status == 200
        wire.close()
    server.text(report())
    wait_until(lambda: server.metrics()["bantin_http_parked"] <= 1)
    assert server.count("message") >= 21


def test_slow_loris_is_closed(make_server, config):
    config["http"] = {"request_s": 1}
    server = make_server(config).start()
    wires = [http.Wire(server.port) for _ in range(3)]
    wires[0].send(b"POST " + IN.encode() + b" HTTP/1.1\r\nHost: h\r\nX-")
    wires[1].send(b"POST " + IN.encode() +
                  b" HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n{")
    # wires[2] says nothing at all
    assert all(w.is_closed_within(10) for w in wires)
    for w in wires:
        w.close()
    wait_until(lambda: server.metrics()["bantin_http_connections"] <= 1)


def test_connections_are_capped(make_server, config):
    config["http"] = {"max_connections": 8, "request_s": 1}
    server = make_server(config).start()
    wires = [http.Wire(server.port) for _ in range(30)]
    # The idle ones age out, and whoever waited behind them is served.
    assert server.request("GET", "/healthz").status == 200
    for w in wires:
        w.close()


def test_pipelined_requests_are_all_answered(server):
    bodies = [received(f"cam on {i}") for i in range(5)]
    wire = http.Wire(server.port)
    wire.send(b"".join(http.raw_bytes("POST", IN, b, signed(b))
                       for b in bodies))
    file = wire.sock.makefile("rb")
    heads = 0
    while heads < len(bodies):
        line = file.readline()
        assert line, "closed early"
        heads += line.startswith(b"HTTP/1.1 200")
    wire.close()
    assert server.count("message") == 5


def test_head_has_no_body(server):
    """What followed the head would be taken for the next answer."""
    keep = client.HTTPConnection("127.0.0.1", server.port, timeout=15)
    for path, status in (("/healthz", 200), ("/nothing", 404)):
        keep.request("HEAD", path)
        answer = keep.getresponse()
        assert answer.status == status and answer.read() == b""
        assert int(answer.headers["Content-Length"]) > 0
    keep.request("GET", "/healthz")
    assert keep.getresponse().read() == b"ok\n"
    keep.close()


def test_readyz_names_the_trouble(server):
    answer = server.request("GET", "/readyz")
    assert answer.status == 200


def test_serve_refuses_a_port_in_use(server, make_server, config):
    config["listen"] = f"127.0.0.1:{server.port}"
    other = make_server(config)
    done = rig_server.run("serve", "-c", other.config_file, cwd=other.folder)
    assert done.returncode == 1 and str(server.port) in done.stderr
