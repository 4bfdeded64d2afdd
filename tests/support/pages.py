"""Where pages go in tests: an HTTP server that hears them, or fails as it is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

TRICKLE_SECONDS = 30


@dataclass
class Ear:
    """What was heard, by path. Paths that begin with /no are refused, with /slow answered byte by byte, for long."""

    port: int
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "in") -> str:
        """As Apprise has it."""
        return f"json://127.0.0.1:{self.port}/{path}"

    @property
    def texts(self) -> list[str]:
        return [body["message"] for _, body in self.heard]


@contextmanager
def ear() -> Iterator[Ear]:
    """Listens on this machine."""

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.heard.append((self.path, orjson.loads(body)))
            self.send_response(500 if self.path.startswith("/no") else 200)
            if self.path.startswith("/slow"):
                self._trickle()
            else:
                self.send_header("Content-Length", "0")
                self.end_headers()

        def _trickle(self) -> None:
            """Each byte comes long before any time-out of the wire."""
            until = time.monotonic() + TRICKLE_SECONDS
            self.send_header("Content-Length", str(TRICKLE_SECONDS * 10))
            self.end_headers()
            while time.monotonic() < until and not here.ended.wait(0.1):
                self.wfile.write(b" ")

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hearing)
    here = Ear(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
