"""The sandbox provider under test: a client's connection to it, its record file, its bare conversation."""

import socket
import time
from collections.abc import Callable, Iterator
from smtplib import SMTP

import orjson
import pytest

from forewarn.dev.sandbox.client import Sandbox
from tests.support.sandboxes import provider, sandbox

__all__ = ["provider", "sandbox"]


@pytest.fixture
def relay(sandbox: Sandbox) -> Iterator[SMTP]:
    """A client's connection; whatever the sandbox does, it waits 5 s at most."""
    relay = SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=5)
    yield relay
    relay.close()


@pytest.fixture
def recorded(sandbox: Sandbox) -> Callable[[], list[bytes]]:
    """The messages in the record file, read from the disk and not from the provider."""

    def read() -> list[bytes]:
        return [orjson.loads(line)["raw"].encode("latin-1") for line in sandbox.record.read_bytes().splitlines()]

    return read


@pytest.fixture
def talk(sandbox: Sandbox) -> Callable[..., str]:
    """Says the given turns, each in one write, and returns all that was answered until the provider hangs up."""

    def say(*turns: bytes) -> str:
        heard = b""
        with socket.create_connection((sandbox.smtp_host, sandbox.smtp_port), timeout=5) as line:
            for turn in turns:
                line.sendall(turn)
                time.sleep(0.05)
            while chunk := line.recv(4096):
                heard += chunk
        return heard.decode()

    return say
