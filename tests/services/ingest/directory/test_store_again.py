"""Importing people of whom most stand already as the file says: these are set aside, and nothing else changes."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from .given import ADDRESSES, STAKES, as_ingest, catalog, counts, faults, people, rows

Directory = psycopg.Connection[Any]
HEADER = "id,role,accounts,components,teams,name,email,consents,unsubscribed\n"
ADA = "1,customer,nordwind;kranich,,,Ada,a@x.example,email,\n"
BO = "2,internal,,ledger-db,,Bo,b@x.example,,\n"
CY = "3,owner,,,ops;dev,Cy,,,\n"


@pytest.fixture
def directory(database: str) -> Iterator[Directory]:
    with as_ingest(database) as connection:
        catalog(connection)
        people(connection, HEADER + ADA + BO + CY)
        yield connection


@pytest.mark.parametrize(
    "other",
    [
        ADA.replace("Ada", "Eve"),
        ADA.replace("a@", "e@"),
        ADA.replace("email", "none"),
        ADA.replace("nordwind;kranich", "nordwind").replace("customer", "admin"),
        ADA.replace("\n", "email\n"),
    ],
)
def test_one_who_changes_is_told_from_those_who_stay(directory: Directory, other: str) -> None:
    assert counts(people(directory, HEADER + other + BO + CY)) == (0, 1, 2, 0)
    assert counts(people(directory, HEADER + other + BO + CY)) == (0, 0, 3, 0)


def test_of_two_lines_the_later_wins_though_it_says_what_stands(directory: Directory) -> None:
    report = people(directory, HEADER + ADA.replace("Ada", "Eve") + ADA)

    assert counts(report) == (0, 0, 1, 0)
    assert rows(directory, "select name from subscriber where key = '1'") == [("Ada",)]


def test_whoever_stays_keeps_the_address_that_an_earlier_line_claims(directory: Directory) -> None:
    report = people(directory, HEADER + "9,support,,,,,a@x.example,,\n" + ADA)

    assert faults(report) == [(2, "email is already that of subscriber 1")]
    assert [key for key, *_ in rows(directory, ADDRESSES)] == ["1", "2"]


def test_a_side_that_is_not_that_of_the_stakes_is_mended(directory: Directory) -> None:
    directory.execute("update subscriber set inside = not inside")

    assert counts(people(directory, HEADER + ADA + BO + CY)) == (0, 3, 0, 0)
    assert rows(directory, "select inside from subscriber order by key") == [(False,), (True,), (True,)]


def test_an_unsubscribe_kept_since_holds_for_whoever_is_set_aside(directory: Directory) -> None:
    directory.execute(
        "insert into suppression_kept (hash, channel, reason)"
        " values (forewarn_hash('key', '2'), 'email', 'unsubscribed')"
    )

    assert counts(people(directory, HEADER + ADA + BO + CY)) == (0, 1, 2, 0)
    assert rows(directory, "select reason from suppression") == [("unsubscribed",)]


def test_a_target_that_a_line_names_twice_is_one_stake(directory: Directory) -> None:
    people(directory, HEADER + "4,customer,nordwind;nordwind,,,,,,\n5,owner,,,ops;ops,,,,\n")

    assert [key for key, *_ in rows(directory, STAKES) if key in ("4", "5")] == ["4", "5"]


def test_new_people_are_numbered_as_they_stand_in_the_file(directory: Directory) -> None:
    people(directory, HEADER + "".join(f"{n},support,,,,,,,\n" for n in (9, 7, 8)) + ADA + "7,executive,,,,,,,\n")

    assert rows(directory, "select key from subscriber order by id offset 3") == [("9",), ("7",), ("8",)]


def test_another_way_in_the_place_of_one_that_stands_is_a_change(directory: Directory) -> None:
    report = people(directory, "id,role,components,phone\n2,internal,ledger-db,+4930901820\n")

    assert counts(report) == (0, 1, 0, 0)
    assert [way for key, way, _ in rows(directory, ADDRESSES) if key == "2"] == ["email", "sms"]
