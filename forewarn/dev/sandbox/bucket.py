"""A rate with bursts of one second, as providers count."""

from collections.abc import Callable


class Bucket:
    """Tokens that refill at `rate` per second, at most one second's worth (and never less than one)."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate, self._clock = rate, clock
        self._most = max(1.0, rate)
        self._left, self._at = self._most, clock()

    def take_all(self, tokens: int) -> bool:
        """Take so many unless the bucket is empty; what is taken too many is owed, so that the rate holds."""
        self._refill()
        if self._left < 1:
            return False
        self._left -= tokens
        return True

    def take_some(self, tokens: int) -> int:
        """Take up to so many whole tokens; how many there were."""
        self._refill()
        taken = max(0, min(tokens, int(self._left)))
        self._left -= taken
        return taken

    def _refill(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
