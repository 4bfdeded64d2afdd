import secrets
from collections.abc import Iterator

import psycopg
import pytest

from forewarn.runtime.migrate import migrate

BASE = "postgresql://forewarn@127.0.0.1:54991/"


@pytest.fixture
def database() -> Iterator[str]:
    name = "t" + secrets.token_hex(6)
    with psycopg.connect(BASE + "postgres", autocommit=True) as c:
        if not c.execute("select from pg_database where datname='dirtpl'").rowcount:
            c.execute("create database dirtpl")
            migrate(BASE + "dirtpl")
        c.execute(f"create database {name} template dirtpl")
    yield BASE + name
    with psycopg.connect(BASE + "postgres", autocommit=True) as c:
        c.execute(f"drop database {name} with (force)")
