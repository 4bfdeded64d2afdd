"""One call's time, for every provider: on the wire soon or not at all, ended before its batch could be another's."""

import time
from contextvars import ContextVar
from dataclasses import dataclass

from aiohttp import ClientRequest, ClientResponse
from aiohttp.connector import Connection

CALL_SECONDS = 8.0
"""With the 2 s that `send` gives to *begin*, a call ends within 10 s of its begin."""
WIRE_SECONDS = 4.0
"""From the beginning of a call until it goes on the wire. With the 2 s of *begin* that is 6 s; a lease lasts 10 s and
is renewed every 3 s, so at *begin* it had 7 s left: it outlasts the way to the wire even if this process stands still.
"""


class Late(Exception):
    """The call would go on the wire too late."""


@dataclass(slots=True)
class Call:
    """One call from its beginning on (`begun` as time.monotonic() has it)."""

    begun: float
    on_the_wire: bool = False

    def left(self, of_seconds: float) -> float:
        """What is left of so many seconds since it began, and a moment at least."""
        return max(0.001, self.begun + of_seconds - time.monotonic())

    @property
    def late(self) -> bool:
        return time.monotonic() - self.begun > WIRE_SECONDS

    def leaves(self) -> None:
        """It goes on the wire now. Raises Late if this process stood still meanwhile."""
        if self.late:
            raise Late
        self.on_the_wire = True


CALL: ContextVar[Call] = ContextVar("call")
"""The call that this task makes; set before its session is asked."""


class Timely(ClientRequest):
    """A request that asks the call of its task before it is sent.

    A proxy's CONNECT is not one of these (aiohttp makes a plain request of it): nothing of ours is on the wire by it.
    """

    async def send(self, conn: Connection) -> ClientResponse:
        CALL.get().leaves()
        return await super().send(conn)
