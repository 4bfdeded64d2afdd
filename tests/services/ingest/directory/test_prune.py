"""Removing whom the file does not name; and what a dry run leaves behind."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from .browser import ask
from .given import ADDRESSES, STAKES, as_ingest, catalog, counts, people, refused, rows
from .test_store import TABLES
from .test_unsubscribe import an_app

Directory = psycopg.Connection[Any]
HEADER = "id,role,accounts,email,unsubscribed\n"
ADA, BO, CY = "1,customer,nordwind,a@x.example,\n", "2,support,,b@x.example,\n", "3,support,,c@x.example,\n"
SUPPRESSED = (
    "select s.key, x.channel, x.reason from suppression x join subscriber s on s.id = x.subscriber_id order by 1"
)


@pytest.fixture
def directory(database: str) -> Iterator[Directory]:
    with as_ingest(database) as connection:
        catalog(connection)
        people(connection, HEADER + ADA + BO + CY)
        yield connection


def everything(directory: Directory) -> list[Any]:
    tables = (*TABLES, "departed", "suppression_kept")
    kept = [rows(directory, f"select t.*, xmin::text from {table} t order by t") for table in tables]
    return [*kept, rows(directory, "select last_value from subscriber_id_seq")]


def keys(directory: Directory) -> list[str]:
    return [key for (key,) in rows(directory, "select key from subscriber order by key")]


def test_whoever_is_not_named_goes_with_all_that_hangs_on_them(directory: Directory) -> None:
    report = people(directory, HEADER + BO, prune=True)

    assert (report.removed, counts(report)) == (2, (0, 0, 1, 0))
    assert [key for key, *_ in rows(directory, STAKES)] == ["2"]
    assert rows(directory, ADDRESSES) == [("2", "email", "b@x.example")]


def test_without_a_prune_nobody_goes(directory: Directory) -> None:
    report = people(directory, HEADER + BO)

    assert (report.removed, keys(directory)) == (0, ["1", "2", "3"])


def test_whoever_is_on_a_faulty_line_stays(directory: Directory) -> None:
    report = people(directory, HEADER + "1,boss,,,\n2,customer,nobody,,\n", prune=True)

    assert (report.removed, report.faulty, keys(directory)) == (1, 2, ["1", "2"])


@pytest.mark.parametrize("line", ['1,support,,"open', "1,support", ",boss,,,", ",boss,,no address,", "\x00"])
def test_a_line_of_which_nobody_knows_whose_it_is_stops_the_prune(directory: Directory, line: str) -> None:
    before = keys(directory)

    reason = refused(directory, HEADER + "2,support,,new@x.example,\n" + line + "\n", prune=True)

    assert reason.startswith("1 line could not be read (line 3: ")
    assert reason.endswith("mend them, or import without --prune")
    assert (keys(directory), rows(directory, ADDRESSES)[1][2]) == (before, "b@x.example")


def test_a_file_that_names_nobody_prunes_nobody(directory: Directory) -> None:
    reason = refused(directory, HEADER, prune=True)

    assert reason == "the file names nobody and nothing: a prune would remove everything"
    assert keys(directory) == ["1", "2", "3"]


def test_an_unsubscribe_outlives_its_person(directory: Directory) -> None:
    people(directory, HEADER + "1,customer,nordwind,,email\n")
    people(directory, HEADER + BO + CY, prune=True)
    gone = rows(directory, SUPPRESSED)

    people(directory, HEADER + ADA)

    assert gone == []
    assert rows(directory, SUPPRESSED) == [("1", "email", "unsubscribed")]


@pytest.mark.parametrize(
    "line", ["9,support,,a@x.example,\n", "1,support,,other@x.example,\n", "2,support,,a@x.example,\n"]
)
def test_it_holds_for_the_address_under_another_id_and_for_the_id_with_another_address(
    directory: Directory, line: str
) -> None:
    people(directory, HEADER + "1,customer,nordwind,,email\n")
    people(directory, HEADER + BO + CY, prune=True)

    people(directory, HEADER + line)

    assert rows(directory, SUPPRESSED) == [(line[0], "email", "unsubscribed")]


def test_a_bounce_is_of_an_address_and_not_kept_for_another(directory: Directory) -> None:
    directory.execute("insert into suppression select id, 'email', 'bounced' from subscriber where key = '1'")
    people(directory, HEADER + BO + CY, prune=True)

    people(directory, HEADER + "1,support,,mended@x.example,\n9,support,,a@x.example,\n")

    assert rows(directory, SUPPRESSED) == [("9", "email", "bounced")]


def test_nothing_that_names_a_person_is_kept_of_whoever_is_gone(directory: Directory) -> None:
    people(directory, HEADER + "1,customer,nordwind,,email\n")
    people(directory, HEADER + BO + CY, prune=True)

    left = str(rows(directory, "select d.*, k.* from departed d cross join suppression_kept k"))

    assert left != "[]"
    assert "a@x.example" not in left and "crm" not in left


def test_an_open_batch_still_finds_the_unsubscribe_of_whoever_is_gone(directory: Directory) -> None:
    people(directory, HEADER + "1,customer,nordwind,,email\n")
    numbers = rows(directory, "select id, 'email', 'unsubscribed' from subscriber where key = '1'")

    people(directory, HEADER + BO + CY, prune=True)

    assert rows(directory, "select subscriber_id, channel, reason from suppression") == numbers


def test_the_link_in_an_old_mail_works_while_its_reader_is_gone_and_after_they_are_back(
    directory: Directory, database: str
) -> None:
    app = an_app(database)
    ((link,),) = rows(directory, "select token from subscriber where key = '1'")
    people(directory, HEADER + BO + CY, prune=True)

    ask(app, "POST", f"/u/{link}")
    people(directory, HEADER + ADA)

    assert rows(directory, SUPPRESSED) == [("1", "email", "unsubscribed")]
    assert rows(directory, "select token from subscriber where key = '1'") == [(link,)]
    assert rows(directory, "select from departed") == []


def test_a_new_id_may_take_the_address_of_whoever_goes(directory: Directory) -> None:
    report = people(directory, HEADER + ADA + BO + "33,support,,c@x.example,\n", prune=True)

    assert (report.removed, counts(report)) == (1, (1, 0, 2, 0))


@pytest.mark.parametrize("prune", [False, True])
def test_a_dry_run_says_what_would_be_and_writes_nothing(directory: Directory, prune: bool) -> None:
    file = HEADER + "2,support,,new@x.example,\n4,support,,d@x.example,email\n5,boss,,,\n" + CY
    before = everything(directory)

    dry = people(directory, file, dry_run=True, prune=prune)

    assert everything(directory) == before
    assert (counts(dry), dry.removed) == ((1, 1, 1, 1), int(prune))
    assert people(directory, file, prune=prune) == dry


def test_a_pruned_catalog_takes_uses_and_stakes_along(directory: Directory) -> None:
    account = "{apiVersion: forewarn/v1, kind: Account, metadata: {name: kranich}, spec: {country: nowhere}}"
    component = "{kind: Component, metadata: {name: card-payments}}"

    report = catalog(directory, f"{component}\n---\n{account}\n", prune=True)

    assert (report.removed, counts(report)) == (2, (0, 1, 0, 1))  # ledger-db and nordwind; kranich is only faulty
    assert rows(directory, "select key from account union all select key from component order by 1") == [
        ("card-payments",), ("kranich",)
    ]  # fmt: skip
    assert [key for key, *_ in rows(directory, STAKES)] == ["2", "3"]
    assert len(keys(directory)) == 3


@pytest.mark.parametrize("target", ["kranich,", ",ledger-db"])
def test_whoever_loses_their_last_inside_stake_with_the_catalog_reads_no_more_inside(
    directory: Directory, target: str
) -> None:
    role = "account_team" if target == "kranich," else "internal"
    people(directory, f"id,role,accounts,components\n1,{role},{target}\n4,{role},{target}\n4,support,,card-payments\n")
    kept = "{kind: Component, metadata: {name: card-payments}}\n---\n{kind: Account, metadata: {name: nordwind}}\n"

    catalog(directory, kept, prune=True)

    sides = rows(directory, "select key, inside from subscriber where key in ('1', '2', '4') order by 1")
    assert sides == [("1", False), ("2", True), ("4", True)]


def test_a_stake_or_an_address_of_nobody_is_refused_by_the_database(directory: Directory) -> None:
    for sql in (
        "insert into stake (subscriber_id, role) values (4711, 'support')",
        "insert into stake (subscriber_id, role, account_id) select id, 'support', 4711 from subscriber",
        "update stake set component_id = 4711, account_id = null",
        "insert into address (subscriber_id, channel, address) values (4711, 'email', 'x@x.example')",
        "update address set subscriber_id = subscriber_id + 4711",
        "update subscriber set zone_id = 4711",
    ):
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            directory.execute(sql)
