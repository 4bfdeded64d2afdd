"""PostgreSQL, RabbitMQ and Redis together: ours unless given by URL, up when entered, gone when left."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from forewarn.dev.servers.given import GivenPostgres, GivenRabbitMQ, GivenRedis
from forewarn.dev.servers.place import claimed
from forewarn.dev.servers.postgres import Postgres
from forewarn.dev.servers.private import PrivateServer, Say
from forewarn.dev.servers.rabbitmq import RabbitMQ
from forewarn.dev.servers.redis import Redis


@dataclass(frozen=True, slots=True)
class Urls:
    """Where each part connects. A given RabbitMQ has one URL for all, and perhaps none for management."""

    database: str
    rabbitmq_worker: str
    rabbitmq_door: str
    rabbitmq_monitoring: str
    rabbitmq_management: str
    redis: str


@dataclass(frozen=True, slots=True)
class Servers:
    """The three servers; each has `start`, `stop`, `kill`, `restart` and `pid`."""

    postgres: Postgres | GivenPostgres
    rabbitmq: RabbitMQ | GivenRabbitMQ
    redis: Redis | GivenRedis

    @property
    def urls(self) -> Urls:
        return Urls(
            database=self.postgres.url,
            rabbitmq_worker=self.rabbitmq.url("worker"),
            rabbitmq_door=self.rabbitmq.url("door"),
            rabbitmq_monitoring=self.rabbitmq.url("monitoring"),
            rabbitmq_management=self.rabbitmq.management_url,
            redis=self.redis.url,
        )


@contextmanager
def private_servers(
    directory: Path, say: Say, durable: bool = True, environ: Mapping[str, str] = os.environ
) -> Iterator[Servers]:
    """Bring the three up in subdirectories of the given one, empty, and take them away at the end.

    A server is used as given if `environ` has its URL: FOREWARN_DATABASE_URL, FOREWARN_REDIS_URL,
    FOREWARN_RABBITMQ_URL (with FOREWARN_RABBITMQ_MANAGEMENT_URL). Not `durable` spares PostgreSQL the fsync.
    SIGTERM leaves as Ctrl-C does; if this process is killed, the servers die by themselves.
    Raises `ServerFailed` or `DirectoryTaken`.
    """
    say = _one_at_a_time(say)
    with _leaving_at_sigterm(), ExitStack() as leaving:
        held = leaving.enter_context(claimed(directory))
        servers = _chosen(directory, say, held, durable, environ, leaving)
        everyone = (servers.rabbitmq, servers.postgres, servers.redis)
        start_together([server for server in everyone if isinstance(server, PrivateServer)])
        yield servers


def _chosen(
    directory: Path, say: Say, held: int, durable: bool, environ: Mapping[str, str], leaving: ExitStack
) -> Servers:
    """Take what is given and prepare the rest; each is closed when the stack unwinds."""
    given = environ.get
    postgres: Postgres | GivenPostgres = (
        GivenPostgres(url)
        if (url := given("FOREWARN_DATABASE_URL"))
        else Postgres(directory / "postgres", say, held, durable)
    )
    leaving.callback(postgres.close)
    rabbitmq: RabbitMQ | GivenRabbitMQ = (
        GivenRabbitMQ(url, given("FOREWARN_RABBITMQ_MANAGEMENT_URL", ""))
        if (url := given("FOREWARN_RABBITMQ_URL"))
        else RabbitMQ(directory / "rabbitmq", say, held)
    )
    leaving.callback(rabbitmq.close)
    redis: Redis | GivenRedis = (
        GivenRedis(url) if (url := given("FOREWARN_REDIS_URL")) else Redis(directory / "redis", say, held)
    )
    leaving.callback(redis.close)
    return Servers(postgres, rabbitmq, redis)


def start_together(servers: list[PrivateServer]) -> None:
    """Start them at once; if one fails or we are interrupted, end all before the threads are waited for."""
    with ThreadPoolExecutor(max_workers=len(servers) or 1) as threads:
        starts = [threads.submit(server.start) for server in servers]
        try:
            for start in wait(starts, return_when=FIRST_EXCEPTION).done:
                start.result()
        except BaseException:
            for server in servers:
                server.close()
            raise


def _one_at_a_time(say: Say) -> Say:
    turn = threading.Lock()

    def say_in_turn(line: str) -> None:
        with turn:
            say(line)

    return say_in_turn


@contextmanager
def _leaving_at_sigterm() -> Iterator[None]:
    """Make SIGTERM unwind the stack, unless somebody handles it already."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
