"""Delivery modes: how far notices may travel, and which of two is the stricter."""

from enum import StrEnum


class Mode(StrEnum):
    """Strictest first: providers on this machine only; listed guests only; everybody."""

    SANDBOX = "sandbox"
    GUESTS = "guests"
    LIVE = "live"


def stricter(one: Mode, other: Mode) -> Mode:
    """Of the mode a batch was planned in and the mode of whoever sends it, the one that counts."""
    return min(one, other, key=list(Mode).index)


def is_guest(address: str, guests: frozenset[str]) -> bool:
    """Whether an address is listed, itself or by its domain (`@acme.example`); a URL, which may hold an @, itself."""
    return address in guests or ("://" not in address and f"@{address.rpartition('@')[2]}" in guests)
