"""An endpoint on a loopback socket that answers with the very bytes, or the very silence, that a test asks for."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


def a_reply(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """A whole HTTP answer; `retry_after` becomes Retry-After."""
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Because\r\nContent-Length: {len(body)}\r\n{named}\r\n".encode() + body


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came, and the connection it came over."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass(slots=True)
class Endpoint:
    """`answers` by the number of the request: bytes to write, or None to fall silent; b"" hangs up."""

    answers: Callable[[int], bytes | None] = lambda n: NO_CONTENT
    seconds: float = 0.0
    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0
    tasks: "set[asyncio.Task[None] | None]" = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = self.connections
        self.tasks.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while await self._serve_one(reader, writer, connection):
                pass
        writer.transport.abort()
        self.tasks.discard(asyncio.current_task())

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, _, rest = head.partition("\r\n")
        headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in rest.split("\r\n"))}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.heard.append(Heard(line, headers, body, connection))
        answer = self.answers(len(self.heard) - 1)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        if answer is None:
            await reader.read()
            return False
        writer.write(answer)
        await writer.drain()
        return bool(answer)


@asynccontextmanager
async def serving(endpoint: Endpoint, tls: ssl.SSLContext | None = None) -> AsyncIterator[Endpoint]:
    """The endpoint on a free port."""
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0, ssl=tls)
    endpoint.port = server.sockets[0].getsockname()[1]
    try:
        yield endpoint
    finally:
        server.close()
        for task in filter(None, tuple(endpoint.tasks)):
            task.cancel()
        await asyncio.sleep(0.01)
