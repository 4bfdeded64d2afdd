"""A client that speaks to an app without a socket."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI


@dataclass(frozen=True)
class Page:
    status: int
    headers: dict[str, str]
    text: str


def ask(app: FastAPI, method: str, path: str, chunks: Iterable[bytes] = (), **headers: str) -> Page:
    """One request, its body in chunks as they may come from the network."""
    path, _, query = path.partition("?")
    body = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    coming = iter([*body, {"type": "http.request", "body": b"", "more_body": False}])
    sent: list[Any] = []

    async def receive() -> Any:
        if (message := next(coming, None)) is None:
            await asyncio.Event().wait()  # for an answer
        return message

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(app(scope, receive, send))
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Page(sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]).decode())
