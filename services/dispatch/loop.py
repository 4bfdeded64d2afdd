"""The event loop that all batches of a process share."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

from forewarn.runtime.health import Heartbeat

T = TypeVar("T")


class Loop:
    """One event loop on a thread of its own; actors hand coroutines to it and wait."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._heartbeat = Heartbeat()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loop", daemon=True)
        self._thread.start()
        self._loop.call_soon_threadsafe(self._beat)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @property
    def turns(self) -> bool:
        """Whether the loop goes round: neither ended nor stuck in a call that blocks."""
        return self._thread.is_alive() and self._heartbeat.alive

    def _beat(self) -> None:
        self._heartbeat.beat()
        self._loop.call_later(1, self._beat)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
