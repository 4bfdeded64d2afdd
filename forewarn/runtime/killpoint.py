"""Kill points: places where a test may end this very process as a power cut would."""

import os
import signal
import threading

_armed: str | None = None
_passes_left = 0
_turn = threading.Lock()


def arm(point: str | None) -> None:
    """Choose the point at which this process dies, as `name` or `name@n` for its n-th passing; None for none."""
    global _armed, _passes_left
    name, _, passes = (point or "").partition("@")
    _armed, _passes_left = name or None, int(passes or 1)


def killpoint(name: str) -> None:
    """Die here if armed with this name, without any clean-up."""
    if _armed == name and _is_the_last():
        os.kill(os.getpid(), signal.SIGKILL)


def _is_the_last() -> bool:
    """Count one passing; threads pass one at a time."""
    global _passes_left
    with _turn:
        _passes_left -= 1
        return _passes_left <= 0
