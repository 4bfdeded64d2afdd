"""The way that is beaten: plain dramatiq, a message a recipient, publish and consume end to end, nothing sent.

    python -m benchmarks.one_message_each [--n 20000] [--processes 2] [--threads 8] [--publishers 1]

Without confirms it runs on the queues that dramatiq declares; with confirms on quorum queues, as ours are. Workers
run by dramatiq's own command and are ready before the first message; it ends when Redis knows every recipient.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import dramatiq
import pika
import redis

from benchmarks.costs import Meter, table
from benchmarks.plain_worker import QUEUE, broker
from benchmarks.results import RESULTS, record
from forewarn.dev.servers import Servers, private_servers
from forewarn.dev.servers.kept import Kept, Program

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Fleet:
    """Processes and threads that consume, threads that publish."""

    processes: int = 2
    threads: int = 8
    publishers: int = 1


def measure(servers: Servers, directory: Path, n: int, confirms: bool, fleet: Fleet) -> float:
    """Seconds from the first publish to the last of n recipients known to Redis, each once."""
    rabbitmq_url, redis_url = servers.urls.rabbitmq_worker, servers.urls.redis.rpartition("/")[0] + "/1"
    where = {"PLAIN_RABBITMQ_URL": rabbitmq_url, "PLAIN_REDIS_URL": redis_url, "PLAIN_CONFIRMS": str(int(confirms))}
    _forget(rabbitmq_url, redis_url)
    with redis.Redis.from_url(redis_url) as known, _workers(where, directory, fleet) as workers:
        tell = broker(rabbitmq_url, redis_url, confirms)
        tell.send("warm-up", 0, "warm-up@example.com")
        _until(known, 1)
        meter = Meter(_processes(servers, workers))
        began = time.monotonic()
        _publish(tell, n, fleet.publishers)
        _until(known, n + 1)
        seconds = time.monotonic() - began
        sys.stdout.write(table(meter.used(), n, seconds))
        tell.broker.close()
    _forget(rabbitmq_url, redis_url)
    return seconds


@contextmanager
def _workers(where: dict[str, str], directory: Path, fleet: Fleet) -> Iterator[Kept]:
    options = ["--processes", str(fleet.processes), "--threads", str(fleet.threads), "--queues", QUEUE]
    command = [sys.executable, "-m", "dramatiq", "benchmarks.plain_worker:set_up", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **where}
    kept = Kept(Program(command, environment, directory / "plain.log"))
    try:
        yield kept
    finally:
        kept.kill()


def _processes(servers: Servers, workers: Kept) -> dict[str, int]:
    pids = {"rabbitmq": servers.rabbitmq.pid, "redis": servers.redis.pid, "workers": workers.pid}
    return {name: pid for name, pid in pids.items() if pid is not None} | {"publisher": os.getpid()}


def _publish(tell: "dramatiq.Actor[..., None]", n: int, publishers: int) -> None:
    def part(first: int) -> None:
        for subscriber in range(first, n + 1, publishers):
            tell.send("INC-1-first", subscriber, f"reader{subscriber}@customer.example")

    threads = [threading.Thread(target=part, args=(first,)) for first in range(1, publishers + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _until(known: "redis.Redis", count: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while int(known.dbsize()) < count:
        if time.monotonic() > end:
            raise TimeoutError(f"{known.dbsize()} of {count} were told in {PATIENCE_SECONDS} s")
        time.sleep(0.01)


def _forget(rabbitmq_url: str, redis_url: str) -> None:
    """Queues of the two kinds bear the same names."""
    with redis.Redis.from_url(redis_url) as known:
        known.flushdb()
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        channel = connection.channel()
        for queue in (QUEUE, f"{QUEUE}.DQ", f"{QUEUE}.XQ"):
            channel.queue_delete(queue)


def both(servers: Servers, directory: Path, n: int, fleet: Fleet, to: Path = RESULTS) -> dict[str, float]:
    """Messages a second without confirms and with, recorded as results."""
    rates = {}
    for name, confirms in (("one_message_each", False), ("one_message_each_with_confirms", True)):
        seconds = measure(servers, directory, n, confirms, fleet)
        rates[name] = n / seconds
        record(to, bench=name, n=n, seconds=seconds, per_second=n / seconds)
    return rates


def add_options(parser: argparse.ArgumentParser, prefix: str = "") -> None:
    best = Fleet()
    parser.add_argument(f"--{prefix}processes", type=int, default=best.processes, help="of plain workers")
    parser.add_argument(f"--{prefix}threads", type=int, default=best.threads, help="of each plain worker")
    parser.add_argument(f"--{prefix}publishers", type=int, default=best.publishers, help="threads that publish")


def _unsaid(line: str) -> None:
    """How the servers start is of no interest here."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_message_each")
    parser.add_argument("--n", type=int, default=20_000, help="messages")
    add_options(parser)
    given = parser.parse_args()
    fleet = Fleet(given.processes, given.threads, given.publishers)
    with TemporaryDirectory(prefix="bench-") as name, private_servers(Path(name) / "servers", _unsaid) as servers:
        both(servers, Path(name), given.n, fleet)


if __name__ == "__main__":
    main()
