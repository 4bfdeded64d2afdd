"""Laws of the guard: nothing is connected to that was not checked, whatever a name says."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from ipaddress import ip_network
from typing import TypeVar

import pytest

from services.dispatch.channels import guard as module
from services.dispatch.channels.guard import Found, Guard, Lookup, Shut

T = TypeVar("T")
PUBLIC, PRIVATE = "93.184.215.14", "10.0.0.1"
NO_SUCH_NAME = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


class Names:
    """A name server that answers as told, the last answer for good, and counts the questions."""

    def __init__(self, *answers: Sequence[str] | Exception) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, name: str) -> Sequence[str]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        time.sleep(0.01)
        if isinstance(answer, Exception):
            raise answer
        return answer


def guarded(lookup: Lookup, ask: Callable[[Guard], Coroutine[None, None, T]]) -> T:
    async def asked() -> T:
        guard = Guard((), 4, lookup)
        try:
            return await ask(guard)
        finally:
            await guard.close()

    return asyncio.run(asked())


def found(host: str, lookup: Lookup) -> Found:
    return guarded(lookup, lambda guard: guard.addresses(host))


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.0.0.1.", "127.1", "0", "0.0.0.0", "2130706433"),
        *(
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0177.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "::1",
            "::ffff:127.0.0.1",
        ),
    ],
)
def test_however_this_machine_is_written_it_is_not_called(host: str) -> None:
    assert isinstance(found(host, module.look_up), Shut)


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433", "0"])
def test_it_is_private_not_merely_unknown(host: str) -> None:
    assert found(host, module.look_up) is Shut.PRIVATE


def test_one_private_address_among_public_ones_closes_the_host() -> None:
    assert found("two-faced.example", Names([PUBLIC, PRIVATE])) is Shut.PRIVATE
    assert found("two-faced.example", Names([PUBLIC, "::1"])) is Shut.PRIVATE
    assert found("honest.example", Names([PUBLIC, "2606:4700::1111"])) == (PUBLIC, "2606:4700::1111")


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".example", "."])
def test_what_is_no_name_is_not_found(host: str) -> None:
    assert found(host, module.look_up) is Shut.NOT_FOUND


def test_a_name_without_an_address_is_not_found() -> None:
    assert found("gone.example", Names(NO_SUCH_NAME)) is Shut.NOT_FOUND
    assert found("empty.example", Names([])) is Shut.NOT_FOUND


@pytest.mark.parametrize(
    "fault",
    [socket.gaierror(socket.EAI_AGAIN, "…"), socket.gaierror(socket.EAI_FAIL, "…"), OSError("…"), RuntimeError("…")],
)
def test_a_name_that_nobody_could_be_asked_for_is_unreachable_and_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(module, "NOT_FOUND_KEPT_SECONDS", 0.0)

    async def ask(guard: Guard) -> list[Found]:
        return [await guard.addresses("a.example") for _ in range(2)]

    assert guarded(Names(fault, [PUBLIC]), ask) == [Shut.UNREACHABLE, (PUBLIC,)]


def test_an_address_that_is_none_is_not_connected() -> None:
    assert found("odd.example", Names(["not an address"])) is Shut.UNREACHABLE


def test_after_the_end_names_are_unreachable() -> None:
    async def ask(guard: Guard) -> Found:
        await guard.close()
        return await guard.addresses("a.example")

    assert guarded(Names([PUBLIC]), ask) is Shut.UNREACHABLE


def test_the_connector_gets_what_was_checked_and_nothing_else() -> None:
    names = Names([PUBLIC], [PRIVATE])

    async def ask(guard: Guard) -> list[str]:
        await guard.addresses("rebinding.example")
        return [each["host"] for each in await guard.resolve("rebinding.example", 443)]

    assert guarded(names, ask) == [PUBLIC]
    assert names.asked == 1


def test_a_name_that_turned_private_meanwhile_is_not_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_SECONDS", 0.0)

    async def ask(guard: Guard) -> Found:
        checked = await guard.addresses("rebinding.example")
        with pytest.raises(OSError, match="private"):
            await guard.resolve("rebinding.example", 443)
        return checked

    assert guarded(Names([PUBLIC], [PRIVATE]), ask) == (PUBLIC,)


def test_a_name_is_asked_for_once_by_all_who_wait_for_it() -> None:
    names = Names([PUBLIC])

    async def ask(guard: Guard) -> list[Found]:
        return await asyncio.gather(*(guard.addresses(host) for host in ("a.example", "A.example", "a.example.")))

    assert guarded(names, ask) == [(PUBLIC,)] * 3
    assert names.asked == 1


def test_an_answer_is_kept_for_a_minute_and_its_absence_for_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(NO_SUCH_NAME, [PUBLIC])
    monkeypatch.setattr(module, "NOT_FOUND_KEPT_SECONDS", 0.0)

    async def ask(guard: Guard) -> list[Found]:
        return [await guard.addresses("a.example") for _ in range(3)]

    assert guarded(names, ask) == [Shut.NOT_FOUND, (PUBLIC,), (PUBLIC,)]
    assert module.KEPT_SECONDS <= 60


def test_a_caller_that_loses_patience_takes_the_answer_from_nobody() -> None:
    async def ask(guard: Guard) -> Found:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(guard.addresses("slow.example"), 0.001)
        return await guard.addresses("slow.example")

    names = Names([PUBLIC])

    assert guarded(names, ask) == (PUBLIC,)
    assert names.asked == 1


def test_names_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NAMES", 2)

    async def ask(guard: Guard) -> int:
        for number in range(5):
            await guard.addresses(f"{number}.example")
        return len(guard._asked)

    assert guarded(Names([PUBLIC]), ask) == 2


def test_a_listed_network_may_be_called() -> None:
    async def ask() -> Found:
        guard = Guard([ip_network("10.0.0.0/8")], 1, Names([PRIVATE]))
        try:
            return await guard.addresses("inside.example")
        finally:
            await guard.close()

    assert asyncio.run(ask()) == (PRIVATE,)
