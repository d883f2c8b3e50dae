"""The listener speaks HTTPS; certificates change; clients misbehave."""
import os
import shutil
import signal
import socket
import ssl
import time

import pytest

from rig import http, pki
from rig.server import IN
from rig.smsgate import meeting_day, received, report, signed
from rig.wait import wait_until


@pytest.fixture
def certificate(tmp_path):
    return pki.Certificate(tmp_path, "own", serial=0x17)


@pytest.fixture
def secured(make_server, config, certificate):
    """Configured for HTTPS, with the test registry, not started yet."""
    config["tls"] = certificate.config()
    s = make_server(config)
    s.load_registry()
    s.tls = certificate.client()
    return s


def refused(server):
    """What serve says when it does not start."""
    done = server.command("serve")
    assert done.returncode == 1
    return done.stderr


def test_a_webhook_and_its_reply(secured, provider):
    secured.start()
    assert secured.out.find("listening on https://")
    secured.text(report())
    assert len(secured.reports(held_on=meeting_day()[1])) == 1
    provider.wait_for(1)
    assert secured.request("POST", IN, b"{}").status == 401
    assert secured.metrics()["bantin_mo_stored_total"] == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_modern_versions_are_spoken(secured, certificate, version):
    secured.start()
    secured.tls = certificate.client(most=version)
    wire = secured.wire()
    assert wire.sock.version() == version.name.replace("_", ".")
    name, _, bits = wire.sock.cipher()
    assert bits >= 128 and ("GCM" in name or "CHACHA20" in name)
    assert version != ssl.TLSVersion.TLSv1_2 or name.startswith("ECDHE")
    assert wire.sock.compression() is None
    wire.close()
    assert secured.request("GET", "/healthz").status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1,
                                     ssl.TLSVersion.TLSv1_1])
def test_old_versions_are_refused(secured, certificate, version):
    secured.start()
    with pytest.warns(DeprecationWarning):
        old = certificate.client(most=version)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        http.Wire(secured.port, tls=old)
    assert secured.request("GET", "/healthz").status == 200


def test_sessions_are_resumed(secured, certificate):
    secured.start()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = certificate.client(most=version)
        wire = http.Wire(secured.port, tls=context)
        wire.send(http.raw_bytes("GET", "/healthz", None, {}))
        assert wire.answer().status == 200
        session = wire.sock.session
        wire.sock.unwrap()  # who just hangs up may not come back with it
        wire.close()
        with socket.create_connection(("127.0.0.1", secured.port)) as raw:
            with context.wrap_socket(raw, server_hostname="127.0.0.1",
                                     session=session) as again:
                assert again.session_reused


def test_the_key_of_another_is_refused(secured, config, tmp_path):
    other = pki.Certificate(tmp_path, "other")
    config["tls"]["key"] = other.key
    secured.write_config(config)
    said = refused(secured)
    assert "not the key of the certificate" in said
    assert f"{secured.config_file}:" in said
    done = secured.command("check")
    assert done.returncode == 1 and "not the key" in done.stderr


@pytest.mark.parametrize("key", ["certificate", "key"])
def test_files_that_are_none_are_named(secured, config, tmp_path, key):
    config["tls"][key] = str(tmp_path / "nowhere.pem")
    secured.write_config(config)
    lines = open(secured.config_file, encoding="utf-8").read().split("\n")
    row = next(i for i, s in enumerate(lines, 1) if "nowhere" in s)
    column = lines[row - 1].index(': "') + 3
    assert f"{secured.config_file}:{row}:{column}: " in refused(secured)
    (tmp_path / "nowhere.pem").write_text("-----BEGIN NONSENSE-----\n")
    assert f"{secured.config_file}:{row}:{column}: " in refused(secured)
    (tmp_path / "nowhere.pem").write_text("")
    assert f"{secured.config_file}:{row}:{column}: " in refused(secured)


def test_a_key_with_a_password_is_refused(secured, certificate):
    """Nobody is there to ask: it must not wait at a terminal."""
    pki.openssl("ec", "-in", certificate.key, "-aes256", "-passout",
                "pass:secret", "-out", certificate.key + ".new")
    os.rename(certificate.key + ".new", certificate.key)
    assert "no private key" in refused(secured)


def test_a_weak_key_is_refused(secured, certificate):
    pki.openssl("req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout",
                certificate.key, "-out", certificate.file, "-subj", "/CN=x")
    assert "too small" in refused(secured)


def test_an_expired_certificate_is_a_warning(secured, certificate):
    pki.openssl("x509", "-in", certificate.file, "-signkey", certificate.key,
                "-days", "-1", "-out", certificate.file + ".old")
    os.rename(certificate.file + ".old", certificate.file)
    secured.start()
    secured.err.wait("level=warn.*tls_certificate.*expired")
    with pytest.raises(ssl.SSLError):
        secured.request("GET", "/healthz")
    done = secured.command("check")
    assert done.returncode == 0 and "has expired" in done.stderr


def serial(server):
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        with trusting.wrap_socket(raw) as s:
            return pki.serial_of(s)


