"""Clients that mean harm, plain and over TLS: whatever they send, the next
text is taken, nothing stays behind, and the process ends in good order."""
import random
import socket
import ssl
import struct

import pytest

from rig import http, pki
from rig.server import IN
from rig.smsgate import received, report, signed
from rig.wait import wait_until


@pytest.fixture(params=["plain", "tls"])
def target(request, make_server, config, tmp_path):
    config["http"] = {"request_s": 2, "max_header": 4096, "max_body": 20000}
    own = pki.Certificate(tmp_path, "own")
    if request.param == "tls":
        config["tls"] = own.config()
    server = make_server(config)
    if request.param == "tls":
        server.tls = own.client()
    server.load_registry()
    yield server.start()
    server.text(report())
    wait_until(lambda: server.metrics()["bantin_http_connections"] <= 1)
    wait_until(lambda: server.metrics()["bantin_http_parked"] <= 1)
    assert server.process.poll() is None


def reset(wire):
    """Ends it with RST: no more words."""
    raw = socket.socket(fileno=wire.sock.detach()) \
        if isinstance(wire.sock, ssl.SSLSocket) else wire.sock
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                   struct.pack("ii", 1, 0))
    raw.close()


def outcome(server, data):
    """The status that it is answered, or None: closed without one."""
    wire = server.wire()
    try:
        wire.send(data)
        return wire.answer().status
    except (*http.Broken, ValueError):
        return None
    finally:
        wire.close()


def head(*lines, line="POST " + IN + " HTTP/1.1"):
    return "\r\n".join((line, "Host: h") + lines).encode() + b"\r\n\r\n"


BODY = b'{"a":1}'
CHUNKED = head("Transfer-Encoding: chunked")
BAD = {
    "two lengths": head("Content-Length: 7", "Content-Length: 9") + BODY,
    "no number": head("Content-Length: 7 7") + BODY,
    "negative": head("Content-Length: -7") + BODY,
    "overflow": head("Content-Length: 18446744073709551617") + BODY,
    "too much": head("Content-Length: 20001"),
    "chunk of no number": CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n",
    "negative chunk": CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n",
    "chunk with an extension": CHUNKED + b"3;a=1\r\nabc\r\n0\r\n\r\n",
    "chunk too large": CHUNKED + b"fffffffffffffff0\r\nabc",
    "chunks in sum": CHUNKED + b"2000\r\n" + (b"x" * 8192 + b"\r\n2000\r\n")
    * 3,
    "long line": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n",
    "long header": head("X: " + "y" * 9000),
    "many headers": head(*(f"X-{i}: 1" for i in range(900))),
    "no colon": head("nonsense"),
    "nul": b"GET / HTTP/1.1\r\nX\x00Y: 1\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "version 9": b"GET / HTTP/9.0\r\n\r\n",
    "folded first": b"GET / HTTP/1.1\r\n X: 1\r\n\r\n",
    "preface of h2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "line ends alone": b"\r\n" * 3000,
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_request_is_refused(target, kind):
    assert outcome(target, BAD[kind]) in (None, 400, 401, 404, 413, 501, 505)


def test_odd_requests_are_answered(target):
    body = received("cam on")
    sign = signed(body)
    lines = [f"{k}: {v}" for k, v in sign.items()]
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(p), p)
                      for p in (body[:1], body[1:50], body[50:]))
    chunked = head("Transfer-Encoding: chunked", *lines) + pieces
    assert outcome(target, chunked + b"0\r\nTrailer: 1\r\n\r\n") == 200
    assert outcome(target, head(
        f"Content-Length: {len(body)}", *lines,
        line="POST " + IN + " HTTP/1.0") + body) == 200
    assert outcome(target, b"GET /healthz HTTP/1.0\n\n") == 200
    assert outcome(target, head(*(f"X-{i}: 1" for i in range(100)),
                                line="GET /healthz HTTP/1.1")) == 200
    assert target.count("message") == 1


def test_a_dribbled_header_has_an_end(target):
    wires = [target.wire() for _ in range(5)]

    def drip():
        gone = 0
        for wire in wires:
            try:
                wire.send(b"X")
                wire.sock.settimeout(0.01)
                gone += wire.sock.recv(100) == b""
            except TimeoutError:
                pass
            except OSError:
                gone += 1
        return gone == len(wires)

    for wire in wires:
        wire.send(b"GET / HTTP/1.1\r\nX: ")
    wait_until(drip)
    for wire in wires:
        wire.close()


def test_requests_cut_anywhere(target):
    """Half of them reset, half closed; some were whole and are stored."""
    rng = random.Random(4)
    whole = 0
    for i in range(60):
        body = received(f"cam on {i}")
        data = http.raw_bytes("POST", IN, body, signed(body))
        cut = rng.randrange(len(data) + 1) if i % 5 else len(data)
        whole += cut == len(data)
        wire = target.wire()
        wire.send(data[:cut])
        end = reset if i % 2 else http.Wire.close
        end(wire)
    assert target.count("message") <= whole


def test_pipelines_that_break_off(target):
    rng = random.Random(5)
    for i in range(20):
        data = b""
        for k in range(rng.randrange(1, 6)):
            body = received(f"cam on {i} {k}")
            data += http.raw_bytes("POST", IN, body, signed(body))
        wire = target.wire()
        wire.send(data + rng.choice(
            (b"", data[:40], b"\x00" * 50, BAD["negative"])))
        if i % 3:
            reset(wire)
        else:
            assert wire.answer().status == 200
            wire.close()


def test_bytes_by_chance(target):
    """Whole requests with some bytes changed; over TLS also its records."""
    rng = random.Random(6)
    for i in range(80):
        body = received(f"cam on {i}")
        data = bytearray(http.raw_bytes("POST", IN, body, signed(body)))
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        raw = target.tls is not None and i % 2
        wire = http.Wire(target.port) if raw else target.wire()
        wire.send(b"\x16\x03\x01" + bytes(data) if raw else bytes(data))
        end = reset if i % 3 else http.Wire.close
        end(wire)


def test_answers_that_nobody_reads(target):
    """They fill the socket, and their connections are closed in time."""
    wires = [target.wire() for _ in range(3)]
    for wire in wires:  # some 4 kB each, more than a socket holds
        wire.send(http.raw_bytes("GET", "/metrics", None, {}) * 1500)
    wait_until(lambda: target.metrics()["bantin_http_connections"] <= 1)
    answered = target.metrics()["bantin_http_requests_total"]
    assert answered < 3 * 1500  # it was the time, not the end of the work
    for wire in wires:
        wire.close()
