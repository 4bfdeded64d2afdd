"""One POST to an endpoint that we do not know: ended in time, read no further than needed."""

import asyncio
import time
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import (
    ClientError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    InvalidURL,
)
from aiohttp.connector import Connection
from yarl import URL

from services.dispatch.channels.webhook_said import Heard, Said, heard

CALL_SECONDS = 9.0
WIRE_SECONDS = 4.0
"""From the beginning of a call until it goes on the wire. With the 2 s of `send`, a lease (10 s, renewed every 3 s)
outlasts it even if this process stands still."""
BODY_SECONDS, MOST_BODY_BYTES = 1.0, 64 * 1024
"""An answer's body says nothing to us; it is read so that the connection can be kept."""


class Late(Exception):
    """The call would go on the wire too late."""


@dataclass(slots=True)
class Call:
    """One call from its beginning on (`begun` as time.monotonic() has it)."""

    begun: float
    on_the_wire: bool = False

    def left(self, of_seconds: float) -> float:
        return max(0.001, self.begun + of_seconds - time.monotonic())

    def leaves(self) -> None:
        """It goes on the wire now. Raises Late if this process stood still meanwhile."""
        if time.monotonic() - self.begun > WIRE_SECONDS:
            raise Late
        self.on_the_wire = True


_CALL: ContextVar[Call] = ContextVar("call")


class Timely(ClientRequest):
    """A request that asks the call of its task before it is sent."""

    async def send(self, conn: Connection) -> ClientResponse:
        _CALL.get().leaves()
        return await super().send(conn)


async def post(session: ClientSession, url: URL, body: bytes, headers: dict[str, str], call: Call) -> Heard:
    """POST once; ends within 9 s of the call's beginning. The status counts, whatever becomes of the rest."""
    _CALL.set(call)
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
    except (ClientError, TimeoutError, OSError):
        pass
    return said or Heard(Said.NO_ANSWER if call.on_the_wire else Said.NOT_CONNECTED)


async def _drain(response: ClientResponse) -> None:
    """Read a short body to its end; of a long or slow one the connection is closed instead (by `async with`)."""
    left = MOST_BODY_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            while left > 0 and (chunk := await response.content.read(left)):
                left -= len(chunk)
