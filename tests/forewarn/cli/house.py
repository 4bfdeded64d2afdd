"""A little door and desk on a real port, that answer as they are told to and remember what they heard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import orjson
from pydantic import BaseModel

Said = BaseModel | list[Any] | dict[str, Any] | bytes | None
"""What to answer with; None hangs up without an answer."""


@dataclass(frozen=True, slots=True)
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class House:
    """Answers per method and path; the last answer of a list stands for all that follow."""

    url: str = ""
    answers: dict[str, list[tuple[int, Said]]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)

    def says(self, call: str, *answers: Said | tuple[int, Said]) -> None:
        """`says("GET /v1/status", view)`: 200 unless a status comes with it; * stands for anything."""
        self.answers[call] = [each if isinstance(each, tuple) else (200, each) for each in answers]

    def asked(self, call: str) -> list[Heard]:
        return [each for each in self.heard if f"{each.method} {each.path}" == call]

    def answer(self, call: str) -> tuple[int, Said]:
        bare = call.partition("?")[0]
        known = self.answers.get(call) or next((a for c, a in self.answers.items() if fnmatch(bare, c)), None)
        if known is None:
            return 404, {"reason": f"nothing at {call}"}
        return known.pop(0) if len(known) > 1 else known[0]


def in_json(said: Said) -> bytes:
    if isinstance(said, bytes):
        return said
    return orjson.dumps(said, default=lambda model: model.model_dump(mode="json"))


class Rooms(ThreadingHTTPServer):
    """The port of one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        super().__init__(("127.0.0.1", 0), Answering)


class Answering(BaseHTTPRequestHandler):
    server: Rooms

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.house.heard.append(Heard(self.command, self.path, dict(self.headers), body))
        status, said = self.server.house.answer(f"{self.command} {self.path}")
        if said is None:
            return
        answer = in_json(said)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@contextmanager
def open_house() -> Iterator[House]:
    house = House()
    with Rooms(house) as rooms:
        house.url = f"http://127.0.0.1:{rooms.server_address[1]}"
        thread = Thread(target=rooms.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield house
        rooms.shutdown()
        thread.join()
