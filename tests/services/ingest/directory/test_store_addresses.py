"""Whose address is whose, when people are imported."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from .given import ADDRESSES, as_ingest, counts, faults, people, rows

Directory = psycopg.Connection[Any]
HEADER = "id,role,email,phone\n"


@pytest.fixture
def directory(database: str) -> Iterator[Directory]:
    with as_ingest(database) as connection:
        yield connection


def test_two_identities_cannot_share_an_address(directory: Directory) -> None:
    report = people(directory, HEADER + "1,support,a@x.example,\n2,support,A@X.example,\n1,executive,a@x.example,\n")
    again = people(directory, HEADER + "2,support,a@x.example,\n,support,a@x.example,\n")

    assert (counts(report), faults(report)) == ((1, 0, 0, 1), [(3, "email is already that of line 2")])
    assert faults(again) == [(line, "email is already that of subscriber 1") for line in (2, 3)]
    assert rows(directory, ADDRESSES) == [("1", "email", "a@x.example")]


def test_a_fault_does_not_repeat_an_address(directory: Directory) -> None:
    people(directory, HEADER + ",support,a@x.example,+4930901820\n")

    report = people(directory, HEADER + "1,support,,+4930901820\n")

    assert faults(report) == [(2, "phone is already that of a subscriber without an id")]


def test_two_people_may_swap_their_addresses(directory: Directory) -> None:
    people(directory, HEADER + "1,support,a@x.example,\n2,support,b@x.example,\n")

    report = people(directory, HEADER + "1,support,b@x.example,\n2,support,a@x.example,\n")

    assert counts(report) == (0, 2, 0, 0)
    assert rows(directory, ADDRESSES) == [("1", "email", "b@x.example"), ("2", "email", "a@x.example")]


def test_whoever_cannot_move_on_keeps_the_address(directory: Directory) -> None:
    people(directory, HEADER + "1,support,a@x.example,\n2,support,b@x.example,\n3,support,c@x.example,\n")

    report = people(directory, HEADER + "1,support,b@x.example,\n2,support,c@x.example,\n4,support,a@x.example,\n")

    assert [line for line, _ in faults(report)] == [2, 3, 4]
    assert [key for key, *_ in rows(directory, ADDRESSES)] == ["1", "2", "3"]


def test_consent_was_given_for_an_address_and_ends_with_it(directory: Directory) -> None:
    header = "id,role,phone,consents\n"
    people(directory, header + "1,support,+4930901820,sms\n")

    people(directory, header + "1,support,+4930901821,\n")

    assert rows(directory, "select channel, address, consent from address") == [("sms", "+4930901821", False)]