def test_sighup_exchanges_the_certificate(secured, certificate, tmp_path):
    secured.start()
    wire = secured.wire()
    assert serial(secured) == 0x17
    fresh = pki.Certificate(tmp_path, "fresh", serial=0x99)
    old = secured.tls
    shutil.copy(fresh.file, certificate.file)
    secured.signal(signal.SIGHUP)  # the key does not fit yet
    secured.err.wait("reload_refused")
    secured.err.wait("not the key of the certificate")
    assert serial(secured) == 0x17
    assert secured.metrics()["bantin_reloads_refused_total"] == 1
    shutil.copy(fresh.key, certificate.key)
    secured.signal(signal.SIGHUP)
    secured.err.wait("event=reloaded")
    assert serial(secured) == 0x99
    with pytest.raises(ssl.SSLError):
        http.request(secured.port, "GET", "/healthz", tls=old)
    secured.tls = fresh.client()
    secured.text(report())
    # Who was there keeps what it has.
    wire.send(http.raw_bytes("GET", "/healthz", None, {}))
    assert wire.answer().status == 200
    wire.close()


def test_sighup_turns_tls_on_and_off(server, config, certificate):
    config["tls"] = certificate.config()
    server.write_config(config)
    server.signal(signal.SIGHUP)
    server.err.wait("event=reloaded")
    server.tls = certificate.client()
    server.text(report())
    del config["tls"]
    server.write_config(config)
    server.signal(signal.SIGHUP)
    server.err.wait("event=reloaded", 2)
    server.tls = None
    server.text(report(days_ago=2))


def test_plain_http_is_told(secured):
    secured.start()
    plain = http.request(secured.port, "POST", IN, b"{}")
    assert plain.status == 400 and b"https://" in plain.body
    wire = http.Wire(secured.port)
    wire.send(b"\x00\x01nonsense" * 100)
    assert wire.is_closed_within(10)
    wire.close()
    secured.text(report())
    wait_until(lambda: secured.metrics()["bantin_http_connections"] <= 1)


def test_slow_handshakes_are_closed(make_server, config, certificate):
    config["tls"] = certificate.config()
    config["http"] = {"request_s": 1}
    server = make_server(config).start()
    server.tls = certificate.client()
    hello = client_hello(server.tls)
    wires = [http.Wire(server.port) for _ in range(4)]
    wires[1].send(hello[:1])
    wires[2].send(hello[:40])
    wires[3].send(hello)  # and then nothing of its own
    secured = server.wire()
    secured.send(b"POST " + IN.encode() + b" HTTP/1.1\r\nX-")
    start = time.monotonic()
    assert all(w.is_closed_within(10) for w in wires)
    assert secured.is_closed_within(10)
    assert time.monotonic() - start < 9
    for w in wires + [secured]:
        w.close()
    wait_until(lambda: server.metrics()["bantin_http_connections"] <= 1)


def client_hello(context):
    out = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), out,
                         server_hostname="127.0.0.1").do_handshake()
    except ssl.SSLWantReadError:
        return out.read()


def test_clients_that_hang_up_half_way(secured):
    secured.start()
    hello = client_hello(secured.tls)
    for i in range(30):
        wire = http.Wire(secured.port)
        if i % 3:
            wire.send(hello[:len(hello) // (i % 3)])
        if i % 2:
            wire.sock.shutdown(socket.SHUT_WR)
            assert wire.is_closed_within(10)
        wire.close()
        body = received(f"cam on {i}")
        wire = secured.wire()
        wire.post(IN, body, signed(body))
        if i % 2:  # no close_notify, just the end of the stream
            socket.socket.shutdown(wire.sock, socket.SHUT_WR)
        wire.close()
    secured.text(report())
    wait_until(lambda: secured.metrics()["bantin_http_connections"] <= 1)
    wait_until(lambda: secured.metrics()["bantin_http_parked"] <= 1)


def test_the_client_leaves_before_its_answer(secured):
    secured.start(fault="commit-before:pause")
    body = received(report())
    wire = secured.wire()
    wire.post(IN, body, signed(body))
    secured.err.wait("fault commit-before paused")
    wire.close()
    secured.resume_until(
        lambda: secured.request("GET", "/healthz").status == 200
        and secured.count("message") == 1)
    secured.resume_until(lambda: secured.metrics()["bantin_http_parked"] <= 1)


def test_large_and_many_over_one_connection(secured, config):
    secured.start()
    wire = secured.wire()
    wire.post(IN, b"x" * 200000, {})
    assert wire.answer().status == 401
    bodies = [received(f"cam on {i}") for i in range(5)]
    wire.send(b"".join(http.raw_bytes("POST", IN, b, signed(b))
                       for b in bodies))
    file = wire.sock.makefile("rb")
    heads = 0
    while heads < len(bodies):
        line = file.readline()
        assert line, "closed early"
        heads += line.startswith(b"HTTP/1.1 200")
    wire.close()
    wire = secured.wire()
    wire.send(b"POST " + IN.encode() + b" HTTP/1.1\r\nHost: h\r\n"
              b"Content-Length: 99999999\r\n\r\n")
    assert wire.answer().status == 413
    wire.close()
    wire = secured.wire()
    wire.send(b"GET / HTTP/1.1\r\nX: " + b"y" * 40000)
    assert wire.is_closed_within(10)
    wire.close()


def test_the_end_is_said(secured):
    """A client can tell an answer that is whole from one that was cut."""
    secured.start()
    wire = secured.wire()
    wire.send(http.raw_bytes("GET", "/healthz", None,
                             {"Connection": "close"}))
    while wire.sock.recv(4096):  # an end without close_notify would raise
        pass
    wire.close()
    idle = secured.wire()
    start = time.monotonic()
    secured.signal(signal.SIGTERM)
    assert secured.wait_end() == 0
    assert time.monotonic() - start < 2
    assert idle.sock.recv(1) == b""
    idle.close()
