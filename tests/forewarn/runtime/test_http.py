"""What the door and the desk share: refusals in one shape, bodies capped, tokens in front."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated, Any

import psycopg
import pytest
import urllib3
from fastapi import Depends, FastAPI, Request
from prometheus_client import REGISTRY
from psycopg.rows import dict_row

from forewarn.access import READERS, Bearer, TokenRole
from forewarn.runtime.http import Server, capped_body, guard, new_app
from forewarn.runtime.postgres import Database
from forewarn.runtime.tokens import issue

CAP = 1000


def an_app(database: Database) -> FastAPI:
    app = new_app("tested", "Tested")
    reader = Depends(guard(database)(READERS))

    @app.post("/length")
    async def length(request: Request) -> int:
        return len(await capped_body(request, CAP))

    @app.get("/whoami")
    def whoami(bearer: Annotated[Bearer, reader]) -> str:
        return bearer.name

    @app.get("/number/{number}")
    def number(number: int) -> int:
        return number

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError

    return app


@contextmanager
def serving(url: str) -> Iterator[str]:
    """Where an app over this database answers."""
    with closing(Database(url, "forewarn_planner", "sandbox", 2)) as database:
        database._pool.timeout = 1
        database.open()
        server = Server(an_app(database), "127.0.0.1", 0)
        server.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.stop()


@pytest.fixture
def base(database: str) -> Iterator[str]:
    with serving(database) as base:
        yield base


def ask(method: str, url: str, **more: Any) -> urllib3.BaseHTTPResponse:
    return urllib3.request(method, url, timeout=5, retries=False, **more)


def test_a_body_up_to_the_cap_is_taken_whole(base: str) -> None:
    assert ask("POST", f"{base}/length", body=b"x" * CAP).json() == CAP


def test_a_body_that_says_it_passes_the_cap_is_413(base: str) -> None:
    answer = ask("POST", f"{base}/length", body=b"x" * (CAP + 1))

    assert answer.status == 413
    assert "1001 bytes" in answer.json()["reason"]


def test_a_body_in_chunks_that_passes_the_cap_is_413(base: str) -> None:
    answer = ask("POST", f"{base}/length", body=(b"x" * 100 for _ in range(11)))

    assert answer.status == 413
    assert "more than 1000 bytes" in answer.json()["reason"]


def test_a_known_token_of_the_right_role_passes_and_no_other(base: str, database: str) -> None:
    with psycopg.connect(database, row_factory=dict_row) as connection:
        tokens = {role: issue(connection, role, role, "people") for role in (TokenRole.READER, TokenRole.SOURCE)}

    def status(authorization: str | None) -> tuple[int, Any]:
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = ask("GET", f"{base}/whoami", headers=headers)
        return answer.status, answer.json()

    assert status(f"Bearer {tokens[TokenRole.READER]}") == (200, "reader")
    assert status(f"bearer  {tokens[TokenRole.READER]} ") == (200, "reader")
    assert status(f"Bearer {tokens[TokenRole.SOURCE]}")[0] == 403
    for wrong in (None, "", "Bearer", "Bearer fw_guessed", f"Basic {tokens[TokenRole.READER]}"):
        code, body = status(wrong)
        assert code == 401 and body.keys() == {"reason"}


@pytest.mark.slow
def test_while_the_database_is_away_the_answer_is_503_and_json() -> None:
    with serving("postgresql://forewarn@127.0.0.1:1/forewarn") as base:
        answer = ask("GET", f"{base}/whoami", headers={"Authorization": "Bearer fw_x"})

    assert answer.status == 503
    assert answer.json() == {"reason": "the database is away; try again in a moment"}


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/number/seven", 422), ("/length", 405)])
def test_every_refusal_has_one_shape(base: str, path: str, status: int) -> None:
    answer = ask("GET", f"{base}{path}")

    assert answer.status == status
    assert answer.json().keys() == {"reason"}


def test_a_fault_of_ours_is_answered_in_that_shape_and_counted(base: str) -> None:
    labels = {"server": "tested", "method": "GET", "status": "500"}
    before = REGISTRY.get_sample_value("forewarn_http_answers_total", labels) or 0

    answer = ask("GET", f"{base}/broken")

    assert REGISTRY.get_sample_value("forewarn_http_answers_total", labels) == before + 1
    assert (answer.status, answer.json().keys()) == (500, {"reason"})


def test_a_server_that_was_stopped_is_not_running(database: str) -> None:
    with closing(Database(database, "forewarn_planner", "sandbox", 2)) as pool:
        server = Server(an_app(pool), "127.0.0.1", 0)
        server.start()
        running = server.running
        server.stop()

    assert running and not server.running
