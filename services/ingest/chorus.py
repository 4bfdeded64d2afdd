"""The signals of one outage by what they say: a thousand that say the same weigh no more than one."""

from collections.abc import Iterable
from typing import Any

from forewarn.signal import Signal

Name = tuple[str, str]


class Chorus:
    """Loaded once per transaction and kept as signals change, so that a webhook of n alerts costs n, not n²."""

    def __init__(self, signals: Iterable[Signal] = ()) -> None:
        self._saying: dict[Any, dict[Name, Signal]] = {}
        self._said_by: dict[Name, Any] = {}
        for signal in signals:
            self.hear(signal)

    def hear(self, signal: Signal) -> None:
        """The signal as it is now."""
        self.forget(signal)
        named = tuple(sorted(signal.components.items())), signal.unknown_components
        said = (signal.firing, named, signal.severity)
        self._said_by[signal.source, signal.key] = said
        self._saying.setdefault(said, {})[signal.source, signal.key] = signal

    def forget(self, signal: Signal) -> None:
        name = (signal.source, signal.key)
        if name in self._said_by:
            said = self._said_by.pop(name)
            del self._saying[said][name]
            if not self._saying[said]:
                del self._saying[said]

    def others(self, source: str, key: str) -> tuple[Signal, ...]:
        """One signal for each different thing that signals other than the named one say."""
        own = (source, key)
        found = (next((s for name, s in saying.items() if name != own), None) for saying in self._saying.values())
        return tuple(signal for signal in found if signal is not None)
