"""Real servers for all tests, started once and privately; a house of workers for those that need one."""

import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg.conninfo import make_conninfo

from forewarn.dev.house import furnished
from forewarn.dev.servers import Servers, private_servers
from forewarn.runtime.migrate import migrate
from tests.support.home import HASTE, POLICY, Home
from tests.support.pools import close_all
from tests.support.record import as_new, fresh_database

settings.register_profile("forewarn", deadline=None, max_examples=60)  # a busy machine is no fault of the code
settings.load_profile("forewarn")


GIVEN = ("FOREWARN_DATABASE_URL", "FOREWARN_RABBITMQ_URL", "FOREWARN_REDIS_URL")
OF_THE_SERVERS = Path(__file__).parent / "forewarn" / "dev" / "servers"


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: two processes, each with servers and a house of its own; one on servers that are given."""
    given = [name for name in GIVEN if os.environ.get(name)]
    if not given:
        return 2
    sys.stderr.write(f"One process only: what {' and '.join(given)} give is not shared.\n")
    return 0


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What uses servers stays in order with the rest of its module; all else goes wherever there is time.

    The house is started once for whatever runs in it, and so is the set of servers more that their own laws have.
    """
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "servers" in fixtures:
            together = item.path.parent if item.path.is_relative_to(OF_THE_SERVERS) else item.path
            item.add_marker(pytest.mark.xdist_group("house" if "shared_home" in fixtures else together.stem))


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL, RabbitMQ and Redis of this run's own."""

    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    with private_servers(tmp_path_factory.mktemp("servers"), say, durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def migrated(servers: Servers) -> str:
    """A migrated database that nobody connects to: the template of the fresh ones."""
    url = servers.urls.database
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute("drop database if exists forewarn_template")
        connection.execute("create database forewarn_template")
    template = url.rpartition("/")[0] + "/forewarn_template"
    migrate(template)
    return template


@pytest.fixture(scope="session")
def one_database(migrated: str) -> Iterator[str]:
    with fresh_database(migrated) as url:
        yield url
        close_all()


TURN = count()
"""Rows that were deleted go for good once in so many tests."""


@pytest.fixture
def database(one_database: str) -> str:
    """A migrated database of the test's own, as fresh as a new one: making one costs half a second, this a fraction."""
    as_new(one_database, whole=next(TURN) % 50 == 0)
    return one_database


@pytest.fixture(scope="session")
def shared_home(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    directory: Path = tmp_path_factory.mktemp("house")
    with furnished(servers, directory, lambda line: None, POLICY, settings=HASTE) as house:
        yield Home(house)
        for worker in house.workers.values():
            worker.kill()  # how they stop by themselves is a law of tests/integration/test_workers.py


@pytest.fixture
def home(shared_home: Home) -> Home:
    """The running house, emptied: nothing on record, nothing in any mailbox, every worker up."""
    shared_home.reset()
    return shared_home
