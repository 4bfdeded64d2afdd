"""A prune takes the file as the whole truth also of whomever it names."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from services.ingest.directory.people import Format

from .given import ADDRESSES, STAKES, as_ingest, catalog, counts, faults, people, rows

Directory = psycopg.Connection[Any]
HEADER = "id,role,accounts,components,teams,email,phone,webhook\n"
ADA = "1,customer,nordwind,,,a@x.example,+4930901820,https://a.example/in\n"


@pytest.fixture
def directory(database: str) -> Iterator[Directory]:
    with as_ingest(database) as connection:
        catalog(connection)
        people(connection, HEADER + ADA)
        yield connection


def inside(directory: Directory) -> list[tuple[str, bool]]:
    return rows(directory, "select key, inside from subscriber order by key")


def ways(directory: Directory) -> list[str]:
    return [way for _, way, _ in rows(directory, ADDRESSES)]


def test_a_stake_that_the_file_no_longer_gives_goes_and_the_side_with_it(directory: Directory) -> None:
    people(directory, HEADER + "1,account_team,nordwind,,,,,\n1,internal,,ledger-db,,,,\n1,owner,,,ops,,,\n")
    before = inside(directory)

    report = people(directory, "id,role,accounts\n1,customer,kranich\n", prune=True)

    assert counts(report) == (0, 1, 0, 0)
    assert rows(directory, STAKES) == [("1", "customer", "kranich", None, None)]
    assert (before, inside(directory)) == ([("1", True)], [("1", False)])


def test_what_the_file_gives_stays_as_it_is(directory: Directory) -> None:
    lines = HEADER + ADA + "1,internal,,ledger-db,,,,\n1,owner,,,ops,,,\n1,support,,,,,,\n"
    people(directory, lines)
    before = rows(directory, "select t.*, xmin::text from stake t order by t")

    report = people(directory, lines, prune=True)

    assert counts(report) == (0, 0, 1, 0)
    assert rows(directory, "select t.*, xmin::text from stake t order by t") == before


def test_whoever_has_a_line_that_is_not_taken_loses_nothing(directory: Directory) -> None:
    people(directory, HEADER + "2,support,,,,b@x.example,,https://b.example/in\n")
    lines = "1,customer,kranich,,,,,\n1,customer,nobody,,,,,\n2,executive,,,,,,\n2,boss,,,,,,\n"

    report = people(directory, HEADER + lines, prune=True)

    assert [line for line, _ in faults(report)] == [3, 5]
    assert [(key, role) for key, role, *_ in rows(directory, STAKES)] == [
        ("1", "customer"), ("1", "customer"), ("2", "executive"), ("2", "support")
    ]  # fmt: skip
    assert ways(directory) == ["email", "sms", "webhook", "email", "webhook"]


@pytest.mark.parametrize(
    ("file", "left"),
    [
        (HEADER + "1,customer,nordwind,,,a@x.example,,\n", ["email"]),
        ("id,role,accounts,webhook\n1,customer,nordwind,\n", ["email", "sms"]),
        ("id,role,accounts,phone\n1,customer,nordwind,\n1,admin,nordwind,+4930901820\n", ["email", "sms", "webhook"]),
        ("id,role,accounts\n1,customer,nordwind\n", ["email", "sms", "webhook"]),
    ],
)
def test_an_address_whose_column_is_there_and_empty_on_every_line_goes(
    directory: Directory, file: str, left: list[str]
) -> None:
    people(directory, file, prune=True)

    assert ways(directory) == left


def test_json_lines_speak_of_every_address(directory: Directory) -> None:
    line = '{"id": "1", "role": "customer", "accounts": ["nordwind"], "email": "a@x.example", "webhook": null}\n'

    report = people(directory, line, Format.JSONL, prune=True)

    assert (counts(report), ways(directory)) == ((0, 1, 0, 0), ["email"])


def test_without_a_prune_stakes_and_addresses_stay(directory: Directory) -> None:
    people(directory, HEADER + "1,support,,,,,,\n")

    assert len(rows(directory, STAKES)) == 2
    assert ways(directory) == ["email", "sms", "webhook"]


def test_what_was_refused_outlives_the_address_for_its_person_and_for_whoever_has_it_next(directory: Directory) -> None:
    people(directory, "id,role,accounts,unsubscribed\n1,customer,nordwind,webhook\n")
    people(directory, HEADER + "1,customer,nordwind,,,a@x.example,,\n", prune=True)

    people(directory, HEADER + ADA.replace("a.example", "new.example") + "2,support,,,,,,https://a.example/in\n")

    suppressed = "select s.key, x.channel from suppression x join subscriber s on s.id = x.subscriber_id order by 1"
    assert rows(directory, suppressed) == [("1", "webhook"), ("2", "webhook")]
