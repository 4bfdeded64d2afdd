"""A ticker: one step again and again, on a thread of its own, whose life can be asked after."""

import threading
import time
from collections.abc import Callable

from forewarn.runtime.health import Heartbeat


class Ticker:
    """Does `step` every `seconds`, the first time at once. A step that raises ends the thread; `alive` falls
    `longest_seconds` after the last beat.

    `begun` hears at each round how many seconds late it begins. A step that takes long may call `beat` on its way.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], None],
        seconds: float,
        longest_seconds: float = 60.0,
        begun: Callable[[float], None] = lambda late: None,
    ) -> None:
        self._step, self._seconds, self._begun = step, seconds, begun
        self._heartbeat, self._stopping = Heartbeat(longest_seconds), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.beat = self._heartbeat.beat

    @property
    def alive(self) -> bool:
        """It goes on, whether or not anybody answers it."""
        return self._heartbeat.alive

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience_seconds: float = 15.0) -> None:
        """No round begins any more; the one under way is waited for so long."""
        self._stopping.set()
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            began = time.monotonic()
            self.beat()
            self._begun(max(0.0, began - due))
            self._step()
            if self._stopping.wait(self._seconds):
                return
            due = began + self._seconds
