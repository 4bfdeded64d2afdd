"""The audience, counted: the same rules as a freeze, and nothing is written."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from forewarn.subscriber import Side, Voice
from services.planner.audience import Group
from tests.services.planner.people import People, people


@pytest.fixture
def record(database: str) -> Iterator[People]:
    """Two who were told, one of them gone from the audience; two who were not; a sleeper, a guest, a suppressed one."""
    with people(database) as here:
        here.it_is("2026-11-22 23:00+00")
        here.person("hanna")
        here.person("gone")
        here.tell("before")
        here.leaves("gone")
        here.person("kenji")
        here.person("dana")
        here.person("noor", quiet=("22:00", "06:10"))
        here.person("sam")
        here.person("other", uses="mail")
        here.person("mara", inside=True)
        here.run("insert into suppression select id, 'email', 'unsubscribed' from subscriber where key = 'sam'")
        yield here


@pytest.mark.parametrize("mode", ["live", "guests"])
@pytest.mark.parametrize("side", ["inside", "outside"])
@pytest.mark.parametrize(
    ("occasion", "names"), [("first", ()), ("update", ()), ("correction", ()), ("correction", ("none",))]
)
def test_whoever_is_counted_is_frozen(
    record: People, occasion: str, names: tuple[str, ...], side: str, mode: str
) -> None:
    groups = record.audience(occasion, names=names, side=Side(side), mode=mode)
    record.freeze(record.notice("news", occasion, names=names, side=side, mode=mode))

    counted: Counter[str] = Counter()
    for group in groups:
        counted[group.letter] += group.people
    assert counted == Counter(record.letters("news").values())


def test_groups_say_voice_words_letter_and_moment(record: People) -> None:
    groups = record.audience("update")

    morning = datetime(2026, 11, 23, 5, 15, tzinfo=UTC)
    assert set(groups) == {
        Group(Voice.CUSTOMER, "en", False, ".", None, 2),
        Group(Voice.CUSTOMER, "en", False, "S", None, 1),
        Group(Voice.CUSTOMER, "en", False, "m", morning, 1),
        Group(Voice.CUSTOMER, "en", True, ".", None, 2),
    }


def test_of_an_outage_that_does_not_exist_yet_nobody_was_told(record: People) -> None:
    groups = record.audience("first", outage_id=None, critical=True)

    assert {(group.told, group.letter): group.people for group in groups} == {(False, "."): 4, (False, "S"): 1}


@pytest.mark.parametrize(("kind", "called"), [({"test": True}, 1), ({"mode": "guests"}, 1), ({"mode": "sandbox"}, 3)])
def test_guests_are_counted_as_they_are_called(record: People, kind: dict[str, Any], called: int) -> None:
    groups = record.audience("first", outage_id=None, **kind)

    assert sum(group.people for group in groups if group.letter == ".") == called


def test_nothing_is_written(record: People) -> None:
    def rows() -> list[Any]:
        return [
            record.one(f"select count(*) from {table}") for table in ("notice", "notice_window", "batch", "content")
        ]

    before = rows()
    record.audience("update")

    assert rows() == before


def test_nobody_there_is_no_audience(database: str) -> None:
    with people(database) as empty:
        groups = empty.audience("first", outage_id=None)

    assert groups == ()
