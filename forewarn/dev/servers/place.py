"""Where private servers live: a directory that one run at a time may claim, and free ports."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

PORTS = range(20_000, 32_000)
"""Below the kernel's own range (from 32768), so that no outgoing connection takes a stopped server's port."""

PATIENCE = timedelta(seconds=10)
"""An earlier run that was killed a moment ago is still ending its servers."""


class DirectoryTaken(RuntimeError):
    """Another run has its servers there."""


@contextmanager
def claimed(directory: Path, patience: timedelta = PATIENCE) -> Iterator[int]:
    """Hold the directory. The keepers inherit the open lock, so it is free when the last server is gone."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait_for(lock, directory, patience)
        yield lock
    finally:
        os.close(lock)


def _wait_for(lock: int, directory: Path, patience: timedelta) -> None:
    until = time.monotonic() + patience.total_seconds()
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise DirectoryTaken(f"{directory} already has running servers") from None
            time.sleep(0.1)


def emptied(directory: Path) -> Path:
    """Make the directory, without what an earlier run left in it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o755, parents=True)
    return directory


def free_ports(count: int) -> list[int]:
    """Pick so many different loopback ports that nobody listens on now."""
    ports: list[int] = []
    with ExitStack() as held:
        for port in random.sample(PORTS, len(PORTS)):
            probe = held.enter_context(socket.socket())
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            ports.append(port)
            if len(ports) == count:
                return ports
    raise RuntimeError(f"no {count} free ports from {PORTS.start} to {PORTS.stop - 1}")


def has_listener(port: int) -> bool:
    """Say whether the loopback port is taken; connections that are still closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def answers(port: int, question: bytes, answer: bytes) -> bool:
    """Say whether what listens on the loopback port answers the question so."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(question)
            return connection.recv(len(answer)) == answer
    except OSError:
        return False
