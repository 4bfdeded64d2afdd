"""One set of real servers for all tests here: RabbitMQ takes its time to start."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forewarn.dev.servers import Servers, private_servers


@pytest.fixture(scope="session")
def said() -> list[str]:
    """What the servers said while starting."""
    return []


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> Iterator[Servers]:
    directory: Path = tmp_path_factory.mktemp("servers")
    with private_servers(directory, said.append, durable=False, environ={}) as servers:
        yield servers


@pytest.fixture
def gone_soon() -> Callable[[set[int]], bool]:
    """Wait up to 5 s until none of the processes lives; the dead may wait for whoever buries them."""

    def wait(pids: set[int]) -> bool:
        until = time.monotonic() + 5
        while any(map(lives, pids)) and time.monotonic() < until:
            time.sleep(0.02)
        return not any(map(lives, pids))

    return wait


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False
