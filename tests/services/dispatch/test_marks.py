"""Laws of marks, lease and turn (DELIVERY §3): the fake and the real ones in Redis pass the same suite."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

import pytest
import redis

from forewarn.contracts.messages import Batch
from forewarn.contracts.names import CONTROL_KEY, SUPPRESSED_KEY, lease_key, marks_key, turn_key
from forewarn.dev.servers import Servers
from forewarn.notice import Lane
from forewarn.runtime.redis import connect_async
from services.dispatch.marks import RedisMarks
from services.dispatch.ports import Lease, Marks, Refused
from tests.support.batches import a_batch
from tests.support.marks import FakeMarks

T = TypeVar("T")


class World(Protocol):
    """What others do to the marks."""

    def snapshot(self, epoch: str, suppressed: Mapping[str, str] | None = None) -> None: ...
    def lapse(self, batch: Batch) -> None: ...
    def flush(self) -> None: ...


class RedisWorld:
    """The clock's hand, time and power cuts on a real Redis."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    def snapshot(self, epoch: str, suppressed: Mapping[str, str] | None = None) -> None:
        self.client.hset(CONTROL_KEY, items=["n", "1", "epoch", epoch])
        self.client.delete(SUPPRESSED_KEY)
        for who, letter in (suppressed or {}).items():
            self.client.hset(SUPPRESSED_KEY, who, letter)

    def lapse(self, batch: Batch) -> None:
        self.client.delete(lease_key(batch.batch_id))

    def flush(self) -> None:
        self.client.flushdb()


