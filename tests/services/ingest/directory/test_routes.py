"""Importing over HTTP."""

from collections.abc import Callable
from typing import NoReturn

import pytest
from fastapi import FastAPI

from forewarn.access import Bearer, TokenRole
from forewarn.contracts.api import Fault, ImportNews, ImportReport, Refusal
from forewarn.runtime.http import new_app
from services.ingest.directory.routes import Connect, directory_routes

from .browser import ask
from .given import CATALOG, as_ingest, rows

CATALOG_PATH, PEOPLE_PATH = "/v1/directory/catalog", "/v1/directory/people"


def an_app(connect: Connect) -> FastAPI:
    app = new_app("door", "Directory")
    app.include_router(directory_routes(connect, require))
    return app


@pytest.fixture
def app(database: str) -> FastAPI:
    return an_app(lambda: as_ingest(database, autocommit=False))


def no_database() -> NoReturn:
    raise AssertionError("nothing here needs a connection")


asked: list[frozenset[TokenRole]] = []


def require(roles: frozenset[TokenRole]) -> Callable[..., Bearer]:
    asked.append(roles)
    return lambda: Bearer("ops", TokenRole.OPERATOR, "ops")


def test_only_operators_import() -> None:
    an_app(no_database)

    assert asked[-1] == {TokenRole.OPERATOR}


def test_bodies_are_taken_in_pieces_and_reported_on(app: FastAPI, database: str) -> None:
    catalog = ask(app, "PUT", CATALOG_PATH, [CATALOG.encode()])
    body = b"id,role,name\n" + b"".join(b"%d,support,%s\n" % (n, b"x" * 150) for n in range(9000)) + b"x,boss,\n"
    people = ask(app, "PUT", PEOPLE_PATH, [body[at : at + 60_001] for at in range(0, len(body), 60_001)])

    assert ImportReport.model_validate_json(catalog.text).added == 4
    assert people.status == 200
    report = ImportReport.model_validate_json(people.text)
    assert (report.read, report.added, report.faulty) == (9001, 9000, 1)
    assert isinstance(report.faults[0], Fault) and report.faults[0].line == 9002
    with as_ingest(database) as directory:
        assert rows(directory, "select count(*) from subscriber") == [(9000,)]


def test_json_lines_are_taken_when_asked_for(app: FastAPI) -> None:
    people = ask(app, "PUT", PEOPLE_PATH + "?format=jsonl", [b'{"id": "1", "role": "support"}'])

    assert ImportReport.model_validate_json(people.text).added == 1


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (CATALOG_PATH, b"", "nothing in it"),
        (CATALOG_PATH, b"\xff\xfe", "not UTF-8"),
        (PEOPLE_PATH, b"", "nothing in it"),
        (PEOPLE_PATH, b"id,role,colour\n", "'colour'; the columns are id, role, accounts"),
        (PEOPLE_PATH + "?format=jsonl", b"id,role\n", "format=csv"),
        (PEOPLE_PATH + "?format=xlsx", b"id,role\n", "format"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_with_the_reason(
    app: FastAPI, path: str, body: bytes, named: str
) -> None:
    answer = ask(an_app(no_database), "PUT", path, [body])

    assert answer.status == 422
    assert named in Refusal.model_validate_json(answer.text).reason


def test_whoever_asks_for_lines_hears_how_far_it_is_and_last_the_report(app: FastAPI) -> None:
    body = b"id,role,name\n" + b"".join(b"%d,support,%s\n" % (n, b"x" * 150) for n in range(9000))

    page = ask(app, "PUT", PEOPLE_PATH + "?dry_run=true", [body], accept="application/x-ndjson")

    *_, last = [ImportNews.model_validate_json(line) for line in page.text.splitlines()]
    assert page.headers["content-type"].startswith("application/x-ndjson")
    assert last.report is not None and (last.report.read, last.report.added) == (9000, 9000)


def test_a_refusal_is_a_line_for_whoever_asks_for_lines() -> None:
    page = ask(an_app(no_database), "PUT", PEOPLE_PATH, [b""], accept="application/x-ndjson")

    (news,) = [ImportNews.model_validate_json(line) for line in page.text.splitlines()]
    assert news.refused is not None and "nothing in it" in news.refused.reason


def test_pruning_and_dry_runs_are_asked_for_by_the_query(app: FastAPI, database: str) -> None:
    ask(app, "PUT", PEOPLE_PATH, [b"id,role\n1,support\n2,support\n"])

    reports = [
        ImportReport.model_validate_json(ask(app, "PUT", f"{PEOPLE_PATH}?{query}", [b"id,role\n1,support\n"]).text)
        for query in ("prune=true&dry_run=true", "prune=true", "prune=true")
    ]

    assert [report.removed for report in reports] == [1, 1, 0]
    with as_ingest(database) as directory:
        assert rows(directory, "select key from subscriber") == [("1",)]


def test_a_prune_that_cannot_be_sure_is_refused(app: FastAPI) -> None:
    answer = ask(app, "PUT", f"{PEOPLE_PATH}?prune=true", [b"id,role\n1,support,\n"])

    assert answer.status == 422
    assert Refusal.model_validate_json(answer.text).reason.endswith("mend them, or import without --prune")
