"""Laws of handing out a webhook's secrets."""

from collections.abc import Callable

import orjson
import pytest
from fastapi import FastAPI

from forewarn.access import Bearer, TokenRole
from forewarn.runtime.http import new_app
from forewarn.signing import secrets_of, written
from services.ingest.directory.webhook_secret import webhook_secret_routes

from .browser import Page, ask
from .given import as_ingest, people, rows

PEOPLE = """id,role,email,webhook
crm/101,support,,https://hooks.acme.example/In
,support,dana@acme.example,https://hooks.acme.example/dana
crm-102,support,kim@acme.example,
"""
NEW, OLD = "n" * 32, "o" * 32
asked: list[frozenset[TokenRole]] = []


def require(roles: frozenset[TokenRole]) -> Callable[..., Bearer]:
    asked.append(roles)
    return lambda: Bearer("ops", TokenRole.OPERATOR, "ops")


@pytest.fixture
def directory(database: str) -> str:
    with as_ingest(database) as connection:
        people(connection, PEOPLE)
    return database


def said(directory: str, person: str, *keys: str) -> Page:
    app: FastAPI = new_app("door", "Directory")
    app.include_router(webhook_secret_routes(lambda: as_ingest(directory, autocommit=False), require, keys))
    return ask(app, "GET", f"/v1/directory/people/{person}/webhook-secret")


def test_an_operator_gets_the_secret_of_each_key_newest_first_and_nobody_else_does(directory: str) -> None:
    page = said(directory, "crm/101", NEW, OLD)

    with as_ingest(directory) as connection:
        ((token,),) = rows(connection, "select token from subscriber where key = 'crm/101'")
    assert orjson.loads(page.text) == {
        "id": "crm/101",
        "url": "https://hooks.acme.example/In",
        "secrets": [written(secret) for secret in secrets_of([NEW, OLD], token)],
    }
    assert page.headers["cache-control"] == "no-store"
    assert asked[-1] == {TokenRole.OPERATOR}


def test_whoever_has_no_id_is_asked_for_by_the_email_in_any_case(directory: str) -> None:
    page = said(directory, "Dana@Acme.Example", NEW)

    assert orjson.loads(page.text)["url"] == "https://hooks.acme.example/dana"


def test_an_import_changes_no_secret(directory: str) -> None:
    before = said(directory, "crm/101", NEW).text
    with as_ingest(directory) as connection:
        people(connection, PEOPLE.replace("/In", "/Moved"))

    after = said(directory, "crm/101", NEW).text

    assert orjson.loads(after)["url"] == "https://hooks.acme.example/Moved"
    assert orjson.loads(after)["secrets"] == orjson.loads(before)["secrets"]


@pytest.mark.parametrize(
    ("person", "keys", "status", "reason"),
    [
        ("crm-7", (NEW,), 404, "the directory has nobody with the id crm-7"),
        ("crm-102", (NEW,), 409, "crm-102 has no webhook in the directory; import one first"),
        ("crm/101", (), 409, "ingest has no webhook keys: set FOREWARN_WEBHOOK_KEYS as dispatch of webhooks has it"),
    ],
)
def test_what_is_missing_is_said(directory: str, person: str, keys: tuple[str, ...], status: int, reason: str) -> None:
    page = said(directory, person, *keys)

    assert (page.status, orjson.loads(page.text)) == (status, {"reason": reason})
