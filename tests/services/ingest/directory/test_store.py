"""Importing people into a real database."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from services.ingest.directory.people import Format

from .given import (
    STAKES,
    as_ingest,
    catalog,
    counts,
    faults,
    people,
    rows,
)

PEOPLE = """id,role,accounts,teams,name,email,phone,zone,consents,quiet_from,quiet_to
crm-1,customer,nordwind;kranich,,Ada,ada@nordwind.example,+4930901820,Europe/Berlin,sms,22:00,07:00
crm-2,support,,,Bo,bo@acme.example,,,,,
,owner,,payments-team,Cy,Cy@Acme.example,,Asia/Tokyo,,,
"""


TABLES = ("zone", "subscriber", "address", "stake", "suppression")


@pytest.fixture
def directory(database: str) -> Iterator[psycopg.Connection[Any]]:
    with as_ingest(database) as connection:
        catalog(connection)
        yield connection


Directory = psycopg.Connection[Any]


def test_importing_again_changes_nothing(directory: Directory) -> None:
    first = people(directory, PEOPLE)
    before = [rows(directory, f"select t.*, xmin::text from {table} t order by t") for table in TABLES]

    again = people(directory, PEOPLE)

    assert (counts(first), counts(again)) == ((3, 0, 0, 0), (0, 0, 3, 0))
    assert [rows(directory, f"select t.*, xmin::text from {table} t order by t") for table in TABLES] == before


def test_every_role_gets_the_stakes_that_it_names(directory: Directory) -> None:
    people(directory, PEOPLE + ",internal,kranich,,,d@acme.example,,,,,\n,executive,,,,e@acme.example,,,,,\n")
    people(directory, "id,role,components,accounts\ncrm-2,internal,ledger-db,nordwind\n")

    assert rows(directory, STAKES) == [
        ("crm-1", "customer", "kranich", None, None),
        ("crm-1", "customer", "nordwind", None, None),
        ("crm-2", "internal", "nordwind", None, None),
        ("crm-2", "internal", None, "ledger-db", None),
        ("crm-2", "support", None, None, None),
        ("cy@acme.example", "owner", None, None, "payments-team"),
        ("d@acme.example", "internal", "kranich", None, None),
        ("e@acme.example", "executive", None, None, None),
    ]


def test_a_second_role_is_another_stake_of_the_same_subscriber(directory: Directory) -> None:
    header = "id,role,accounts,name,zone\n"
    first = people(directory, header + "crm-1,customer,nordwind,Ada,Asia/Tokyo\n")
    outside = rows(directory, "select inside from subscriber")

    second = people(directory, header + "crm-1,support,,Ada L.,\ncrm-1,admin,kranich,,\ncrm-1,admin,kranich,,\n")

    assert (counts(first), counts(second)) == ((1, 0, 0, 0), (0, 1, 0, 0))
    assert [role for _, role, *_ in rows(directory, STAKES)] == ["admin", "customer", "support"]
    assert outside == [(False,)]
    kept = "select s.name, inside, z.name, length(token) from subscriber s join zone z on z.id = zone_id"
    assert rows(directory, kept) == [("Ada L.", True, "Asia/Tokyo", 22)]


def test_a_later_row_wins_and_an_empty_cell_says_nothing(directory: Directory) -> None:
    header = "id,role,name,email,locale,consents,quiet_from,quiet_to\n"
    people(
        directory,
        header + "1,support,A,a@x.example,de,email,22:00,06:00\n1,support,B,,,,,\n1,executive,,b@x.example,,,,\n",
    )

    assert rows(directory, "select name, locale from subscriber") == [("B", "de")]
    told = "select address, consent, quiet_from::text from address"
    assert rows(directory, told) == [("b@x.example", True, "22:00:00")]

    people(directory, header + "1,support,,,en,none,,\n")

    assert rows(directory, "select name, locale from subscriber") == [("B", "en")]
    assert rows(directory, told) == [("b@x.example", False, "22:00:00")]


def test_an_unknown_account_or_component_is_a_fault_and_nothing_of_its_line_is_taken(directory: Directory) -> None:
    report = people(
        directory, "id,role,accounts,components\n1,customer,nordwind;nobody,\n2,support,,x\n3,support,boss,x\n"
    )

    assert counts(report) == (0, 0, 0, 3)
    assert faults(report) == [
        (2, "account nobody is not in the catalog"),
        (3, "component x is not in the catalog"),
        (4, "account boss is not in the catalog; component x is not in the catalog"),
    ]
    assert rows(directory, "select from subscriber") == []


def test_an_import_never_takes_an_unsubscribe_back(directory: Directory) -> None:
    header = "id,role,accounts,email,unsubscribed\n"
    people(directory, header + "1,customer,nordwind,a@x.example,email\n2,customer,nordwind,b@x.example,\n")
    directory.execute(
        "insert into suppression (subscriber_id, channel, reason) select id, 'email', 'bounced' "
        "from subscriber where key = '2'"
    )

    people(directory, header + "1,customer,nordwind,new@x.example,\n")
    report = people(directory, header + "2,customer,nobody,b@x.example,email\n")

    assert faults(report) == [(2, "account nobody is not in the catalog")]
    suppressed = "select key, channel, reason from suppression join subscriber on id = subscriber_id order by 1"
    assert rows(directory, suppressed) == [("1", "email", "unsubscribed"), ("2", "email", "unsubscribed")]


def test_faults_of_reading_and_of_the_record_come_in_order_and_at_most_a_thousand(directory: Directory) -> None:
    lines = "".join(f"{n},customer,nobody\n{n},boss,\n" for n in range(700))

    report = people(directory, "id,role,accounts\n" + lines)

    assert (report.read, report.faulty, len(report.faults)) == (1400, 1400, 1000)
    assert [line for line, _ in faults(report)] == list(range(2, 1002))


def test_json_lines_are_imported_like_csv(directory: Directory) -> None:
    report = people(directory, '{"id": "1", "role": "customer", "accounts": ["nordwind"]}\n', Format.JSONL)

    assert counts(report) == (1, 0, 0, 0)


def test_a_field_whose_name_no_record_can_hold_is_a_faulty_line_and_not_the_end(directory: Directory) -> None:
    odd = '{"role": "support", "email": "a@x.example", "x\\u0000\\t\\\\y": 1}\n'

    report = people(directory, odd + '{"role": "support", "email": "b@x.example"}\n', Format.JSONL)

    assert counts(report) == (1, 0, 0, 1)
    assert faults(report) == [(1, "x \\y: Extra inputs are not permitted")]


def test_an_import_that_breaks_off_leaves_nothing_behind(directory: Directory) -> None:
    with pytest.raises(psycopg.errors.RaiseException), directory.transaction():
        people(directory, PEOPLE)
        directory.execute("do $$ begin raise 'broken off'; end $$")

    assert counts(people(directory, PEOPLE)) == (3, 0, 0, 0)
