"""The way out of email."""

import re

import pytest
from fastapi import FastAPI

from forewarn.runtime.http import new_app
from services.ingest.directory.unsubscribe import unsubscribe_routes

from .browser import Page, ask
from .given import as_ingest, people, rows

SUPPRESSED = "select s.key, channel, reason, at::text from suppression join subscriber s on s.id = subscriber_id"
ONE_CLICK = [b"List-Unsubscribe=One-Click"]


def an_app(database: str) -> FastAPI:
    app = new_app("door", "Unsubscribe")
    app.include_router(unsubscribe_routes(lambda: as_ingest(database, autocommit=False), "Acme <&> Co"))
    return app


@pytest.fixture
def app(database: str) -> FastAPI:
    return an_app(database)


@pytest.fixture
def token(database: str) -> str:
    with as_ingest(database) as directory:
        people(directory, "id,role,email\ncrm-1,support,a@x.example\n")
        return str(rows(directory, "select token from subscriber")[0][0])


def suppressed(database: str) -> list[tuple[str, ...]]:
    with as_ingest(database) as directory:
        return rows(directory, SUPPRESSED)


def without_nonce(page: Page) -> str:
    return re.sub(r'nonce="[^"]+"', "", page.text)


def test_looking_at_the_page_does_nothing(app: FastAPI, database: str, token: str) -> None:
    page = ask(app, "GET", f"/u/{token}")

    assert page.status == 200 and '<form method="post">' in page.text
    assert "Acme &lt;&amp;&gt; Co" in page.text
    assert suppressed(database) == []


def test_one_click_unsubscribes_and_a_second_changes_nothing(app: FastAPI, database: str, token: str) -> None:
    first = ask(app, "POST", f"/u/{token}", ONE_CLICK)
    then = suppressed(database)

    second = ask(app, "POST", f"/u/{token}", ONE_CLICK)

    assert first.status == second.status == 200
    assert [row[:3] for row in then] == [("crm-1", "email", "unsubscribed")]
    assert suppressed(database) == then


def test_an_unsubscribe_outlives_a_bounce(app: FastAPI, database: str, token: str) -> None:
    with as_ingest(database) as directory:
        directory.execute("insert into suppression select id, 'email', 'bounced' from subscriber")

    ask(app, "POST", f"/u/{token}", ONE_CLICK)

    assert [row[:3] for row in suppressed(database)] == [("crm-1", "email", "unsubscribed")]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_strange_token_reads_the_same_page(app: FastAPI, database: str, token: str, method: str) -> None:
    known = ask(app, method, f"/u/{token}")

    for stranger in ("A" * 22, "x", "\x00", "ö" * 22, "'; drop table subscriber"):
        unknown = ask(app, method, f"/u/{stranger}")
        assert (unknown.status, without_nonce(unknown)) == (known.status, without_nonce(known))
    assert len(suppressed(database)) == (method == "POST")


def test_the_page_is_not_indexed_cached_or_passed_on_and_sets_no_cookie(app: FastAPI, token: str) -> None:
    for method in ("GET", "POST"):
        headers = ask(app, method, f"/u/{token}").headers

        assert headers["x-robots-tag"] == "noindex, nofollow" and headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert not {"set-cookie", "location"} & headers.keys()


def test_the_page_speaks_the_browsers_language(app: FastAPI, token: str) -> None:
    german = ask(app, "GET", f"/u/{token}", accept_language="fr;q=0.9, de-AT")

    assert 'lang="de"' in german.text and "Abmelden" in german.text
    assert 'lang="en"' in ask(app, "GET", f"/u/{token}", accept_language="fr").text
