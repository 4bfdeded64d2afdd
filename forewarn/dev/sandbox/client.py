"""The sandbox provider as a test or the demo holds it: started, steered, read, and ended with its `with` block."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlencode

import orjson
import urllib3

from forewarn.dev.sandbox.behaviour import Behaviour
from forewarn.dev.sandbox.wire import Count, Headline, Opened, Ports

START_PATIENCE_SECONDS = 20
STOP_PATIENCE_SECONDS = 10


class SandboxError(Exception):
    """The sandbox provider did not start, or refused what it was asked; the text is its own."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What was accepted, in short; `sender` and `recipients` are the envelope's."""

    n: int
    accepted_at: datetime
    connection: int
    sender: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    references: tuple[str, ...]
    notice: str | None


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """One message in full; `raw` is what came over the wire, dots unstuffed."""

    mail: Mail
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    raw: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)
