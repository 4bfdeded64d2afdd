"""Connections to endpoints that we do not know: what one of them may make us read and keep."""

import asyncio
from functools import partial
from typing import Any

from aiohttp import TCPConnector
from aiohttp.client_proto import ResponseHandler

MOST_BYTES = 256 * 1024
"""Of one answer with all that comes before it: four times what is read of a body."""
MOST_INTERIM = 8
"""Answers that say only that an answer will come (1xx)."""
PARSED_AT_ONCE = 4096
"""A socket gives 256 KiB at once: 14,000 answers of 18 bytes, each an object of a KB, were they parsed together."""


class Bounded(ResponseHandler):
    """Aborts a connection that says more than one answer to what it was asked, or anything unasked.

    So nothing that came between two calls, such as a server's 408 on hanging up, is taken for the answer to the second.
    """

    _bytes = _interim = 0
    _answered = _aborted = False

    def set_response_params(self, **params: Any) -> None:
        """The next request follows."""
        self._bytes = self._interim = 0
        self._answered = False
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            self._end()
        for start in range(0, len(data) or 1, PARSED_AT_ONCE):
            if data and self._answered and (self._payload is None or self._payload.is_eof()):
                self._end()
            if self._aborted:
                return
            super().data_received(data[start : start + PARSED_AT_ONCE])

    def feed_data(self, data: tuple[Any, Any], size: int = 0) -> None:
        final = data[0].code >= 200
        self._interim += not final
        if self._answered or self._interim > MOST_INTERIM:
            self._end()
        if not self._aborted:
            self._answered = final
            super().feed_data(data, size)

    def _end(self) -> None:
        self._aborted = True
        self.force_close()
        if self.transport is not None:
            self.transport.abort()


class Bounding(TCPConnector):
    """Makes such connections."""

    def __init__(self, **settings: Any) -> None:
        """On a running loop."""
        super().__init__(**settings)
        self._factory = partial(Bounded, loop=asyncio.get_running_loop())  # type: ignore[assignment]
