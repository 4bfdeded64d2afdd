"""One POST to an endpoint that we do not know: ended in time, read no further than needed."""

import asyncio
import errno
import re
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
)
from yarl import URL

from services.dispatch.channels.timely import CALL, CALL_SECONDS, WIRE_SECONDS, Call, Late
from services.dispatch.channels.webhook_said import Heard, Said, heard

BODY_SECONDS, MOST_BODY_BYTES = 1.0, 64 * 1024
"""An answer's body says nothing to us; it is read so that the connection can be kept."""

NO_WAY_OUT = frozenset(
    {
        *(errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ETIMEDOUT),
        *(errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM),  # no port of ours is left; a wall of ours
        *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM),
    }
)
"""Faults of connecting that say as much of our own network as of the endpoint."""


async def post(session: ClientSession, url: URL, body: bytes, headers: dict[str, str], call: Call) -> Heard:
    """POST once; ends within 8 s of the call's beginning. The status counts, whatever becomes of the rest."""
    CALL.set(call)
    said: Heard | None = None
    patience = ClientTimeout(total=None, connect=call.left(WIRE_SECONDS))
    try:
        async with (
            asyncio.timeout(call.left(CALL_SECONDS)),
            session.post(url, data=body, headers=headers, timeout=patience, allow_redirects=False) as response,
        ):
            said = heard(response.status, response.headers.get("Retry-After"), datetime.now(UTC))
            await _drain(response)
    except Late:
        return Heard(Said.LATE)
    except InvalidURL:
        return Heard(Said.BAD_URL)
    except (ClientError, TimeoutError, OSError) as fault:
        return said or Heard(Said.NO_ANSWER if call.on_the_wire else unconnected(fault))
    return said


def unconnected(fault: Exception) -> Said:
    """Why nothing went on the wire: the endpoint turned us away, or nobody knows whose fault it is."""
    if isinstance(fault, ConnectionTimeoutError | TimeoutError):
        return Said.UNREACHABLE
    if isinstance(fault, ClientConnectorError) and not isinstance(fault, ClientSSLError):  # OpenSSL has its own numbers
        found = _numbers(fault.os_error)
        return Said.UNREACHABLE if found and found <= NO_WAY_OUT else Said.NOT_CONNECTED
    return Said.NOT_CONNECTED


def _numbers(fault: OSError) -> set[int]:
    """The error's number, or those that are named in the text of several, one for each address."""
    return {fault.errno} if fault.errno is not None else {int(n) for n in re.findall(r"\[Errno (\d+)\]", str(fault))}


async def _drain(response: ClientResponse) -> None:
    """Read a short body to its end; of a long or slow one the connection is closed instead (by `async with`)."""
    left = MOST_BODY_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            while left > 0 and (chunk := await response.content.read(left)):
                left -= len(chunk)
