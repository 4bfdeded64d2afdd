"""HTTP for programs that post much: one plain function of a request, on aiohttp's own parser."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from aiohttp import web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

SIZE_LIMIT = 40 * 1024 * 1024  # bytes, as SES v2 takes them

Request = web.BaseRequest
Answering = Callable[[Request], Awaitable[web.StreamResponse]]


def door(answer: Answering) -> web.Server:
    """Connections that are answered by this function, which is cancelled when its client goes away."""
    return web.Server(answer, request_factory=_request, handler_cancellation=True, access_log=None)


def peer(request: Request) -> int:
    """The client's port, by which a record tells its connections apart."""
    name = request.transport.get_extra_info("peername") if request.transport else None
    return int(name[1]) if name else 0


async def hang_up(request: Request) -> NoReturn:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    await asyncio.get_running_loop().create_future()  # aiohttp cancels this task when the connection is lost
    raise AssertionError("a future that nobody sets was set")


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: Any,
    task: "asyncio.Task[None]",
) -> Request:
    return web.BaseRequest(
        message, payload, protocol, writer, task, asyncio.get_running_loop(), client_max_size=SIZE_LIMIT
    )
