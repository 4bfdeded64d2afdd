"""The cheapest SES there can be on this machine: it counts entries, believes all of them, and keeps nothing.

    python -m benchmarks.sink --port 0 --ports-file F

F gets `{"port": …, "pid": …}` when it is ready. `GET /count` answers `{"calls": …, "recipients": …}`.
"""

import argparse
import asyncio
import json
import os
import signal
from pathlib import Path
from typing import cast

import uvloop

ENTRY = b'"Destination"'
"""Stands once in each entry of a SendBulkEmail."""

_LENGTH = b"\r\ncontent-length:"
_RESULT = b'{"Status":"SUCCESS","MessageId":"0107000000000000-sink-000000"}'
_ACCOUNT = b'{"SendingEnabled":true,"SendQuota":{"Max24HourSend":-1.0,"MaxSendRate":1000000.0,"SentLast24Hours":0.0}}'


class Tally:
    """What was counted, and the answers by number of entries, made once."""

    def __init__(self) -> None:
        self.calls = self.recipients = 0
        self._answers: dict[int, bytes] = {}

    def answer(self, head: bytes, body: bytes) -> bytes:
        """Count one request; what it is answered."""
        if head.startswith(b"POST"):
            entries = body.count(ENTRY)
            self.calls += 1
            self.recipients += entries
            if entries not in self._answers:
                self._answers[entries] = _ok(b'{"BulkEmailEntryResults":[%s]}' % b",".join([_RESULT] * entries))
            return self._answers[entries]
        if head.startswith(b"GET /count"):
            return _ok(json.dumps({"calls": self.calls, "recipients": self.recipients}).encode())
        return _ok(_ACCOUNT)


class Sink(asyncio.Protocol):
    """One connection, kept alive; requests carry a Content-Length or no body."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._held: list[bytes] = []
        self._size, self._need = 0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._out = cast(asyncio.WriteTransport, transport)  # uvloop's own class, outside asyncio's tree

    def data_received(self, data: bytes) -> None:
        self._held.append(data)
        self._size += len(data)
        while self._size and self._size >= self._need:
            if not self._answered():
                return

    def _answered(self) -> bool:
        """Answer the first request that is held, if it is whole; else know how many bytes it needs."""
        held = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        end = held.find(b"\r\n\r\n") + 4
        whole = end + _length(held[:end]) if end > 3 else len(held) + 1
        self._held, self._need = [held], whole
        if len(held) < whole:
            return False
        self._out.write(self._tally.answer(held[:end], held[end:whole]))
        self._held, self._size, self._need = [held[whole:]], len(held) - whole, 0
        return True


def _length(head: bytes) -> int:
    at = head.lower().find(_LENGTH)
    return int(head[at + len(_LENGTH) : head.index(b"\r\n", at + 2)]) if at >= 0 else 0


def _ok(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


async def serve(port: int, ports_file: Path | None) -> None:
    """Answer on 127.0.0.1 until SIGTERM or Ctrl-C; port 0 lets the system choose."""
    tally, ended, loop = Tally(), asyncio.Event(), asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, ended.set)
    server = await loop.create_server(lambda: Sink(tally), "127.0.0.1", port)
    ready = json.dumps({"port": server.sockets[0].getsockname()[1], "pid": os.getpid()})
    if ports_file:
        draft = ports_file.with_name(f".{ports_file.name}.{os.getpid()}")
        draft.write_text(ready)
        draft.replace(ports_file)
    await ended.wait()
    server.close()


def main() -> None:
    """Serve until told to stop, then end with 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sink")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) lets the system choose")
    parser.add_argument("--ports-file", type=Path, help="where to write the port, as JSON, when ready")
    given = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(given.port, given.ports_file))


if __name__ == "__main__":
    main()
