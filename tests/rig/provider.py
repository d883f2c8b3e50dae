"""A provider's API on loopback that records what it is asked to send."""
import http.server
import json
import threading
import time

from rig.wait import LIMIT_S


class Provider:
    """Answers 202 until told otherwise; remembers every request.

    mode: "ok", a status code, "hang" (no answer until told otherwise), a
    number of seconds (as a float) before "ok", or a function of the request's
    JSON that gives one of these. `at` of a request is its arrival, `busy` how
    many were there then, it included. `answer_headers` go with each answer.
    rename: the id that it gives a text, from ours.
    """

    def __init__(self, tls=None):
        self.lock = threading.Condition()
        self.requests = []
        self.mode = "ok"
        self.busy = 0
        self.answer_headers = {}
        self.rename = lambda own: own
        self.port = 0
        self.tls = tls  # an SSLContext: https
        self.server = None
        self.up()

    def up(self):
        """Listens; after down() on the same port as before."""
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                owner.handle(self)

            def log_message(self, *args):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        if self.tls:  # the handshake is the connection's own thread's
            self.server.socket = self.tls.wrap_socket(
                self.server.socket, server_side=True,
                do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.01,),
                         daemon=True).start()

    def down(self):
        """Connections are refused from now on."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def tell(self, mode):
        with self.lock:
            self.mode = mode
            self.lock.notify_all()

    def mode_for(self, body):
        return self.mode(body) if callable(self.mode) else self.mode

    def handle(self, handler):
        at = time.monotonic()
        body = json.loads(
            handler.rfile.read(int(handler.headers["Content-Length"] or 0)))
        with self.lock:
            self.busy += 1
            self.requests.append({
                "path": handler.path, "headers": dict(handler.headers),
                "json": body, "at": at, "busy": self.busy})
            self.lock.notify_all()
            self.lock.wait_for(lambda: self.mode_for(body) != "hang",
                               LIMIT_S * 2)
            mode = self.mode_for(body)
            if isinstance(mode, float):
                self.lock.wait_for(lambda: False, mode)
                mode = "ok"
            self.busy -= 1
        status = 202 if mode == "ok" else mode
        answer = json.dumps({"id": self.rename(body.get("id")),
                             "state": "Pending"}).encode()
        try:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(answer)))
            for name, value in self.answer_headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(answer)
        except OSError:
            pass  # the asker went away meanwhile

    @property
    def url(self):
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"

    def texts(self):
        """(to, text) of each send, whichever dialect it came in."""
        with self.lock:
            bodies = [r["json"] for r in self.requests]
        return [(b["phoneNumbers"][0], b["textMessage"]["text"])
                if "textMessage" in b else (b["to"], b["text"])
                for b in bodies]

    def wait_for(self, count=1):
        """The first `count` requests, once they are there."""
        with self.lock:
            if not self.lock.wait_for(
                    lambda: len(self.requests) >= count, LIMIT_S):
                raise AssertionError(f"{len(self.requests)} of {count} sends "
                                     f"within {LIMIT_S} s")
            return list(self.requests)

    def close(self):
        self.tell(503)
        self.down()
