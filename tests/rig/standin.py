"""A provider's API on loopback that speaks a dialect (dialects.py)."""
from rig.provider import Provider


class StandIn(Provider):
    """Answers as the dialect does, or as `answers` say: (status, type, body)
    each, used up one by one. requests: what came, as read and as sent."""

    def __init__(self, dialect):
        self.dialect = dialect
        self.answers = []
        super().__init__()

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        request = self.dialect.read("POST", handler.path, body)
        with self.lock:
            known = any(r["request"].id == request.id for r in self.requests)
            self.requests.append({
                "path": handler.path, "headers": dict(handler.headers),
                "body": body, "request": request})
            status, kind, answer = (
                self.answers.pop(0) if self.answers
                else self.dialect.answer(request, known))
            self.lock.notify_all()
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(answer)))
        for name, value in self.answer_headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer)

    def texts(self):
        with self.lock:
            return [(r["request"].to, r["request"].text)
                    for r in self.requests]
