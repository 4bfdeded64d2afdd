"""Run a worker until it is told to stop, then let it finish what it holds."""

import gc
import signal
import threading
from collections.abc import Callable

from forewarn.runtime.logs import logger

log = logger(__name__)


def run_until_told(stop: Callable[[], None]) -> None:
    """Wait for SIGTERM or SIGINT, then call `stop`; a second signal ends the process at once."""
    gc.freeze()  # what stands by now stays: it need not be looked through again and again for cycles
    gc.set_threshold(10_000, 10, 10)
    told = threading.Event()

    def tell(_signal: int, _frame: object) -> None:
        if told.is_set():
            raise SystemExit(1)
        told.set()

    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGINT, tell)
    while not told.wait(1):
        pass
    log.info("stopping")
    stop()
    log.info("stopped")
