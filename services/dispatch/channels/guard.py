"""The guard against webhooks into our own networks: a name is connected only to addresses that were checked (SSRF)."""

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from aiohttp.abc import AbstractResolver, ResolveResult

from services.dispatch.channels.networks import Network, public

KEPT_SECONDS = 60.0
NOT_FOUND_KEPT_SECONDS = 5.0
NO_SUCH_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_ADDRFAMILY})
"""What a name server says of the name; anything else (it is away, it fails, it refuses us) says nothing of it."""
MOST_NAMES = 10_000

Lookup = Callable[[str], Sequence[str]]


class Shut(StrEnum):
    """Why a host is not connected to."""

    PRIVATE = "private"
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    """Nobody could say whether there is such a name."""


Found = tuple[str, ...] | Shut
LOST = (Shut.NOT_FOUND, Shut.UNREACHABLE)


def look_up(name: str) -> Sequence[str]:
    """Every address of the name, IPv4 and IPv6, by the machine's own resolver; blocks. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question for a name, answered or under way, for all who ask meanwhile."""

    at: float
    answer: "asyncio.Future[Found]"

    def fresh(self, now: float) -> bool:
        lost = self.answer.done() and (
            self.answer.cancelled() or bool(self.answer.exception()) or self.answer.result() in LOST
        )
        return now - self.at < (NOT_FOUND_KEPT_SECONDS if lost else KEPT_SECONDS)


class Guard(AbstractResolver):
    """Looks names up and refuses a host of which any address is not public; the connector's own resolver too.

    So nothing is connected to that was not checked, though a name changes its address between check and call.
    Lookups have threads of their own, so they hold up nothing else; but each other they do: names whose servers hang
    take a thread each for as long as the machine's resolver tries. Whoever waits too long counts as unreachable, which
    costs no attempt.
    """

    def __init__(self, allowed: Sequence[Network] = (), threads: int = 32, lookup: Lookup = look_up) -> None:
        self._allowed, self._lookup = allowed, lookup
        self._pool = ThreadPoolExecutor(threads, "lookup")
        self._asked: dict[str, _Asked] = {}

    async def addresses(self, host: str) -> Found:
        """All addresses of the host, a name or an address itself; known for a minute at most."""
        name, now = plain(host), asyncio.get_running_loop().time()
        asked = self._asked.get(name)
        if asked is None or not asked.fresh(now):
            asked = _Asked(now, asyncio.ensure_future(self._look_up(name)))
            self._asked.pop(name, None)
            self._asked[name] = asked
            if len(self._asked) > MOST_NAMES:
                del self._asked[next(iter(self._asked))]
        return await asyncio.shield(asked.answer)

    async def _look_up(self, name: str) -> Found:
        """Never raises: whoever waits for the name would get the fault again and again."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._pool, self._lookup, name)
            if not found:
                return Shut.NOT_FOUND
            return tuple(found) if all(public(address, self._allowed) for address in found) else Shut.PRIVATE
        except UnicodeError:  # of what is no name at all
            return Shut.NOT_FOUND
        except socket.gaierror as fault:
            return Shut.NOT_FOUND if fault.errno in NO_SUCH_NAME else Shut.UNREACHABLE
        except Exception:  # no thread to be had, an address that is none
            return Shut.UNREACHABLE

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """For the connector: the checked addresses and no others. Raises OSError."""
        found = await self.addresses(host)
        if isinstance(found, Shut):
            number = errno.EHOSTUNREACH if found is Shut.UNREACHABLE else None
            raise OSError(number, f"the host is {found}")
        return [_resolved(host, address, port) for address in found]

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def plain(host: str) -> str:
    """One way to write a host: names have no case, and a dot at the end is no other name."""
    return host.rstrip(".").lower()


def _resolved(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=flags)
