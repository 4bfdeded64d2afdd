"""Who is in a window, and with which letter, on a real PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.services.planner.people import People, people


@pytest.fixture
def record(database: str) -> Iterator[People]:
    with people(database) as here:
        yield here


def test_a_correction_goes_to_exactly_the_recorded_recipients(record: People) -> None:
    record.person("hanna")
    record.person("kenji")
    record.tell("first")
    record.leaves("hanna")  # the audience is another one now
    record.person("newcomer")

    letters = record.tell("correction", "correction")

    assert letters == {"hanna": ".", "kenji": "."}


@pytest.mark.parametrize(("letter", "told"), [("a", True), ("u", True), ("R", False), ("S", False), ("m", False)])
def test_a_recorded_recipient_is_who_was_reached_or_may_have_been(record: People, letter: str, told: bool) -> None:
    record.person("hanna")
    record.tell("first")
    record.run("update batch set outcomes = %s", letter)

    letters = record.tell("withdrawn", "withdrawn")

    assert letters == ({"hanna": "."} if told else {})


def test_a_correction_that_names_a_notice_leaves_out_whom_only_another_told(record: People) -> None:
    record.person("hanna")
    record.tell("first")
    record.person("kenji")
    record.tell("second")

    letters = record.tell("correction", "correction", names=("first",))

    assert letters == {"hanna": "."}


@pytest.mark.parametrize(("named", "told"), [("first", {"hanna": ".", "noor": "."}), ("late", {})])
def test_a_child_after_a_named_notice_counts_as_named(record: People, named: str, told: dict[str, str]) -> None:
    record.person("hanna")
    record.tell("first")
    record.person("noor")
    record.tell("child")
    record.run("update notice set occasion = 'wake' where id = 'child'")
    record.notice("late")

    letters = record.tell("correction", "correction", names=(named,))

    assert letters == told


def test_whoever_has_no_address_any_more_cannot_be_told_of_a_correction(record: People) -> None:
    record.person("hanna")
    record.person("kenji")
    record.tell("first")
    record.run("delete from address where address like 'hanna@%%'")

    letters = record.tell("correction", "correction")

    assert letters == {"kenji": "."}


def test_suppressions_count_for_corrections_too(record: People) -> None:
    record.person("hanna")
    record.tell("first")
    record.run("insert into suppression select id, 'email', 'unsubscribed' from subscriber")

    letters = record.tell("correction", "correction")

    assert letters == {"hanna": "S"}


def test_a_correction_belongs_to_the_side_that_somebody_is_on_now(record: People) -> None:
    record.person("hanna")
    record.tell("first")
    record.run("update subscriber set inside = true")

    outside = record.tell("outside", "correction")
    inside = record.tell("inside", "correction", side="inside")

    assert (outside, inside) == ({}, {"hanna": "."})


def test_an_update_reaches_the_audience_and_whoever_was_told(record: People) -> None:
    record.person("hanna")
    record.tell("first")
    record.leaves("hanna")
    record.person("kenji")
    record.person("other", uses="mail")

    letters = record.tell("update", "update")

    assert letters == {"hanna": ".", "kenji": "."}


def test_in_guests_mode_only_guests_are_called(record: People) -> None:
    record.person("dana")
    record.person("gast", address="gast@guests.example")
    for n in range(10):
        record.person(f"p{n}", address=f"p{n}@guests.example.org")

    letters = record.tell("first", mode="guests")

    assert letters == {"dana": ".", "gast": "."} | {f"p{n}": "G" for n in range(10)}


@pytest.mark.parametrize("mode", ["sandbox", "guests", "live"])
def test_a_test_goes_to_guests_only_in_every_mode(record: People, mode: str) -> None:
    record.person("dana")
    record.person("hanna")

    letters = record.tell("first", mode=mode, test=True)

    assert letters == {"dana": ".", "hanna": "G"}


@pytest.mark.parametrize("mode", ["sandbox", "live"])
def test_all_else_goes_to_everybody(record: People, mode: str) -> None:
    record.person("dana")
    record.person("hanna")

    letters = record.tell("first", mode=mode)

    assert letters == {"dana": ".", "hanna": "."}


def test_a_suppressed_guest_is_suppressed_and_so_is_a_suppressed_stranger(record: People) -> None:
    record.person("dana")
    record.person("hanna")
    record.run("insert into suppression select id, 'email', 'bounced' from subscriber")

    letters = record.tell("first", mode="guests")

    assert letters == {"dana": "B", "hanna": "B"}


@pytest.mark.parametrize(
    ("reason", "letter"), [("superseded", "P"), ("cancelled", "C"), ("withdrawn", "W"), ("expired", "X")]
)
def test_a_stopped_notices_window_freezes_with_its_letter_and_calls_nobody(
    record: People, reason: str, letter: str
) -> None:
    record.it_is("2026-11-22 23:00+00")
    record.person("hanna")
    record.person("kenji")
    record.person("noor", quiet=("22:00", "06:00"))
    record.run("insert into suppression select id, 'email', 'unsubscribed' from subscriber where key = 'kenji'")
    window = record.notice("first")
    record.run("insert into stop (notice_id, channel, reason) values ('first', 'email', %s)", reason)

    frozen = record.freeze(window)

    assert frozen.bodies == ()
    assert record.letters("first") == {"hanna": letter, "kenji": "S", "noor": letter}
    assert record.children() == []


def test_rows_frozen_before_the_stop_are_not_published_and_the_debt_is_cleared(record: People) -> None:
    record.person("hanna")
    window = record.notice("first")
    before = record.freeze(window)
    record.run("insert into stop (notice_id, channel, reason) values ('first', 'email', 'superseded')")

    after = record.freeze(window)
    record.windows.published(window)

    assert (len(before.bodies), after.bodies) == (1, ())
    assert record.letters("first") == {"hanna": "."}  # the ledger pulls it
    assert record.windows.freeze(window) is None


def test_another_notice_is_not_stopped(record: People) -> None:
    record.person("hanna")
    record.tell("first")
    record.run("insert into stop (notice_id, channel, reason) values ('first', 'email', 'superseded')")

    frozen = record.freeze(record.notice("update", "update"))

    assert len(frozen.bodies) == 1
    assert record.letters("update") == {"hanna": "."}


@pytest.mark.parametrize("occasion", ["first", "update", "correction"])
def test_nobody_is_planned_twice_by_one_notice(record: People, occasion: str) -> None:
    record.person("hanna")
    record.person("kenji")
    record.tell("before")
    record.person("late")
    windows = [record.notice("news", occasion), record.window("news", 10)]

    for window in windows:
        record.freeze(window)

    assert len(record.letters("news")) == {"first": 1, "update": 3, "correction": 2}[occasion]
