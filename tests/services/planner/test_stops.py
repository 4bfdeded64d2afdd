"""Laws of stop and pull on a real Redis and PostgreSQL: nobody more is called, everybody has a last letter."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import redis

from forewarn.contracts.messages import Batch
from forewarn.contracts.names import marks_key
from forewarn.contracts.policy import Policy
from forewarn.delivery import LETTERS
from forewarn.dev.servers import Servers
from forewarn.runtime.postgres import Database
from forewarn.runtime.redis import connect, connect_async
from services.dispatch.marks import RedisMarks
from services.dispatch.ports import Lease, Refused
from services.planner import stops as stops_module
from services.planner.control import Control
from services.planner.outcomes import RecordedOutcomes
from services.planner.stops import Stops
from services.planner.windows import FrozenWindows
from tests.support.aloft import NOTICE, Aloft
from tests.support.batches import a_batch
from tests.support.other_redis import other_redis

OF_THE_STOP = (NOTICE, "email")


class Air(Aloft):
    """A record, its planner and its Redis; dispatch's marks on the same Redis."""

    def __init__(self, url: str, database: Database, redis_url: str, client: redis.Redis) -> None:
        super().__init__(url)
        self._redis_url, self.client, self.record = redis_url, client, RecordedOutcomes(database)
        self.control = Control(database, client)
        windows = FrozenWindows(database, Policy(), timedelta(minutes=10))
        self.stops = Stops(database, self.control, Policy(), windows, 12)
        self.control.refresh()

    def flight(self, letters: str) -> Batch:
        """A batch of so many, as dispatch has it in hand under the present epoch."""
        people = self.released(len(letters))
        batch_id = self.batch(self.window(), people, letters)
        epoch = self.one("select epoch from control")
        return a_batch(len(letters), batch_id=batch_id, notice_id=NOTICE, epoch=epoch)

    def ask(self, what: str, *arguments: Any) -> Any:
        """Of dispatch's marks."""

        async def asked() -> Any:
            client = connect_async(self._redis_url)
            try:
                return await getattr(RedisMarks(client), what)(*arguments)
            finally:
                await client.aclose()

        return asyncio.run(asked())

    def stopped(self, reason: str = "superseded") -> None:
        """A stop, confirmed by a snapshot; all calls have ended since."""
        self.stop(reason)
        self.control.refresh()
        self.run("update stop set confirmed_at = confirmed_at - interval '12 s'")

    def marks(self, batch: int) -> Any:
        return self.client.get(marks_key(batch))


@pytest.fixture
def air(servers: Servers, database: str) -> Iterator[Air]:
    planner = Database(database, "forewarn_planner", "sandbox", 4)
    planner.open()
    with other_redis(servers.urls.redis) as url, connect(url) as client:
        yield Air(database, planner, url, client)
    planner.close()


# -- when ------------------------------------------------------------------------------------------------


def test_a_stop_is_due_when_the_calls_that_had_begun_have_ended(air: Air) -> None:
    air.released(1)
    air.stop()
    unconfirmed = air.stops.due()
    air.control.refresh()
    confirmed = air.stops.due()
    air.run("update stop set confirmed_at = confirmed_at - interval '11.9 s'")
    almost = air.stops.due()
    air.run("update stop set confirmed_at = confirmed_at - interval '0.1 s'")

    assert (unconfirmed, confirmed, almost) == ((), (), ())
    assert air.stops.due() == (OF_THE_STOP,)


def test_what_is_in_the_air_beyond_its_time_is_stopped_once(air: Air) -> None:
    air.flight("a.")
    early = air.stops.expire()
    air.run("update notice_channel set expires_at = clock_timestamp()")

    late, again = air.stops.expire(), air.stops.expire()

    assert (early, late, again) == ((), (OF_THE_STOP,), ())
    assert air.one("select reason from stop") == "expired"


@pytest.mark.parametrize("state", ["held", "waiting", "drained"])
def test_what_is_not_in_the_air_does_not_expire(air: Air, state: str) -> None:
    air.flight(".")
    air.run("update notice_channel set expires_at = clock_timestamp(), state = %s", state)

    assert air.stops.expire() == ()


def test_what_has_told_everybody_does_not_expire_before_it_is_drained(air: Air) -> None:
    air.flight("aSu")
    air.run("update notice_channel set expires_at = clock_timestamp()")

    assert air.stops.expire() == ()


def test_what_is_stopped_already_keeps_its_reason_beyond_its_time(air: Air) -> None:
    air.flight(".")
    air.stop("cancelled")
    air.run("update notice_channel set expires_at = clock_timestamp()")

    assert air.stops.expire() == ()
    assert air.one("select reason from stop") == "cancelled"


def test_an_expired_notice_ends_for_everybody_with_windows_left_and_letters_kept(air: Air) -> None:
    batch = air.flight("a..")
    air.window(rank=10, frozen=False)
    air.ask("acquire", batch, "mine")
    air.ask("begin", batch, "mine", batch.recipients[2:])
    air.run("update notice_channel set expires_at = clock_timestamp()")
    air.stops.expire()
    air.control.refresh()
    air.run("update stop set confirmed_at = confirmed_at - interval '12 s'")

    outage = air.stops.pull(*OF_THE_STOP)

    assert outage is not None
    assert air.outcomes(batch.batch_id) == "aXu"
    assert air.one("select count(*) from notice_window where published_at is null") == 0


