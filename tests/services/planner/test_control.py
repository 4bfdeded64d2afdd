"""Laws of the control snapshot on a real Redis and PostgreSQL: no pause is undone, an older database starts paused."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from forewarn.contracts.names import CONTROL_KEY, PAUSED_KEY, STOPPED_KEY, SUPPRESSED_KEY, marks_key, turn_key
from forewarn.dev.servers import Servers
from forewarn.runtime.postgres import Database
from forewarn.runtime.redis import connect
from services.planner.control import Control
from services.planner.snapshot import IDS_JUMPED, Snapshot
from tests.support.aloft import NOTICE, Aloft
from tests.support.other_redis import other_redis

BATCH = 990_001


@pytest.fixture
def client(servers: Servers) -> Iterator[redis.Redis]:
    with other_redis(servers.urls.redis) as url, connect(url) as client:
        yield client


@pytest.fixture
def planner(database: str) -> Iterator[Database]:
    opened = Database(database, "forewarn_planner", "sandbox", 6)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def control(planner: Database, client: redis.Redis) -> Control:
    return Control(planner, client)


@pytest.fixture
def aloft(database: str) -> Aloft:
    return Aloft(database)


def pause(aloft: Aloft, channel: str | None = None, outage: bool = False) -> None:
    aloft.run(
        "insert into pause (channel, outage_id, reason, author, at)"
        " values (%s, (select id from outage where %s), 'a drill', 'dana', clock_timestamp())",
        channel, outage,
    )  # fmt: skip


def paused(client: redis.Redis) -> set[str]:
    return {str(word) for word in client.smembers(PAUSED_KEY)}


def epoch(client: redis.Redis) -> str:
    return str(client.hget(CONTROL_KEY, "epoch"))


# -- what a snapshot says ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "channel, outage, word",
    [(None, False, "everything"), ("email", False, "channel:email"), (None, True, "outage:INC-1")],
)
def test_a_snapshot_carries_standing_pauses(
    aloft: Aloft, control: Control, client: redis.Redis, channel: str | None, outage: bool, word: str
) -> None:
    aloft.released(1)
    pause(aloft, channel, outage)

    control.refresh()

    assert paused(client) == {word}


def test_a_lifted_pause_is_in_no_snapshot(aloft: Aloft, control: Control, client: redis.Redis) -> None:
    pause(aloft)
    control.refresh()
    aloft.run("update pause set lifted_at = clock_timestamp()")

    control.refresh()

    assert paused(client) == set()


def test_a_snapshot_carries_stops_until_the_notice_expires(aloft: Aloft, control: Control, client: redis.Redis) -> None:
    aloft.released(1)
    aloft.stop()
    aloft.run("update stop set pulled_at = clock_timestamp()")

    control.refresh()
    carried = client.smembers(STOPPED_KEY)
    aloft.run("update notice_channel set expires_at = clock_timestamp()")
    control.refresh()

    assert carried == {f"{NOTICE}:email"}
    assert client.smembers(STOPPED_KEY) == set()


def test_a_stop_of_an_expired_notice_is_carried_until_it_is_pulled(
    aloft: Aloft, control: Control, client: redis.Redis
) -> None:
    aloft.released(1)
    aloft.run("update notice_channel set expires_at = clock_timestamp()")
    aloft.stop("expired")

    control.refresh()

    assert client.smembers(STOPPED_KEY) == {f"{NOTICE}:email"}
    assert aloft.one("select confirmed_at is not null from stop"), "else it were never due"


def test_a_snapshot_carries_suppressions_with_pauses_and_stops_and_leaves_none_behind(
    aloft: Aloft, control: Control, client: redis.Redis
) -> None:
    reader, _ = people = aloft.released(2)
    aloft.batch(aloft.window(), people, "..")
    aloft.run("insert into suppression (subscriber_id, channel, reason) values (%s, 'email', 'bounced')", reader)
    pause(aloft)
    aloft.stop()

    control.refresh()
    said = client.hgetall(SUPPRESSED_KEY), paused(client), client.smembers(STOPPED_KEY)
    for table in ("suppression", "pause", "stop"):
        aloft.run(f"delete from {table}")
    control.refresh()

    assert said == ({f"email:{reader}": "B"}, {"everything"}, {f"{NOTICE}:email"})
    assert client.exists(SUPPRESSED_KEY, PAUSED_KEY, STOPPED_KEY) == 0


def test_suppressions_that_stand_are_not_written_again(aloft: Aloft, control: Control, client: redis.Redis) -> None:
    reader, other = people = aloft.released(2)
    aloft.batch(aloft.window(), people, "..")
    aloft.run("insert into suppression (subscriber_id, channel, reason) values (%s, 'email', 'bounced')", reader)
    control.refresh()
    client.hset(SUPPRESSED_KEY, f"email:{reader}", "a trace of this test")

    assert control.refresh()
    assert client.hget(SUPPRESSED_KEY, f"email:{reader}") == "a trace of this test", "the same suppressions stand"

    aloft.run("insert into suppression (subscriber_id, channel, reason) values (%s, 'email', 'erased')", other)
    assert control.refresh()
    assert client.hgetall(SUPPRESSED_KEY) == {f"email:{reader}": "B", f"email:{other}": "E"}


@pytest.mark.parametrize("harm", ["lost", "an older clock"])
def test_suppressions_that_may_not_be_those_of_their_digest_are_written_anew(
    aloft: Aloft, control: Control, client: redis.Redis, harm: str
) -> None:
    reader, _ = people = aloft.released(2)
    aloft.batch(aloft.window(), people, "..")
    aloft.run("insert into suppression (subscriber_id, channel, reason) values (%s, 'email', 'bounced')", reader)
    control.refresh()
    if harm == "lost":
        client.delete(SUPPRESSED_KEY)
    else:  # knows of no digest, and leaves it as it was
        aloft.run("update control set n = n + 1")
        client.hincrby(CONTROL_KEY, "n", 1)
        client.hset(SUPPRESSED_KEY, f"email:{reader}", "?")

    assert control.refresh()

    assert client.hgetall(SUPPRESSED_KEY) == {f"email:{reader}": "B"}


# -- two clocks ----------------------------------------------------------------------------------------


def test_two_clocks_never_undo_a_pause(aloft: Aloft, control: Control, planner: Database, client: redis.Redis) -> None:
    control.refresh()
    older = control.taken()
    pause(aloft)
    Control(planner, client).refresh()

    written = control.write(older)

    assert not written
    assert paused(client) == {"everything"}


def test_a_stop_is_confirmed_once_a_snapshot_with_it_stands(aloft: Aloft, control: Control) -> None:
    aloft.released(1)
    control.refresh()
    earlier = control.taken()
    aloft.stop()
    control.write(earlier)
    before = aloft.one("select confirmed_at from stop")

    control.refresh()
    first = aloft.one("select confirmed_at from stop")
    control.refresh()

    assert before is None, "that snapshot was written later, but it does not carry the stop"
    assert first is not None
    assert aloft.one("select confirmed_at from stop") == first


def test_a_newer_snapshot_confirms_the_stops_of_the_one_it_overtakes(
    aloft: Aloft, control: Control, planner: Database, client: redis.Redis
) -> None:
    aloft.released(1)
    control.refresh()
    aloft.stop()
    older = control.taken()

    Control(planner, client).refresh()
    control.write(older)

    assert aloft.one("select confirmed_at from stop") is not None


# -- Redis lost its data -------------------------------------------------------------------------------


def test_a_flushed_redis_is_founded_anew_with_its_pauses(aloft: Aloft, control: Control, client: redis.Redis) -> None:
    aloft.released(1)
    control.refresh()
    before = epoch(client)
    pause(aloft)
    aloft.stop()
    client.flushdb()

    control.refresh()

    assert epoch(client) != before
    assert paused(client) == {"everything"}
    assert client.smembers(STOPPED_KEY) == {f"{NOTICE}:email"}
    assert aloft.one("select count(*) from pause") == 1, "Redis is younger, the database is not older"


# -- the database is older than Redis --------------------------------------------------------------------


def restored(aloft: Aloft, control: Control, snapshots: int = 5) -> int:
    """The database forgets the last snapshots, as a backup would; the n that Redis remembers."""
    control.refresh()
    backup = aloft.one("select n from control")
    for _ in range(snapshots):
        control.refresh()
    known: int = aloft.one("select n from control")
    aloft.run("update control set n = %s", backup)
    return known


def test_a_database_older_than_the_epoch_starts_paused_and_says_why(
    aloft: Aloft, control: Control, client: redis.Redis
) -> None:
    known = restored(aloft, control)
    before = epoch(client)

    written = control.refresh()

    assert written
    assert paused(client) == {"everything"}
    (row,) = aloft.run("select *, (select n from control) from pause")
    assert (row["author"], row["channel"], row["outage_id"], row["lifted_at"]) == ("forewarn", None, None, None)
    for word in (str(known), "restored from a backup", "Notices may have left", "forewarn sending resume --reason"):
        assert word in row["reason"]
    assert row["n"] > known
    assert epoch(client) != before, "messages of the lost life fall"


def test_a_restored_database_makes_batches_clear_of_old_marks_and_keeps_those_it_has(
    aloft: Aloft, control: Control
) -> None:
    people = aloft.released(2)
    window = aloft.window()
    known = aloft.batch(window, people[:1], ".")
    restored(aloft, control)

    control.refresh()

    assert aloft.batch(window, people[1:], ".") > known + IDS_JUMPED
    assert aloft.outcomes(known) == "."


def test_after_a_resume_a_restored_database_goes_on_as_any_other(
    aloft: Aloft, control: Control, client: redis.Redis
) -> None:
    restored(aloft, control)
    control.refresh()
    aloft.run("update pause set lifted_at = clock_timestamp(), lifted_by = 'dana'")
    life = epoch(client)

    for _ in range(3):
        assert control.refresh()

    assert paused(client) == set()
    assert epoch(client) == life
    assert aloft.one("select count(*) from pause") == 1


def test_a_pause_that_stood_in_the_backup_says_why_too(aloft: Aloft, control: Control) -> None:
    pause(aloft)
    restored(aloft, control)

    control.refresh()

    reason = aloft.one("select reason from pause where lifted_at is null")
    assert "restored from a backup" in reason
    assert "by dana: a drill" in reason


def test_two_clocks_begin_a_new_life_once(
    aloft: Aloft, control: Control, planner: Database, client: redis.Redis
) -> None:
    batch_ids = aloft.one("select last_value from batch_id_seq")
    restored(aloft, control)
    clocks = [AtOnce(planner, client, threading.Barrier(4))] * 4

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(clock.refresh) for clock in clocks]:
            done.result()

    assert aloft.one("select count(*) from pause") == 1
    assert aloft.one("select last_value from batch_id_seq") < batch_ids + 2 * IDS_JUMPED
    assert epoch(client) == aloft.one("select epoch from control")
    assert paused(client) == {"everything"}


class AtOnce(Control):
    """One of several clocks that all find, before any goes on, that Redis refuses what they have."""

    def __init__(self, database: Database, client: redis.Redis, barrier: threading.Barrier) -> None:
        super().__init__(database, client)
        self._refused, self._met = barrier, threading.local()

    def write(self, snapshot: Snapshot) -> bool:
        written = super().write(snapshot)
        if not hasattr(self._met, "once"):
            self._met.once = True
            self._refused.wait(10)
        return written


# -- the last word on a batch ------------------------------------------------------------------------------


def test_a_dead_letter_ends_what_is_open(control: Control, client: redis.Redis) -> None:
    client.set(marks_key(BATCH), "a.?!")

    assert control.bury(BATCH, 4, turn=0) == "aDuu"


@pytest.mark.parametrize("newest", ["1000", "1000:e1"])
def test_a_dead_letter_of_an_older_turn_ends_nothing(control: Control, client: redis.Redis, newest: str) -> None:
    client.set(marks_key(BATCH), "a.")
    client.set(turn_key(BATCH), newest)

    assert control.bury(BATCH, 2, turn=3) is None
    assert client.get(marks_key(BATCH)) == "a."


def test_the_last_word_of_a_stop_asks_for_no_turn_and_makes_marks_that_are_missing(
    control: Control, client: redis.Redis
) -> None:
    client.set(marks_key(BATCH), "a.?!", ex=100)
    client.set(turn_key(BATCH), "1000:e1")

    ended = control.end({BATCH: 4, BATCH + 1: 2}, "P")

    assert ended == {BATCH: "aPuu", BATCH + 1: "PP"}
    assert [client.get(marks_key(batch)) for batch in (BATCH, BATCH + 1)] == ["aPuu", "PP"]
    assert client.ttl(marks_key(BATCH)) <= 100 < client.ttl(marks_key(BATCH + 1))
