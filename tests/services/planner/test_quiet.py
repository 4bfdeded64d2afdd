"""Quiet hours: whoever sleeps is moved to when they wake, and told then by a child, once (W7)."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewarn.notice import Occasion, notice_id
from forewarn.subscriber import Side
from services.planner.children import add_children
from tests.services.planner.people import People, people

NIGHT = "2026-11-22 23:00+00"  # midnight in Berlin
MORNING = datetime(2026, 11, 23, 5, tzinfo=UTC)  # six o'clock there
HOURS = ("22:00", "06:00")


@pytest.fixture
def record(database: str) -> Iterator[People]:
    with people(database) as here:
        here.it_is(NIGHT)
        yield here


# -- when ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "wakes"),
    [
        ("Europe/Berlin", ("22:00", "06:00"), "2026-11-22 23:00", "2026-11-23 05:00"),  # over midnight, before it
        ("Europe/Berlin", ("22:00", "06:00"), "2026-11-23 01:00", "2026-11-23 05:00"),  # and after it
        ("Europe/Berlin", ("22:00", "06:00"), "2026-11-22 21:00", "2026-11-23 05:00"),  # from its first minute
        ("Europe/Berlin", ("22:00", "06:00"), "2026-11-22 20:59:59", None),
        ("Europe/Berlin", ("22:00", "06:00"), "2026-11-23 04:59:59", "2026-11-23 05:00"),
        ("Europe/Berlin", ("22:00", "06:00"), "2026-11-23 05:00", None),  # to its last
        ("Europe/Berlin", ("12:00", "14:00"), "2026-11-22 12:00", "2026-11-22 13:00"),
        ("Europe/Berlin", ("12:00", "14:00"), "2026-11-22 13:00", None),
        ("Europe/Berlin", ("22:00", "22:00"), "2026-11-22 23:00", None),  # equal: none
        ("Europe/Berlin", ("22:00", "00:00"), "2026-11-22 22:00", "2026-11-22 23:00"),
        ("Europe/Berlin", ("22:00", "06:01"), "2026-11-22 23:00", "2026-11-23 05:15"),  # up to the quarter
        ("Europe/Berlin", ("22:00", "06:15"), "2026-11-22 23:00", "2026-11-23 05:15"),  # an exact one stays
        ("Asia/Kathmandu", ("22:00", "06:00"), "2026-11-22 20:00", "2026-11-23 00:15"),
        ("America/Chicago", ("22:00", "06:00"), "2026-11-22 23:00", None),  # five in the afternoon there
        ("Europe/Berlin", ("22:00", "06:00"), "2026-03-28 23:00", "2026-03-29 04:00"),  # a night of 7 hours
        ("Europe/Berlin", ("22:00", "06:00"), "2026-10-24 22:00", "2026-10-25 05:00"),  # a night of 9
        ("Europe/Berlin", ("22:00", "02:30"), "2026-03-29 00:30", "2026-03-29 01:30"),  # an end that is skipped
        ("Europe/Berlin", ("22:00", "02:30"), "2026-10-25 00:15", "2026-10-25 01:30"),  # that comes twice: the last
        ("Europe/Berlin", ("22:00", "02:30"), "2026-10-25 01:15", "2026-10-25 01:30"),
    ],
)
def test_the_wake_moment_is_the_end_of_the_quiet_hours_on_the_readers_wall(
    record: People, zone: str, quiet: tuple[str, str], now: str, wakes: str | None
) -> None:
    record.it_is(f"{now}+00")
    record.person("noor", quiet=quiet, zone=zone)

    letters = record.tell("first")

    assert letters == {"noor": "m" if wakes else "."}
    assert record.wake_moments() == ([datetime.fromisoformat(f"{wakes}+00:00")] if wakes else [])


CLOCKS = st.times().map(lambda time: f"{time.hour:02}:{time.minute:02}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    zone=st.sampled_from(["Europe/Berlin", "America/Chicago", "Pacific/Auckland", "Asia/Kathmandu", "UTC"]),
    now=st.integers(0, 3 * 366 * 86_400).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(0, seconds)),
    start=CLOCKS,
    end=CLOCKS.filter(lambda clock: clock[:2] not in ("01", "02", "03")),  # when clocks change, the table says it
)
def test_any_wake_moment_is_the_next_end_on_the_wall_rounded_up(
    record: People, zone: str, now: datetime, start: str, end: str
) -> None:
    record.run("truncate subscriber, address, stake")
    record.it_is(now.isoformat())
    record.person("noor", quiet=(start, end), zone=zone)

    (group,) = record.audience()

    assert group.wake_at == next_end(now.astimezone(ZoneInfo(zone)), start, end)
    assert group.letter == ("m" if group.wake_at else ".")


def next_end(here: datetime, start: str, end: str) -> datetime | None:
    """By hours and minutes as they are read off the wall."""
    wall = f"{here:%H:%M}"
    asleep = start <= wall < end if start <= end else wall >= start or wall < end
    if not asleep:
        return None
    day = here.date() + timedelta(days=wall >= end)
    ends = datetime.fromisoformat(f"{day}T{end}").replace(tzinfo=here.tzinfo).astimezone(UTC)
    return ends + timedelta(minutes=-ends.minute % 15)


def test_a_zone_that_the_database_does_not_know_keeps_nobody_from_being_told(record: People) -> None:
    record.person("noor", quiet=HOURS, zone="Mars/Olympus_Mons")

    assert record.tell("first") == {"noor": "."}


# -- whom ------------------------------------------------------------------------------------------------


def test_what_is_critical_wakes(record: People) -> None:
    record.person("noor", quiet=HOURS)

    assert record.tell("first", severity="critical") == {"noor": "."}
    assert record.children() == []


def test_whoever_is_suppressed_or_no_guest_is_not_moved(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.person("dana", quiet=HOURS)
    record.run("insert into suppression select id, 'email', 'unsubscribed' from subscriber where key = 'dana'")

    assert record.tell("first", mode="guests") == {"noor": "G", "dana": "S"}
    assert record.children() == []


def test_sleepers_stand_in_batches_of_their_own_that_are_never_published(record: People) -> None:
    record.person("hanna")
    record.person("noor", quiet=HOURS)
    record.person("omar", quiet=("22:00", "07:00"))

    frozen = record.freeze(record.notice("first"))

    assert len(frozen.bodies) == 1
    batches = record.run("select outcomes, wake_at from batch order by wake_at nulls first")
    assert [(batch["outcomes"], batch["wake_at"]) for batch in batches] == [
        (".", None),
        ("m", MORNING),
        ("m", MORNING + timedelta(hours=1)),
    ]


# -- children --------------------------------------------------------------------------------------------


def test_a_child_is_held_until_they_wake_and_is_as_its_parent(record: People) -> None:
    record.person("dana", quiet=HOURS)

    record.tell("first", mode="guests", test=True)

    (child,) = record.children()
    slot = "2026-11-23T05:00:00+00:00"
    assert child["id"] == notice_id(str(record.outage), Side.OUTSIDE, Occasion.WAKE, slot)
    assert (child["slot"], child["side"], child["lane"]) == (slot, "outside", "urgent")
    assert (child["state"], child["hold"], child["hold_until"]) == ("held", "quiet", MORNING)
    assert (child["mode"], child["test"], child["policy_hash"]) == ("guests", True, "hash")


def test_two_moved_places_of_a_sleeper_make_one_child_that_tells_them_once(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.tell("first")
    record.tell("update", "update")

    child = record.child()
    record.it_is(MORNING.isoformat())

    assert record.wake(child) == {"noor": "."}
    assert len(record.children()) == 1


def test_each_moment_has_a_child_for_those_who_wake_then(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.person("omar", quiet=("22:00", "07:00"))
    record.tell("first")
    early, late = [row["id"] for row in record.children()]
    record.it_is(MORNING.isoformat())

    first = record.wake(early)
    record.accepted(early)
    record.it_is((MORNING + timedelta(hours=1)).isoformat())

    assert (first, record.wake(late)) == ({"noor": "."}, {"omar": "."})


def test_a_child_goes_to_nobody_who_slept_through_nothing(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.person("hanna")
    record.tell("first")
    record.person("newcomer")
    record.it_is(MORNING.isoformat())

    assert record.wake(record.child()) == {"noor": "."}


def test_a_sleeper_who_was_reached_meanwhile_is_not_in_the_child(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.person("omar", quiet=HOURS)
    record.tell("first")
    record.run("update address set quiet_from = null, quiet_to = null where address like 'noor@%%'")
    record.tell("update", "update")
    record.it_is(MORNING.isoformat())

    assert record.wake(record.child()) == {"omar": "."}


def test_a_sleeper_who_has_left_the_audience_is_still_told(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.tell("first")
    record.leaves("noor")
    record.it_is(MORNING.isoformat())

    assert record.wake(record.child()) == {"noor": "."}


def test_whoever_prolonged_their_sleep_is_moved_again_and_has_a_child(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.tell("first")
    first = record.child()
    record.sleeps("noor", "22:00", "08:00")
    record.it_is(MORNING.isoformat())

    again = record.wake(first)

    second = record.child()
    record.it_is((MORNING + timedelta(hours=2)).isoformat())
    assert (again, record.wake(second)) == ({"noor": "m"}, {"noor": "."})
    assert second != first


def test_whoever_is_to_sleep_longer_is_left_to_the_later_child(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.tell("first")
    early = record.child()
    record.sleeps("noor", "22:00", "08:00")
    record.tell("update", "update")
    record.it_is(MORNING.isoformat())

    assert record.wake(early) == {}


def test_a_child_of_a_withdrawn_outage_tells_only_those_told_before(record: People) -> None:
    record.person("hanna")
    record.tell("first")
    record.sleeps("hanna", *HOURS)
    record.person("noor", quiet=HOURS)
    record.tell("update", "update")
    record.run("update outage set withdrawn = true, closed_at = forewarn_now()")
    record.it_is(MORNING.isoformat())

    assert record.wake(record.child()) == {"hanna": ".", "noor": "W"}


def test_a_child_is_counted_as_it_is_frozen(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.person("omar", quiet=("22:00", "07:00"))
    record.tell("first")
    record.it_is(MORNING.isoformat())

    (group,) = record.audience("wake")

    assert (group.letter, group.people) == (".", 1)


# -- at the same time ------------------------------------------------------------------------------------


def test_a_child_that_is_no_longer_held_takes_nobody_more_and_another_is_made(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.tell("first")
    record.run("update notice_channel set state = 'drained', ended = 'cancelled' where hold = 'quiet'")
    window = record.notice("update", "update")

    record.freeze(window)

    assert [row["slot"] for row in record.children()][1] == f"2026-11-23T05:00:00+00:00/{window}"
    record.it_is(MORNING.isoformat())
    assert record.wake(record.child()) == {"noor": "."}


def test_a_child_released_at_this_very_moment_loses_nobody(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.tell("first")
    record.person("omar", quiet=HOURS)
    window = record.notice("update", "update")
    with ThreadPoolExecutor(1) as thread, record.connect() as planner:
        with planner.transaction():
            planner.execute("select pg_advisory_xact_lock(hashtextextended('outage ' || %s, 0))", (str(record.outage),))
            frozen = thread.submit(record.freeze, window)
            until_somebody_waits(record)
            planner.execute("update notice_channel set state = 'released' where hold = 'quiet'")
        frozen.result(10)

    assert [row["state"] for row in record.children()] == ["released", "held"]
    record.it_is(MORNING.isoformat())
    assert record.wake(record.child()) == {"noor": ".", "omar": "."}


def test_a_release_waits_for_those_who_are_being_moved(record: People) -> None:
    record.person("noor", quiet=HOURS)
    record.tell("first")
    child = record.child()
    with record.planner.begin() as freezing:
        window = record.one("select max(id) from notice_window")
        add_children(freezing, window)
        with ThreadPoolExecutor(1) as thread:
            released = thread.submit(
                record.run, "update notice_channel set state = 'released' where notice_id = %s", child
            )
            until_somebody_waits(record)
            waiting = not released.done()
            freezing.commit()
            released.result(10)

    assert waiting


def until_somebody_waits(record: People, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not record.one("select count(*) from pg_locks where not granted"):
        assert time.monotonic() < end, "nobody waits for a lock"
        time.sleep(0.02)
