"""Laws of marks, lease and turn (DELIVERY §3): the fake and the real ones in Redis pass the same suite."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

import pytest
import redis

from forewarn.contracts.messages import Batch
from forewarn.contracts.names import (
    CONTROL_KEY,
    PAUSED_KEY,
    STOPPED_KEY,
    SUPPRESSED_KEY,
    lease_key,
    marks_key,
    turn_key,
)
from forewarn.dev.servers import Servers
from forewarn.notice import Lane
from forewarn.runtime.redis import connect_async
from services.dispatch.marks import RedisMarks
from services.dispatch.ports import Lease, Marks, Refused
from tests.support.batches import a_batch
from tests.support.marks import FakeMarks
from tests.support.other_redis import other_redis

T = TypeVar("T")


class World(Protocol):
    """What others do to the marks."""

    def snapshot(
        self,
        epoch: str,
        suppressed: Mapping[str, str] | None = None,
        paused: Collection[str] = (),
        stopped: Collection[str] = (),
    ) -> None: ...
    def lapse(self, batch: Batch) -> None: ...
    def flush(self) -> None: ...


class RedisWorld:
    """The clock's hand, time and power cuts on a real Redis."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    def snapshot(
        self,
        epoch: str,
        suppressed: Mapping[str, str] | None = None,
        paused: Collection[str] = (),
        stopped: Collection[str] = (),
    ) -> None:
        self.client.hset(CONTROL_KEY, items=["n", "1", "epoch", epoch])
        self.client.delete(SUPPRESSED_KEY, PAUSED_KEY, STOPPED_KEY)
        for key, words in ((PAUSED_KEY, paused), (STOPPED_KEY, stopped)):
            for word in words:
                self.client.sadd(key, word)
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

    def begin(self, batch: Batch, token: str = "mine", *places: int, barred: Collection[int] = ()) -> str | Refused:
        """For the given positions, else for all."""
        chosen = [r for r in batch.recipients if not places or r.position in places]
        return self._run(self.marks.begin(batch, token, chosen, barred))  # type: ignore[no-any-return]

    def finish(self, batch: Batch, letters: Mapping[int, str]) -> None:
        self._run(self.marks.finish(batch, letters))

    def read(self, batch: Batch) -> str | None:
        return self._run(self.marks.read(batch))  # type: ignore[no-any-return]

    def free(self, batch: Batch, turn: int, token: str = "mine") -> None:
        self._run(self.marks.free(batch, token, turn))


@pytest.fixture
def redis_url(servers: Servers) -> Iterator[str]:
    with other_redis(servers.urls.redis) as url:
        yield url


