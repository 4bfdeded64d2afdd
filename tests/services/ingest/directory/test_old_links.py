"""An unsubscribe is never lost: by an old link, under a new id, and while an import is being applied."""

from collections.abc import Iterator
from threading import Thread
from time import monotonic
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI

from services.ingest.directory.people import Format
from services.ingest.directory.unsubscribe import UNSUBSCRIBE

from .browser import ask
from .given import as_ingest, people, rows
from .test_unsubscribe import an_app

Directory = psycopg.Connection[Any]
HEADER = "id,role,accounts,email,unsubscribed\n"
ADA, BO = "1,support,,a@x.example,\n", "2,support,,b@x.example,\n"
SUPPRESSED = "select s.key, x.channel, x.reason from suppression x join subscriber s on s.id = x.subscriber_id"
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"

PATIENCE_SECONDS = 10


@pytest.fixture
def directory(database: str) -> Iterator[Directory]:
    with as_ingest(database) as connection:
        people(connection, HEADER + ADA + BO)
        yield connection


@pytest.fixture
def app(database: str) -> FastAPI:
    return an_app(database)


def link(directory: Directory) -> str:
    """The path in Ada's mails."""
    ((token,),) = rows(directory, "select token from subscriber where key = '1'")
    return f"/u/{token}"


def waits(database: str, thread: Thread) -> bool:
    """Start it; whether it waits for a lock, or came to its end."""
    thread.start()
    until = monotonic() + PATIENCE_SECONDS
    with psycopg.connect(database, autocommit=True) as watching:
        while thread.is_alive() and rows(watching, WAITING) == [(0,)]:
            assert monotonic() < until
            thread.join(0.02)
    return thread.is_alive()


def clicked_while(database: str, app: FastAPI, path: str, text: str, **how: bool) -> bool:
    """Whether a click had to wait for the commit of an import that had all its steps behind it."""
    click = Thread(target=ask, args=(app, "POST", path), daemon=True)
    with as_ingest(database) as importing, importing.transaction():
        people(importing, text, Format.CSV, **how)
        waited = waits(database, click)
    click.join()
    return waited


def test_an_old_link_stops_mail_to_the_same_address_under_a_new_id(directory: Directory, app: FastAPI) -> None:
    old = link(directory)
    people(directory, HEADER + BO + "crm-1,support,,a@x.example,\n", prune=True)

    ask(app, "POST", old)

    assert rows(directory, SUPPRESSED) == [("crm-1", "email", "unsubscribed")]


def test_it_stops_mail_to_whoever_held_the_address_at_the_click_and_whoever_gets_it_later(
    directory: Directory, app: FastAPI
) -> None:
    old = link(directory)
    people(directory, HEADER + "2,support,,a@x.example,\n", prune=True)
    ask(app, "POST", old)

    people(directory, HEADER + "2,support,,b@x.example,\n3,support,,a@x.example,\n")

    assert {key for key, *_ in rows(directory, SUPPRESSED)} == {"2", "3"}


def test_an_import_asks_again_for_addresses_that_stay(directory: Directory) -> None:
    directory.execute(
        "insert into suppression_kept (hash, channel, reason) values "
        "(forewarn_hash('email', 'a@x.example'), 'email', 'unsubscribed'), "
        "(forewarn_hash('email', 'b@x.example'), 'email', 'bounced')"  # a bounce may have been forgiven since
    )

    people(directory, HEADER + ADA + BO)

    assert rows(directory, SUPPRESSED) == [("1", "email", "unsubscribed")]


def test_a_faulty_line_of_somebody_who_is_gone_still_says_what_they_do_not_want(directory: Directory) -> None:
    people(directory, HEADER + BO, prune=True)
    people(directory, HEADER + "1,customer,nobody,,email\n9,customer,nobody,,email\n")

    people(directory, HEADER + ADA + "9,support,,c@x.example,\n")

    assert rows(directory, SUPPRESSED) == [("1", "email", "unsubscribed")]  # of a stranger nothing is kept


def test_a_click_while_its_reader_is_pruned_holds_when_they_come_back(
    directory: Directory, database: str, app: FastAPI
) -> None:
    path = link(directory)

    waited = clicked_while(database, app, path, HEADER + BO, prune=True)
    people(directory, HEADER + ADA)

    assert waited
    assert rows(directory, SUPPRESSED) == [("1", "email", "unsubscribed")]


@pytest.mark.parametrize("back", [ADA, "9,support,,a@x.example,\n"])
def test_a_click_while_its_reader_or_address_comes_back_holds(
    directory: Directory, database: str, app: FastAPI, back: str
) -> None:
    path = link(directory)
    people(directory, HEADER + BO, prune=True)

    waited = clicked_while(database, app, path, HEADER + BO + back)

    assert waited
    assert rows(directory, SUPPRESSED) == [(back[0], "email", "unsubscribed")]


def test_a_prune_waits_for_a_click_under_way(directory: Directory, database: str) -> None:
    path = link(directory)
    pruned = Thread(target=lambda: _pruned(database, HEADER + BO), daemon=True)
    with as_ingest(database) as clicking, clicking.transaction():
        clicking.execute(UNSUBSCRIBE, {"token": path.removeprefix("/u/"), "channel": "email"})
        waited = waits(database, pruned)
    pruned.join()

    people(directory, HEADER + ADA)

    assert waited and path == link(directory)
    assert rows(directory, SUPPRESSED) == [("1", "email", "unsubscribed")]


def test_whoever_stays_and_whoever_never_was_do_not_wait_for_an_import(
    directory: Directory, database: str, app: FastAPI
) -> None:
    path = link(directory)

    for each in (path, "/u/" + "A" * 22):
        assert not clicked_while(database, app, each, HEADER + ADA, prune=True)

    assert rows(directory, SUPPRESSED) == [("1", "email", "unsubscribed")]


def _pruned(database: str, text: str) -> None:
    with as_ingest(database) as connection:
        people(connection, text, prune=True)
