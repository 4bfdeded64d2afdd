"""Where a webhook really goes: out to the internet past the guard, or in mode sandbox to the sandbox only."""

from typing import Protocol

from yarl import URL

from services.dispatch.channels.guard import Guard, Shut
from services.dispatch.channels.webhook_said import Said


class Road(Protocol):
    """Where a call to an endpoint really goes."""

    async def to(self, url: URL) -> URL | Said:
        """The URL to post to, or why none."""

    async def close(self) -> None: ...


class Open:
    """Out to the internet, past the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def to(self, url: URL) -> URL | Said:
        match await self._guard.addresses(url.raw_host or ""):
            case Shut.PRIVATE:
                return Said.PRIVATE
            case Shut.NOT_FOUND:
                return Said.NOT_FOUND
            case Shut.UNREACHABLE:
                return Said.UNREACHABLE
            case _:
                return url

    async def close(self) -> None:
        await self._guard.close()


class Sandboxed:
    """To the sandbox on this machine, whatever the URL says; no name is looked up."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def to(self, url: URL) -> URL | Said:
        return URL(f"http://127.0.0.1:{self._port}{url.raw_path_qs}", encoded=True)

    async def close(self) -> None:
        pass