@pytest.fixture(params=["fake", pytest.param("redis", marks=pytest.mark.xdist_group("test_marks"))])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Marks with a snapshot of epoch e1."""
    with asyncio.Runner() as runner:
        if request.param == "fake":
            fake = FakeMarks()
            fake.snapshot("e1")
            yield Desk(fake, fake, runner.run)
            return
        url = request.getfixturevalue("redis_url")
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


def test_turns_of_a_lost_epoch_do_not_count(desk: Desk) -> None:
    desk.acquire(a_batch(turn=3002))
    desk.world.lapse(a_batch())
    desk.world.snapshot("e2")

    lease = desk.acquire(a_batch(turn=1000, epoch="e2"))

    assert isinstance(lease, Lease), "a restored database counts its sweeps from where the backup was"
    desk.world.lapse(a_batch())
    assert desk.acquire(a_batch(turn=0, epoch="e2")) is Refused.OLD_TURN


# -- pauses and stops --------------------------------------------------------------------------------

PAUSES = ["everything", "channel:email", "outage:INC-1"]
OTHER_PAUSES = ["channel:sms", "outage:INC-11", "outage:MNT-1"]


@pytest.mark.parametrize("pause", PAUSES)
def test_a_paused_batch_is_not_taken(desk: Desk, pause: str) -> None:
    desk.world.snapshot("e1", paused=[pause])

    refused = desk.acquire(a_batch())

    assert refused is Refused.PAUSED
    desk.world.snapshot("e1")
    assert desk.acquire(a_batch()) == Lease("mine", "..."), "as if it had never been asked for"


@pytest.mark.parametrize("pause", PAUSES)
def test_no_call_begins_in_a_pause(desk: Desk, pause: str) -> None:
    batch = a_batch()
    desk.acquire(batch)
    desk.world.snapshot("e1", paused=[pause])

    refused = desk.begin(batch)

    assert refused is Refused.PAUSED
    assert desk.read(batch) == "..."


def test_what_others_have_paused_goes_on(desk: Desk) -> None:
    batch = a_batch()
    desk.world.snapshot("e1", paused=OTHER_PAUSES)

    assert isinstance(desk.acquire(batch), Lease)
    assert desk.begin(batch) == "???"


def test_an_answer_is_heard_in_a_pause(desk: Desk) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.begin(batch)
    desk.world.snapshot("e1", paused=["everything"])

    desk.finish(batch, {0: "a"})

    assert desk.read(batch) == "a"


def test_of_paused_copies_only_the_newest_stays(desk: Desk) -> None:
    desk.world.snapshot("e1", paused=["everything"])
    desk.acquire(a_batch(turn=1000))

    assert desk.acquire(a_batch(turn=3)) is Refused.OLD_TURN
    assert desk.acquire(a_batch(turn=1000)) is Refused.PAUSED


STOP = f"{a_batch().notice_id}:email"


def test_a_stopped_batch_is_not_taken(desk: Desk) -> None:
    desk.world.snapshot("e1", stopped=[STOP])

    assert desk.acquire(a_batch()) is Refused.STOPPED


def test_no_call_of_a_stopped_notice_begins(desk: Desk) -> None:
    batch = a_batch()
    desk.acquire(batch)
    desk.world.snapshot("e1", stopped=[STOP])

    refused = desk.begin(batch)

    assert refused is Refused.STOPPED
    assert desk.read(batch) == "..."


def test_a_stop_is_of_one_notice_on_one_channel(desk: Desk) -> None:
    batch = a_batch()
    desk.world.snapshot("e1", stopped=["00c0ffee00c0ffe0:email", f"{batch.notice_id}:sms"])

    assert isinstance(desk.acquire(batch), Lease)
    assert desk.begin(batch) == "???"


def test_who_is_stopped_does_not_wait_for_the_end_of_a_pause(desk: Desk) -> None:
    batch = a_batch()
    desk.acquire(batch)
    desk.world.snapshot("e1", paused=["everything"], stopped=[STOP])

    refused = desk.begin(batch), desk.acquire(batch, "another")

    assert refused == (Refused.STOPPED, Refused.STOPPED)


# -- who may not be called at all --------------------------------------------------------------------


def test_who_is_barred_ends_as_no_guest(desk: Desk) -> None:
    batch = a_batch(3)
    desk.acquire(batch)

    letters = desk.begin(batch, barred={0, 2})

    assert letters == "G?G"
    assert desk.read(batch) == "G?G"
    assert desk.begin(batch, "mine", 0) == "G", "also for a later copy that knows nothing of it"


def test_who_is_barred_and_suppressed_ends_as_suppressed(desk: Desk) -> None:
    batch = a_batch(1)
    desk.acquire(batch)
    desk.world.snapshot("e1", {"email:100": "S"})

    assert desk.begin(batch, barred={0}) == "S"


def test_a_call_in_the_air_is_not_repeated_to_who_is_barred(desk: Desk) -> None:
    batch = a_batch(1, lane=Lane.URGENT)
    desk.acquire(batch)
    desk.begin(batch)

    assert desk.begin(batch, barred={0}) == "u"


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


def test_keys_live_until_a_day_after_expiry(redis_url: str) -> None:
    batch = a_batch(expires_at=datetime.now(UTC) + timedelta(hours=1))
    with asyncio.Runner() as runner, redis.Redis.from_url(redis_url) as hand:
        RedisWorld(hand).snapshot("e1")
        client = connect_async(redis_url)
        marks = RedisMarks(client)

        runner.run(marks.acquire(batch, "mine"))

        lives = [hand.ttl(key(batch.batch_id)) for key in (marks_key, turn_key)]
        assert all(24 * 3600 + 3500 < life <= 25 * 3600 for life in lives), lives
        assert 9_000 < hand.pttl(lease_key(batch.batch_id)) <= 10_000
        runner.run(client.aclose())
