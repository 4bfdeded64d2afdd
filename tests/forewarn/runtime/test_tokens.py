"""A token is shown once, kept as a hash, refused once revoked."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import dict_row

from forewarn.access import Bearer, TokenRole
from forewarn.runtime.postgres import Connection
from forewarn.runtime.tokens import bearer_of, issue


@pytest.fixture
def record(database: str) -> Iterator[Connection]:
    with psycopg.connect(database, row_factory=dict_row) as connection:
        yield connection


def test_a_token_names_its_bearer(record: Connection) -> None:
    token = issue(record, "dana", TokenRole.COMMUNICATOR, "people")

    assert bearer_of(record, token) == Bearer("dana", TokenRole.COMMUNICATOR, "people")


def test_the_record_does_not_hold_the_token(record: Connection) -> None:
    token = issue(record, "dana", TokenRole.COMMUNICATOR, "people")

    row = record.execute("select t::text as all, encode(hash, 'escape') as hash from token t").fetchone()

    assert row is not None
    assert token not in str(row) and token.removeprefix("fw_") not in str(row)
    assert bearer_of(record, str(row["hash"])) is None


def test_no_two_tokens_are_alike(record: Connection) -> None:
    tokens = {issue(record, f"name-{n}", TokenRole.READER, "people") for n in range(50)}

    assert len(tokens) == 50
    assert all(len(token) == 3 + 43 and token.startswith("fw_") for token in tokens)


def test_a_revoked_token_is_refused(record: Connection) -> None:
    token = issue(record, "dana", TokenRole.COMMUNICATOR, "people")
    record.execute("update token set revoked_at = clock_timestamp() where name = 'dana'")

    assert bearer_of(record, token) is None


def test_a_new_token_of_the_same_name_takes_the_old_one_s_place(record: Connection) -> None:
    old = issue(record, "dana", TokenRole.COMMUNICATOR, "people")
    record.execute("update token set revoked_at = clock_timestamp()")

    new = issue(record, "dana", TokenRole.OPERATOR, "people")

    assert bearer_of(record, old) is None
    assert bearer_of(record, new) == Bearer("dana", TokenRole.OPERATOR, "people")


@pytest.mark.parametrize("unknown", ["", "fw_", "fw_guessed", "é" * 40])
def test_an_unknown_token_is_nobody_s(record: Connection, unknown: str) -> None:
    assert bearer_of(record, unknown) is None