class Desk:
    """Marks to ask and the world around them; `run` waits for an answer."""

    def __init__(self, marks: Marks, world: World, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.marks, self.world, self._run = marks, world, run

    def acquire(self, batch: Batch, token: str = "mine") -> Lease | Refused:
        return self._run(self.marks.acquire(batch, token))  # type: ignore[no-any-return]

    def renew(self, batch: Batch, token: str = "mine") -> bool:
        return self._run(self.marks.renew(batch, token))  # type: ignore[no-any-return]

    def begin(self, batch: Batch, token: str = "mine", *places: int) -> str | Refused:
        """For the given positions, else for all."""
        chosen = [r for r in batch.recipients if not places or r.position in places]
        return self._run(self.marks.begin(batch, token, chosen))  # type: ignore[no-any-return]

    def finish(self, batch: Batch, letters: Mapping[int, str]) -> None:
        self._run(self.marks.finish(batch, letters))

    def read(self, batch: Batch) -> str | None:
        return self._run(self.marks.read(batch))  # type: ignore[no-any-return]

    def free(self, batch: Batch, turn: int, token: str = "mine") -> None:
        self._run(self.marks.free(batch, token, turn))


@pytest.fixture
def other_redis(servers: Servers) -> Iterator[str]:
    """A database of the run's Redis that no house uses, emptied."""
    url = servers.urls.redis.rpartition("/")[0] + "/1"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture(params=["fake", pytest.param("redis", marks=pytest.mark.xdist_group("test_marks"))])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Marks with a snapshot of epoch e1."""
    with asyncio.Runner() as runner:
        if request.param == "fake":
            fake = FakeMarks()
            fake.snapshot("e1")
            yield Desk(fake, fake, runner.run)
            return
        url = request.getfixturevalue("other_redis")
        client = connect_async(url)
        with redis.Redis.from_url(url, decode_responses=True) as hand:
            world = RedisWorld(hand)
            world.snapshot("e1")
            yield Desk(RedisMarks(client), world, runner.run)
        runner.run(client.aclose())


# -- lease and turn ----------------------------------------------------------------------------------


def test_the_first_lease_finds_every_position_open(desk: Desk) -> None:
    lease = desk.acquire(a_batch(3))

    assert lease == Lease("mine", "...")


def test_a_batch_has_one_runner(desk: Desk) -> None:
    batch = a_batch()
    desk.acquire(batch)

    second = desk.acquire(batch, "another")

    assert second is Refused.LEASED


def test_without_a_snapshot_nobody_runs(desk: Desk) -> None:
    desk.world.flush()

    refused = desk.acquire(a_batch())

    assert refused is Refused.NO_SNAPSHOT


def test_a_batch_of_another_epoch_is_refused(desk: Desk) -> None:
    desk.world.snapshot("e2")

    refused = desk.acquire(a_batch(epoch="e1"))

    assert refused is Refused.OTHER_EPOCH


def test_a_lapsed_lease_can_be_taken_by_another_in_the_same_turn(desk: Desk) -> None:
    batch = a_batch()
    desk.acquire(batch)
    desk.world.lapse(batch)

    lease = desk.acquire(batch, "another")

    assert isinstance(lease, Lease)


def test_who_lost_the_lease_begins_no_call(desk: Desk) -> None:
    batch = a_batch()
    desk.acquire(batch)
    desk.world.lapse(batch)
    desk.acquire(batch, "another")

    refused = desk.begin(batch, "mine")

    assert refused is Refused.LOST_LEASE
    assert desk.read(batch) == "..."


def test_only_the_holder_renews(desk: Desk) -> None:
    batch = a_batch()
    desk.acquire(batch)

    renewed = desk.renew(batch, "mine"), desk.renew(batch, "another")

    assert renewed == (True, False)


def test_an_older_turn_falls_once_a_newer_one_was_taken(desk: Desk) -> None:
    desk.acquire(a_batch(turn=1000))
    desk.world.lapse(a_batch())

    refused = desk.acquire(a_batch(turn=3))

    assert refused is Refused.OLD_TURN


def test_an_older_turn_falls_even_while_the_lease_stands(desk: Desk) -> None:
    desk.acquire(a_batch(turn=1))

    refused = desk.acquire(a_batch(turn=0), "another")

    assert refused is Refused.OLD_TURN


def test_freeing_stores_the_turn_that_was_handed_on(desk: Desk) -> None:
    batch = a_batch(turn=0)
    desk.acquire(batch)

    desk.free(batch, turn=1)

    assert desk.acquire(batch) is Refused.OLD_TURN
    assert isinstance(desk.acquire(a_batch(turn=1)), Lease)


def test_only_the_holder_frees(desk: Desk) -> None:
    batch = a_batch()
    desk.acquire(batch)

    desk.free(batch, 1, "another")

    assert desk.acquire(batch, "third") is Refused.LEASED


# -- begin -------------------------------------------------------------------------------------------


def test_begin_marks_the_call_in_the_air(desk: Desk) -> None:
    batch = a_batch(3)
    desk.acquire(batch)

    letters = desk.begin(batch, "mine", 1)

    assert letters == "?"
    assert desk.read(batch) == ".?."


def test_a_suppressed_recipient_ends_instead_of_being_called(desk: Desk) -> None:
    batch = a_batch(2)
    desk.acquire(batch)
    desk.world.snapshot("e1", {"email:101": "S"})

    letters = desk.begin(batch)

    assert letters == "?S"
    assert desk.read(batch) == "?S"


def test_who_is_suppressed_on_another_channel_is_called(desk: Desk) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.world.snapshot("e1", {"sms:100": "S"})

    assert desk.begin(batch) == "?"


def test_an_expired_notice_is_never_called(desk: Desk) -> None:
    batch = a_batch(1, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    desk.acquire(batch)

    letters = desk.begin(batch)

    assert letters == "X"


def test_a_call_in_the_air_is_repeated_once_on_the_urgent_lane(desk: Desk) -> None:
    batch = a_batch(1, lane=Lane.URGENT)
    desk.acquire(batch)

    letters = [desk.begin(batch), desk.begin(batch), desk.begin(batch)]

    assert letters == ["?", "!", "u"]


@pytest.mark.parametrize("lane", [Lane.NORMAL, Lane.BULK])
def test_a_call_in_the_air_is_never_repeated_on_other_lanes(desk: Desk, lane: Lane) -> None:
    batch = a_batch(1, lane=lane)
    desk.acquire(batch)

    letters = [desk.begin(batch), desk.begin(batch)]

    assert letters == ["?", "u"]


def test_an_expired_call_in_the_air_is_not_repeated(desk: Desk) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.begin(batch)
    late = batch.model_copy(update={"expires_at": datetime.now(UTC) - timedelta(seconds=1)})

    assert desk.begin(late) == "u"


@pytest.mark.parametrize("letter", list("aSXRTu"))
def test_whoever_has_ended_is_not_called_again(desk: Desk, letter: str) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.begin(batch)
    desk.finish(batch, {0: letter})

    assert desk.begin(batch) == letter


@pytest.mark.parametrize("epoch, refused", [("e2", Refused.OTHER_EPOCH), (None, Refused.LOST_LEASE)])
def test_no_call_begins_under_another_epoch_or_after_a_flush(desk: Desk, epoch: str | None, refused: Refused) -> None:
    batch = a_batch()
    desk.acquire(batch)
    desk.world.snapshot(epoch) if epoch else desk.world.flush()

    assert desk.begin(batch) is refused


# -- finish ------------------------------------------------------------------------------------------


def test_an_answer_needs_no_lease(desk: Desk) -> None:
    batch = a_batch(2)
    desk.acquire(batch)
    desk.begin(batch)
    desk.world.lapse(batch)
    desk.acquire(batch, "another")

    desk.finish(batch, {0: "a", 1: "R"})

    assert desk.read(batch) == "aR"


def test_unknown_becomes_accepted_when_the_answer_comes_after_all(desk: Desk) -> None:
    batch = a_batch(1, lane=Lane.BULK)
    desk.acquire(batch)
    desk.begin(batch)
    desk.begin(batch)

    desk.finish(batch, {0: "a"})

    assert desk.read(batch) == "a"


def test_unknown_becomes_nothing_else(desk: Desk) -> None:
    batch = a_batch(1, lane=Lane.BULK)
    desk.acquire(batch)
    desk.begin(batch)
    desk.begin(batch)

    desk.finish(batch, {0: "T"})

    assert desk.read(batch) == "u"


@pytest.mark.parametrize("kept, news", [("a", "R"), ("R", "a"), ("S", "a"), (".", "a")])
def test_what_is_not_in_the_air_keeps_its_letter(desk: Desk, kept: str, news: str) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    if kept != ".":
        desk.begin(batch)
        desk.finish(batch, {0: kept})

    desk.finish(batch, {0: news})

    assert desk.read(batch) == kept


def test_a_call_refused_for_now_is_open_again(desk: Desk) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.begin(batch)

    desk.finish(batch, {0: "."})

    assert desk.read(batch) == "."


def test_a_repeat_refused_for_now_leaves_the_first_call_unanswered(desk: Desk) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.begin(batch)
    desk.begin(batch)

    desk.finish(batch, {0: "."})

    assert desk.read(batch) == "?", "opened again it could be called twice more without an answer"


def test_an_answer_after_a_flush_is_harmless(desk: Desk) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.begin(batch)
    desk.world.flush()

    desk.finish(batch, {0: "a"})

    assert desk.read(batch) is None


# -- what only the real ones have ----------------------------------------------------------------------


def test_keys_live_until_a_day_after_expiry(other_redis: str) -> None:
    batch = a_batch(expires_at=datetime.now(UTC) + timedelta(hours=1))
    with asyncio.Runner() as runner, redis.Redis.from_url(other_redis) as hand:
        RedisWorld(hand).snapshot("e1")
        client = connect_async(other_redis)
        marks = RedisMarks(client)

        runner.run(marks.acquire(batch, "mine"))

        lives = [hand.ttl(key(batch.batch_id)) for key in (marks_key, turn_key)]
        assert all(24 * 3600 + 3500 < life <= 25 * 3600 for life in lives), lives
        assert 9_000 < hand.pttl(lease_key(batch.batch_id)) <= 10_000
        runner.run(client.aclose())
