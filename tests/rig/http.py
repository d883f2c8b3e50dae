"""A small HTTP/1.1 client that can also be rude."""
import http.client
import json
import socket

from rig.wait import LIMIT_S


Broken = (OSError, http.client.HTTPException)  # the other side went away


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"Answer({self.status}, {self.body[:200]!r})"


def request(port, method, path, body=None, headers=None, timeout=LIMIT_S,
            tls=None, host="127.0.0.1"):
    """tls: the client's SSLContext; None: plain."""
    c = (http.client.HTTPSConnection(host, port, timeout=timeout, context=tls)
         if tls else http.client.HTTPConnection(host, port, timeout=timeout))
    try:
        c.request(method, path, body=body, headers=headers or {})
        r = c.getresponse()
        return Answer(r.status, dict(r.getheaders()), r.read())
    finally:
        c.close()


def raw_bytes(method, path, body, headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{k}: {v}" for k, v in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


class Wire:
    """One connection, byte by byte."""

    def __init__(self, port, timeout=LIMIT_S, tls=None):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout)
        if tls:
            self.sock = tls.wrap_socket(self.sock,
                                        server_hostname="127.0.0.1")

    def send(self, data):
        self.sock.sendall(data)

    def post(self, path, body, headers):
        self.send(raw_bytes("POST", path, body, headers))

    def answer(self):
        r = http.client.HTTPResponse(self.sock)
        r.begin()
        return Answer(r.status, dict(r.getheaders()), r.read())

    def is_silent(self, seconds):
        """Nothing comes, and the connection stays, for this long."""
        self.sock.settimeout(seconds)
        try:
            self.sock.recv(1, socket.MSG_PEEK)
            return False
        except TimeoutError:
            return True
        finally:
            self.sock.settimeout(15)

    def is_closed_within(self, seconds):
        """The other side ends the connection, with or without words."""
        self.sock.settimeout(seconds)
        try:
            while self.sock.recv(4096):
                pass
            return True
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    def close(self):
        self.sock.close()
