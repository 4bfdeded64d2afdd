"""What rules of misbehaviour have in common: whom they touch, and how often they fire."""

import re
from enum import StrEnum
from re import Pattern
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

HANG_CAP_SECONDS = 240.0  # aiosmtpd closes a silent connection after 300 s
LATENCY_CAP_MS = 60_000.0

Times = Annotated[int, Field(ge=1)] | None
Latency = Annotated[float, Field(ge=0, le=LATENCY_CAP_MS)]
Hang = Annotated[float, Field(ge=0, le=HANG_CAP_SECONDS)]


class Moment(StrEnum):
    """Where an HTTP call stands, seen from its record, when the provider falls silent or hangs up."""

    BEFORE_ACCEPT = "before_accept"
    AFTER_ACCEPT = "after_accept"


class Settings(BaseModel):
    """What is set as a whole and never changed in part; a key that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Settings):
    """A rule for some recipients."""

    to_regex: Pattern[str]
    """Searched for in each recipient's address; one match is enough."""
    times: Times = None
    """How often the rule fires before it lies still; None is without end."""


class CallRule(Rule):
    """A rule for whole calls; without `to_regex` for all of them."""

    to_regex: Pattern[str] = re.compile("")


class Silence(CallRule):
    """No answer to one call; the connection is dropped after `hang_seconds`."""

    stage: Moment = Moment.BEFORE_ACCEPT
    hang_seconds: Hang = 30.0


class Cut(CallRule):
    """A connection closed without an answer."""

    stage: Moment = Moment.BEFORE_ACCEPT
