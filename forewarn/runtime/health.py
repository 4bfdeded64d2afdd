"""Every worker's own small server: /metrics, /livez, /readyz."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from forewarn.runtime.logs import logger

log = logger(__name__)


class Heartbeat:
    """Beaten by a loop that must go on; `alive` while the last beat is young enough."""

    def __init__(self, longest_seconds: float = 60) -> None:
        self._longest = longest_seconds
        self._last = time.monotonic()

    def beat(self) -> None:
        self._last = time.monotonic()

    @property
    def alive(self) -> bool:
        return time.monotonic() - self._last < self._longest


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A probe that hangs up is a line of the log like any other, no bare traceback."""
        log.warning("probe_failed", exc_info=True)


class Health:
    """Serves on its own thread. Alive says the loops go on, not that servers elsewhere answer."""

    def __init__(self, host: str, port: int, alive: Callable[[], bool], ready: Callable[[], bool]) -> None:
        health = self
        self.alive, self.ready = alive, ready

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = health.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Requests of probes are not logged."""

        self._server = _Server((host, port), Handler)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        match path.partition("?")[0]:
            case "/metrics":
                return 200, CONTENT_TYPE_LATEST, generate_latest()
            case "/livez":
                return (200, "text/plain", b"alive\n") if self.alive() else (503, "text/plain", b"stalled\n")
            case "/readyz":
                return (200, "text/plain", b"ready\n") if self.ready() else (503, "text/plain", b"not ready\n")
            case _:
                return 404, "text/plain", b"there are /metrics, /livez and /readyz\n"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
