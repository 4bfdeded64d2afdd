"""Laws of joining what calls ask of the marks: fewer scripts, the same answers."""

import asyncio
from collections.abc import Container, Mapping, Sequence

import pytest

from forewarn.contracts.messages import Batch, Recipient
from services.dispatch.joint import Joint
from services.dispatch.ports import Refused
from tests.support.batches import a_batch
from tests.support.marks import FakeMarks


class Counted(FakeMarks):
    """Marks that take a moment, and remember how often they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[list[int]] = []
        self.finished: list[list[int]] = []
        self.fault: Exception | None = None

    async def begin(
        self, batch: Batch, token: str, recipients: Sequence[Recipient], barred: Container[int] = ()
    ) -> str | Refused:
        await asyncio.sleep(0)
        self.begun.append([recipient.position for recipient in recipients])
        if self.fault is not None:
            raise self.fault
        return await super().begin(batch, token, recipients, barred)

    async def finish(self, batch: Batch, letters: Mapping[int, str]) -> None:
        await asyncio.sleep(0)
        self.finished.append(list(letters))
        await super().finish(batch, letters)


def begun(marks: Counted, batch: Batch) -> list[str | Refused | BaseException]:
    """Six calls of one recipient each, begun at the same moment."""

    async def all_at_once() -> list[str | Refused | BaseException]:
        await marks.acquire(batch, "mine")
        joint = Joint(marks, batch, "mine", frozenset({4}))
        calls = (joint.begin([recipient]) for recipient in batch.recipients)
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(all_at_once())


@pytest.fixture
def marks() -> Counted:
    counted = Counted()
    counted.snapshot("e1")
    return counted


def test_calls_that_begin_at_once_ask_once_and_each_hears_its_own_letters(marks: Counted) -> None:
    assert begun(marks, a_batch(6)) == ["?", "?", "?", "?", "G", "?"]
    assert sum(map(len, marks.begun)) == 6
    assert len(marks.begun) <= 2


def test_a_refusal_is_one_of_all_who_asked(marks: Counted) -> None:
    marks.snapshot("e1", paused=["everything"])

    assert set(begun(marks, a_batch(6))) == {Refused.LOST_LEASE}, "a pause refuses the lease already"


def test_a_fault_is_heard_by_all_who_asked(marks: Counted) -> None:
    marks.fault = RuntimeError("no such script")

    assert begun(marks, a_batch(6)) == [marks.fault] * 6


def test_every_ending_is_written_before_its_call_goes_on(marks: Counted) -> None:
    batch = a_batch(6)

    async def end() -> str | None:
        await marks.acquire(batch, "mine")
        joint = Joint(marks, batch, "mine", ())
        await joint.begin(batch.recipients)
        await asyncio.gather(*(joint.finish({recipient.position: "a"}) for recipient in batch.recipients))
        return await marks.read(batch)

    assert asyncio.run(end()) == "aaaaaa"
    assert len(marks.finished) <= 2
