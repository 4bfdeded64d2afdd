"""Laws of connecting: what our own way out may have caused ends nobody; what the endpoint said is the endpoint's."""

import errno
import socket
from typing import Any

import pytest
from aiohttp import ClientConnectorError, ConnectionTimeoutError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey

from services.dispatch.channels.post import unconnected
from services.dispatch.channels.webhook_said import Said

KEY: Any = ConnectionKey("a.example", 443, True, True, None, None, None)


def refused(number: int | None, text: str = "…") -> ClientConnectorError:
    return ClientConnectorError(KEY, OSError(number, text) if number else OSError(text))


@pytest.mark.parametrize(
    "fault",
    [
        *(refused(errno.ENETUNREACH), refused(errno.EHOSTUNREACH), refused(errno.ENETDOWN), refused(errno.EMFILE)),
        refused(None, "Multiple exceptions: [Errno 113] No route to host, [Errno 101] Network is unreachable"),
        *(TimeoutError(), ConnectionTimeoutError()),
    ],
)
def test_no_way_out_says_nothing_of_the_endpoint(fault: Exception) -> None:
    assert unconnected(fault) is Said.UNREACHABLE


@pytest.mark.parametrize(
    "fault",
    [
        *(refused(errno.ECONNREFUSED), refused(errno.ECONNRESET), refused(None), ServerDisconnectedError()),
        refused(None, "Multiple exceptions: [Errno 101] Network is unreachable, [Errno 111] Connection refused"),
        ClientConnectorError(KEY, socket.gaierror(socket.EAI_NONAME, "…")),
    ],
)
def test_an_endpoint_that_turns_us_away_is_itself_away(fault: Exception) -> None:
    assert unconnected(fault) is Said.NOT_CONNECTED