def test_what_is_pulled_is_not_due(air: Air) -> None:
    air.flight("..")
    air.stopped()

    air.stops.pull(*OF_THE_STOP)

    assert air.stops.due() == ()


# -- what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason, letter", [("superseded", "P"), ("cancelled", "C"), ("withdrawn", "W"), ("expired", "X")]
)
def test_a_stopped_notice_calls_nobody_more_and_everybody_has_a_last_letter(air: Air, reason: str, letter: str) -> None:
    batch = air.flight("...")
    assert isinstance(air.ask("acquire", batch, "mine"), Lease)
    assert air.ask("begin", batch, "mine", batch.recipients[:1]) == "?"
    air.ask("finish", batch, {0: "a"})
    air.stopped(reason)

    refused = air.ask("begin", batch, "mine", batch.recipients)
    outage = air.stops.pull(*OF_THE_STOP)

    assert refused is Refused.STOPPED
    assert outage == air.one("select id from outage")
    assert air.outcomes(batch.batch_id) == air.marks(batch.batch_id) == f"a{letter * 2}"


def test_a_late_copy_calls_nobody_even_when_the_stop_is_forgotten(air: Air) -> None:
    batch = air.flight("..")
    air.stopped()
    air.stops.pull(*OF_THE_STOP)
    air.run("delete from stop")
    air.control.refresh()

    lease = air.ask("acquire", batch, "late")

    assert lease == Lease("late", "PP")
    assert air.ask("begin", batch, "late", batch.recipients) == "PP"


def test_what_had_ended_keeps_its_letter_and_its_times(air: Air) -> None:
    batch = air.flight("aRSum.")
    air.run("update batch set first_at = '2026-11-22 13:02Z', last_at = '2026-11-22 13:03Z'")
    before = air.run("select first_at, last_at from batch")
    air.stopped()

    air.stops.pull(*OF_THE_STOP)

    assert air.outcomes(batch.batch_id) == "aRSumP"
    assert air.run("select first_at, last_at from batch") == before


@pytest.mark.parametrize("answer, ends", [("a", "a"), ("R", "u"), (".", "u")])
def test_a_call_in_the_air_at_the_pull_ends_unknown_and_an_acceptance_is_heard_after_all(
    air: Air, answer: str, ends: str
) -> None:
    batch = air.flight("..")
    air.ask("acquire", batch, "mine")
    air.ask("begin", batch, "mine", batch.recipients[:1])
    air.stopped()
    air.stops.pull(*OF_THE_STOP)
    pulled = air.outcomes(batch.batch_id)

    air.ask("finish", batch, {0: answer})
    air.record.lay_over(batch.batch_id, f"{answer}.", None, None)

    assert pulled == "uP"
    assert air.outcomes(batch.batch_id) == air.marks(batch.batch_id) == f"{ends}P"


def test_a_pull_without_marks_makes_them(air: Air) -> None:
    batch = air.flight("a..")
    air.stopped()

    air.stops.pull(*OF_THE_STOP)

    assert air.outcomes(batch.batch_id) == "aPP"
    assert air.ask("acquire", batch, "late") is Refused.STOPPED
    assert set(air.marks(batch.batch_id)) <= set(LETTERS)


def test_to_pull_twice_changes_nothing(air: Air) -> None:
    batch = air.flight("a.")
    air.stopped()
    air.stops.pull(*OF_THE_STOP)
    before = air.run("select * from batch"), air.run("select * from stop"), air.marks(batch.batch_id)

    again = air.stops.pull(*OF_THE_STOP)

    assert again is None
    assert (air.run("select * from batch"), air.run("select * from stop"), air.marks(batch.batch_id)) == before


def test_many_batches_are_ended_in_several_strides(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    people = air.released(7)
    window = air.window()
    batches = [air.batch(window, [person], ".") for person in people]
    monkeypatch.setattr(stops_module, "CHUNK", 3)
    air.stopped()

    air.stops.pull(*OF_THE_STOP)

    assert [air.outcomes(batch) for batch in batches] == ["P"] * 7


# -- windows that are not expanded yet ---------------------------------------------------------------------


def test_windows_not_yet_expanded_are_frozen_and_published_to_nobody(air: Air) -> None:
    people = air.released(3)
    air.window(rank=8, frozen=False)
    air.window(rank=9, frozen=False)
    air.stopped()

    outage = air.stops.pull(*OF_THE_STOP)

    assert outage is not None
    assert sorted(i for row in air.run("select ids from batch") for i in row["ids"]) == people, "each in one place"
    assert air.one("select string_agg(outcomes, '') from batch") == "PPP"
    assert air.one("select count(*) from notice_window where expanded_at is null or published_at is null") == 0


def test_a_window_that_another_has_in_hand_is_left_to_it_and_the_stop_stays_due(air: Air) -> None:
    air.released(3)
    first = air.window(rank=8, frozen=False)
    air.window(rank=9, frozen=False)
    air.stopped()

    with held(air, first):
        outage = air.stops.pull(*OF_THE_STOP)
        frozen = air.one("select count(*) from notice_window where expanded_at is not null")

    assert outage is None
    assert frozen == 0, "a later rank would take in whoever the first is about to"
    assert air.stops.due() == (OF_THE_STOP,)
    assert air.stops.pull(*OF_THE_STOP) is not None


@contextmanager
def held(air: Air, window: int) -> Iterator[None]:
    """Another worker is freezing this window."""
    with psycopg.connect(air.url) as connection:
        connection.execute("select from notice_window where id = %s for update", (window,))
        yield
        connection.rollback()
