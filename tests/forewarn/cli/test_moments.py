"""Times as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from forewarn.cli.moments import end_of, moment_of, said, span, zone_named
from forewarn.cli.trouble import Trouble

NOON_IN_BERLIN = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


NEW_YORK = ZoneInfo("America/New_York")


def read(text: str, now: datetime = NOON_IN_BERLIN, zone: ZoneInfo | None = None) -> datetime:
    return moment_of(text, now, "--next-update", zone)


@pytest.mark.parametrize("text", ["15:30", "today 15:30", "2026-03-02T15:30", "2026-03-02 15:30"])
def test_times_without_a_zone_are_the_users_own(text: str) -> None:
    assert read(text) == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-02T15:30Z", "2026-03-02T16:30+01:00", "2026-03-02T10:30-05:00"])
def test_times_with_a_zone_keep_it(text: str) -> None:
    assert read(text) == datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-02t15:30:00z", "2026-03-02T15:30:00.000Z", "2026-03-02 15:30:00+00:00"])
def test_times_are_read_as_rfc_3339_spells_them(text: str) -> None:
    assert read(text) == datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["15:30", "today 15:30", "2026-03-02 15:30"])
def test_times_without_an_offset_are_of_the_zone_that_is_named(text: str) -> None:
    assert read(text, zone=NEW_YORK) == datetime(2026, 3, 2, 20, 30, tzinfo=UTC)


def test_a_zone_is_known_by_its_name_in_the_tz_database() -> None:
    assert zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")

    for name in ("Berlin", "CEST", "../zone", "Europe", "+01:00"):
        with pytest.raises(Trouble, match="is no time zone"):
            zone_named(name)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("in 30m", 30), ("30 min", 30), ("in 2h", 120), ("in 1h 30m", 90), ("In 2 Hours", 120), ("in 1d", 1440)],
)
def test_lengths_count_from_now(text: str, minutes: int) -> None:
    assert read(text) == NOON_IN_BERLIN + timedelta(minutes=minutes)


def test_an_hour_past_midnight_said_late_at_night_is_tomorrow() -> None:
    late = datetime(2026, 3, 2, 22, 50, tzinfo=UTC)

    assert read("00:30", late) == datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def test_an_hour_that_has_just_passed_is_not_taken_for_tomorrow() -> None:
    with pytest.raises(Trouble, match=r'has passed today: it is 12:00 CET; .* "tomorrow 11:30"'):
        read("11:30")


def test_a_wall_clock_time_across_a_clock_change_keeps_its_hour() -> None:
    eve = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)

    assert read("tomorrow 09:00", eve) == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_an_hour_that_a_clock_change_skips_is_refused() -> None:
    with pytest.raises(Trouble, match="does not exist in your zone"):
        read("2026-03-29T02:30")


def test_an_hour_that_a_clock_change_repeats_is_refused_with_both_that_it_may_be() -> None:
    with pytest.raises(Trouble) as caught:
        read("2026-10-25 02:30")

    said_so = "02:30 comes twice in your zone on 2026-10-25: the clocks change. Say which: "
    assert caught.value.line.endswith(f'{said_so}"2026-10-25T02:30+02:00" or "2026-10-25T02:30+01:00"')


@pytest.mark.parametrize("text", ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"])
def test_with_its_offset_a_repeated_hour_is_one_moment(text: str) -> None:
    assert read(text) == datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("2026-03-08 02:30", "does not exist in America/New_York"), ("2026-11-01 01:30", "twice in America/New_York")],
)
def test_clock_changes_are_those_of_the_zone_that_is_named(text: str, words: str) -> None:
    with pytest.raises(Trouble, match=words):
        read(text, zone=NEW_YORK)

    assert read(text) == datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("22:00", 120), ("01:00", 300), ("20:00", 1440), ("2h", 120), ("1h 30m", 90), ("2026-03-09 21:00", 60)],
)
def test_an_end_counts_from_the_start(text: str, minutes: int) -> None:
    start = datetime(2026, 3, 9, 19, 0, tzinfo=UTC)

    assert end_of(text, start, NOON_IN_BERLIN, "--end") == start + timedelta(minutes=minutes)


def test_an_end_that_says_from_when_it_counts_is_taken_at_its_word() -> None:
    start = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)

    assert end_of("tomorrow 21:00", start, NOON_IN_BERLIN, "--end") == start + timedelta(hours=1)
    for text in ("in 2h", "today 22:00", "2026-03-03 20:00", "0m"):
        with pytest.raises(Trouble, match="is not after the start, Tue 3 Mar 20:00 CET"):
            end_of(text, start, NOON_IN_BERLIN, "--end")


@pytest.mark.parametrize(
    "text", ["soon", "25:00", "in", "in 30", "15:30 CET", "2026-03-02", "in 5 months", "", "9999-12-31 23:59"]
)
def test_what_is_not_a_time_is_answered_with_examples(text: str) -> None:
    with pytest.raises(Trouble) as caught:
        read(text)

    assert '"in 30m"' in caught.value.line


@pytest.mark.parametrize("text", ["in 0m", "today 09:00", "2026-03-02T10:00Z"])
def test_a_time_that_has_passed_is_refused(text: str) -> None:
    with pytest.raises(Trouble, match="has passed"):
        read(text)


def test_moments_are_said_in_the_local_zone_with_its_abbreviation() -> None:
    assert said(NOON_IN_BERLIN, NOON_IN_BERLIN) == "12:00 CET"
    assert said(NOON_IN_BERLIN + timedelta(days=1), NOON_IN_BERLIN) == "Tue 3 Mar 12:00 CET"
    assert said(datetime(2027, 7, 1, 10, 0, tzinfo=UTC), NOON_IN_BERLIN) == "Thu 1 Jul 2027 12:00 CEST"


def test_spans_name_the_two_units_that_matter() -> None:
    assert [span(timedelta(seconds=s)) for s in (40, 720, 3900, 97200)] == ["40 s", "12 min", "1 h 5 min", "1 d 3 h"]
