"""Reach: the ways by which the policy says that communicators are paged, called through Apprise."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any
from urllib.request import getproxies

import apprise

from forewarn.contracts.page import Paged
from forewarn.contracts.policy_kinds import PLACEHOLDER
from forewarn.mode import Mode
from forewarn.runtime.settings import on_this_machine
from services.dispatch.channels.guard import look_up
from services.dispatch.settings import Unusable

TITLE = "Forewarn"
WIRE_SECONDS = 4.0
"""To connect, and between two bytes of an answer."""
CALL_SECONDS = 10.0
"""One way, whatever it does with its wire: then nobody waits for it any more."""

AT_A_HOST = ("json", "xml", "form")
"""Schemes that call the host that they name and nobody else; only those can stay on this machine."""

LOOKED_UP = (*AT_A_HOST, *(f"{scheme}s" for scheme in AT_A_HOST))

Said = tuple[Paged, str | None]


@dataclass(frozen=True, slots=True)
class Reach:
    """Calls every way to a person, all at once; one that is taken is enough."""

    ways: Mapping[str, tuple[apprise.NotifyBase, ...]]
    kept_in: frozenset[str] = frozenset()
    lookup: Callable[[str], object] = look_up

    def __call__(self, person: str, text: str) -> Said:
        """What became of it, and which ways failed, by their places in the policy: never a URL, which has secrets."""
        if person in self.kept_in:
            return Paged.SUPPRESSED, "in delivery mode sandbox nobody beyond this machine is paged"
        if person not in self.ways:
            return Paged.FAILED, "communication.reach of this dispatch has no such person"
        return _said(_called(self.ways[person], text, self.lookup))


def open_reach(reach: Mapping[str, Iterable[str]], environment: Mapping[str, str], mode: Mode) -> Reach:
    """The ways with their secrets from the environment. Raises Unusable that names every place that has a fault.

    In sandbox mode a person with any way that leaves this machine is not paged at all.
    """
    found = {
        person: [_server(f"communication.reach.{person}.{n}", url, environment) for n, url in enumerate(urls)]
        for person, urls in reach.items()
    }
    faults = [server for servers in found.values() for server in servers if isinstance(server, str)]
    if faults:
        raise Unusable("\n  ".join(faults))
    kept_in = {person for person, servers in found.items() if not all(map(_stays_here, servers))}
    return Reach(
        {person: _together(servers) for person, servers in found.items()},
        frozenset(kept_in if mode is Mode.SANDBOX else ()),
    )


_ASSET = apprise.AppriseAsset(app_id=TITLE, storage_mode=apprise.PersistentStoreMode.MEMORY)


def _server(place: str, url: str, environment: Mapping[str, str]) -> apprise.NotifyBase | str:
    """The service behind a URL, or what is wrong with it, without a word of its own."""
    missing = sorted({name for name in PLACEHOLDER.findall(url) if not environment.get(name)})
    if missing:
        return f"{place} of the policy: the environment has no {', '.join(missing)}"
    whole = PLACEHOLDER.sub(lambda name: environment[name[1]], url)
    server = apprise.Apprise.instantiate(whole, asset=_ASSET)
    return server or f"{place} of the policy: Apprise knows no service that has such a URL"


def _together(servers: Iterable[Any]) -> tuple[apprise.NotifyBase, ...]:
    for server in (ways := tuple(servers)):
        server.socket_connect_timeout = server.socket_read_timeout = WIRE_SECONDS
    return ways


def _called(
    servers: Sequence[apprise.NotifyBase], text: str, lookup: Callable[[str], object]
) -> list[apprise.AppriseResultStatus]:
    """Each way in a thread of its own, left alone after its time: Apprise's own threads are few, shared by everybody
    who is paged, full of those that hang, and waited for when the process ends.

    A way whose name could not be looked up in time was not called, never will be, and so is a failure.
    """
    status = apprise.AppriseResultStatus
    endings, alone, over = [status.FAILURE] * len(servers), Lock(), False

    def call(at: int) -> None:
        if (host := _named(servers[at])) is not None:
            with suppress(OSError, UnicodeError):  # the call itself says so
                lookup(host)
        with alone:
            if over:
                return
            endings[at] = status.TIMEOUT
        try:
            taken = servers[at].notify(body=text, title=TITLE)
        except Exception:  # of a library of 130 services; its text may hold a secret
            taken = False
        endings[at] = status.SUCCESS if taken else status.FAILURE

    threads = [Thread(target=call, args=(at,), daemon=True) for at in range(len(servers))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + CALL_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    with alone:
        over = True
        return list(endings)


def _named(server: Any) -> str | None:
    """The host that its call looks up first; of other services nobody knows, and what a URL names may be a secret."""
    return server.host if getattr(server, "schema", "") in LOOKED_UP and not getproxies() else None


def _stays_here(server: Any) -> bool:
    return getattr(server, "schema", "") in AT_A_HOST and on_this_machine(server.host)


def _said(endings: list[apprise.AppriseResultStatus]) -> Said:
    """Accepted if any was; unknown if none was and one never answered: it may have been heard."""
    status = apprise.AppriseResultStatus
    not_taken = ", ".join(f"{n}: {ending.name.lower()}" for n, ending in enumerate(endings) if ending != status.SUCCESS)
    error = f"way {not_taken}" if not_taken else None
    if status.SUCCESS in endings:
        return Paged.ACCEPTED, error
    return Paged.UNKNOWN if status.TIMEOUT in endings else Paged.FAILED, error
