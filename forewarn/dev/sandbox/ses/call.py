"""One SendBulkEmail, taken apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """`common` is all of the request but its entries; `to` has each entry's addresses, `everybody` all of them.

    Addresses are bare: without the name that may stand before them.
    """

    common: Mapping[str, Any]
    entries: Sequence[Mapping[str, Any]]
    to: Sequence[Sequence[str]]
    everybody: Sequence[str]


def call_of(given: dict[str, Any]) -> Call:
    """The request's own parts; it is changed by this. What is not checked may raise KeyError or TypeError."""
    entries = given.pop("BulkEmailEntries")
    to = [_recipients(entry["Destination"]) for entry in entries]
    return Call(given, entries, to, [address for each in to for address in each])


def _recipients(destination: Mapping[str, list[str]]) -> list[str]:
    to = destination.get("ToAddresses", [])
    if len(destination) > 1:
        to = [*to, *destination.get("CcAddresses", ()), *destination.get("BccAddresses", ())]
    return [each[each.rfind("<") + 1 : -1] if each.endswith(">") else each for each in to]
