"""How the sandbox provider is told to treat its clients, checked in full before any of it holds."""

from enum import StrEnum
from re import Pattern
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

HANG_CAP_SECONDS = 240.0  # aiosmtpd closes a silent connection after 300 s
LATENCY_CAP_MS = 60_000.0

Times = Annotated[int, Field(ge=1)] | None


class Greeting(StrEnum):
    """What a client hears first: the usual 220, or 421 and a closed door."""

    NORMAL = "normal"
    BUSY = "421"


class RefuseStage(StrEnum):
    """Which command a refusal answers."""

    RCPT = "rcpt"
    DATA = "data"


class Stage(StrEnum):
    """Where a message stands, seen from its record, when the provider falls silent or hangs up."""

    RCPT = "rcpt"
    BEFORE_ACCEPT = "before_accept"
    AFTER_ACCEPT = "after_accept"


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    to_regex: Pattern[str]
    """Searched for in each recipient's address; one match is enough."""
    times: Times = None
    """How often the rule fires before it lies still; None is without end."""


class Refusal(_Rule):
    """An answer of 4xx or 5xx; after 421 the connection is closed as well (RFC 5321 §3.8)."""

    code: int = Field(ge=400, le=599)
    text: str = Field(default="refused by the sandbox", pattern=r"^[\x20-\x7e]*$", max_length=400)
    stage: RefuseStage = RefuseStage.RCPT


class TimeOut(_Rule):
    """Silence on one transaction; the connection is dropped after `hang_seconds`."""

    stage: Stage = Stage.BEFORE_ACCEPT
    hang_seconds: float = Field(default=30.0, ge=0, le=HANG_CAP_SECONDS)


class Drop(_Rule):
    """A connection closed without an answer."""

    stage: Stage = Stage.BEFORE_ACCEPT


class Behaviour(BaseModel):
    """The whole of what can be set; what is left out takes its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latency_ms: float = Field(default=0.0, ge=0, le=LATENCY_CAP_MS)
    refuse: tuple[Refusal, ...] = ()
    time_out: tuple[TimeOut, ...] = ()
    drop: tuple[Drop, ...] = ()
    greeting: Greeting = Greeting.NORMAL
