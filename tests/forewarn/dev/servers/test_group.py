"""Laws of the three servers together, on real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis

from forewarn.dev.servers import ServerFailed, Servers
from forewarn.dev.servers.group import start_together
from forewarn.dev.servers.keeper import descendants
from forewarn.dev.servers.postgres import Postgres
from forewarn.dev.servers.redis import Redis

GoneSoon = Callable[[set[int]], bool]
ROOT = Path(__file__).parents[4]
USER = """
import sys
from pathlib import Path
from forewarn.dev.servers import private_servers
with private_servers(Path(sys.argv[1]), lambda line: print(line, flush=True)) as servers:
    print("up", flush=True)
    if sys.stdin.read():
        raise RuntimeError
"""

pytestmark = pytest.mark.slow  # servers of their own, started and ended


def a_user(directory: Path, given: dict[str, str]) -> subprocess.Popen[str]:
    """Somebody else's program that uses private servers until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(directory)],
        cwd=ROOT,
        env={**os.environ, **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def wait_for_line(user: subprocess.Popen[str], wanted: str) -> None:
    assert user.stdout is not None
    for line in user.stdout:
        if wanted in line:
            return
    raise AssertionError(f"{wanted!r} was not said")


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Where a user's temporary files go, and nobody else's; whoever runs PostgreSQL may enter."""
    with TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


def test_every_step_is_said(servers: Servers, said: list[str]) -> None:
    for name in ("PostgreSQL", "RabbitMQ", "Redis"):
        assert any(line.startswith(f"Starting {name} ") for line in said)
        assert any(line.startswith(f"{name} is ready") for line in said)


@pytest.mark.parametrize("how", ["exit", "exception", signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_however_the_parent_ends(
    servers: Servers, tmp_path: Path, temporary: Path, gone_soon: GoneSoon, how: str | signal.Signals
) -> None:
    given = {"FOREWARN_RABBITMQ_URL": servers.urls.rabbitmq_worker}  # slow to start, and not special here
    given["TMPDIR"] = str(temporary)
    if how in ("exit", "exception", signal.SIGINT):
        given["FOREWARN_DATABASE_URL"] = servers.urls.database
    with a_user(tmp_path, given) as user:
        wait_for_line(user, "up")
        everyone = descendants(user.pid)
        assert len(everyone) >= 2

        if isinstance(how, signal.Signals):
            user.send_signal(how)
        user.communicate("fail" if how == "exception" else None)

    assert gone_soon(everyone)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, marks=pytest.mark.slow), signal.SIGKILL])
def test_no_process_is_left_when_the_parent_ends_while_starting(
    tmp_path: Path, gone_soon: GoneSoon, number: signal.Signals
) -> None:
    with a_user(tmp_path, {}) as user:
        wait_for_line(user, "PostgreSQL is ready")  # RabbitMQ has its epmd by now and is far from ready
        everyone = descendants(user.pid)

        user.send_signal(number)

    assert len(everyone) >= 8
    assert gone_soon(everyone)


def test_one_that_does_not_start_shows_its_last_words_and_the_others_go(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path / "postgres", lambda _: None, durable=False)
    unlucky = Redis(tmp_path / "redis", lambda _: None)
    (unlucky.directory / "appendonlydir").write_text("not a directory")

    with pytest.raises(ServerFailed, match=r"(?s)Redis ended while starting.*Not a directory|File exists"):
        start_together([unlucky, postgres])

    assert unlucky.pid is None
    assert postgres.pid is None


def test_a_strangers_answer_is_not_taken_for_our_own(tmp_path: Path) -> None:
    unlucky = Redis(tmp_path / "redis", lambda _: None)

    with socket.create_server(("127.0.0.1", unlucky.port)), pytest.raises(ServerFailed, match="Somebody else"):
        unlucky.start()


def test_killed_servers_come_back_at_the_same_place_with_what_they_kept(servers: Servers) -> None:
    with psycopg.connect(servers.urls.database) as database:
        database.execute("create table kept as select 1")
    with redis.Redis.from_url(servers.urls.redis) as cache:
        cache.set("kept", 1)
    time.sleep(1.1)  # Redis writes its file every second
    for server in (servers.postgres, servers.redis):
        pid = server.pid

        server.kill()
        assert server.pid is None
        server.start()

        assert server.pid not in (None, pid)
    with psycopg.connect(servers.urls.database) as database:
        assert database.execute("select count(*) from kept").fetchone() == (1,)
        database.execute("drop table kept")
    with redis.Redis.from_url(servers.urls.redis) as cache:
        assert cache.getdel("kept") == b"1"


def test_starting_a_running_server_does_nothing(servers: Servers) -> None:
    pid = servers.redis.pid

    servers.redis.start()

    assert servers.redis.pid == pid
