"""Whoever is pruned from the directory while a notice that counts them is under way."""

from collections.abc import Iterator

import pytest

from tests.services.ingest.directory.given import as_ingest
from tests.services.ingest.directory.given import people as imported

from .people import People, people


@pytest.fixture
def record(database: str) -> Iterator[People]:
    with people(database) as here:
        yield here


def places(record: People) -> dict[str, int]:
    return {
        row["key"]: row["place"]
        for row in record.run(
            "select s.key, u.place::int from batch b cross join unnest(b.ids) with ordinality as u (id, place)"
            " join subscriber s on s.id = u.id"
        )
    }


def prune(record: People, rest: str) -> None:
    with as_ingest(record.url) as directory:
        imported(directory, f"id,role,unsubscribed\n{rest}", prune=True)


def test_whoever_was_pruned_is_erased_where_still_open_when_the_batch_is_published_again(record: People) -> None:
    for person in ("hanna", "kenji"):
        record.person(person)
    window = record.notice("first")
    record.freeze(window)
    place = places(record)

    prune(record, "kenji,support,\n")
    (again,) = record.freeze(window).bodies

    outcomes = record.one("select outcomes from batch")
    assert {key: outcomes[place[key] - 1] for key in place} == {"hanna": "E", "kenji": "."}
    assert "kenji@acme.example" in again.json and "hanna" not in again.json


def test_an_unsubscribe_is_the_reason_even_of_whoever_was_pruned_after_it(record: People) -> None:
    for person in ("hanna", "kenji"):
        record.person(person)
    window = record.notice("first")
    record.freeze(window)
    place = places(record)

    prune(record, "hanna,support,email\nkenji,support,\n")
    prune(record, "kenji,support,\n")
    record.freeze(window)

    outcomes = record.one("select outcomes from batch")
    assert {key: outcomes[place[key] - 1] for key in place} == {"hanna": "S", "kenji": "."}
