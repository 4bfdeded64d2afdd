"""How the sandbox provider is told to treat its clients, checked when it is told and counted down as it is used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from re import Pattern
from typing import Annotated, Generic, TypeVar

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


R = TypeVar("R", Refusal, TimeOut, Drop)


@dataclass(slots=True)
class _Armed(Generic[R]):
    rule: R
    left: int | None

    def fires(self, stage: RefuseStage | Stage, recipients: Sequence[str]) -> bool:
        if self.left == 0 or self.rule.stage != stage:
            return False
        if not any(self.rule.to_regex.search(recipient) for recipient in recipients):
            return False
        if self.left is not None:
            self.left -= 1
        return True

    def remaining(self) -> R:
        return self.rule.model_copy(update={"times": self.left})


class Conduct:
    """The behaviour in force, with what its rules have left; the first rule that matches is the one that fires."""

    def __init__(self) -> None:
        self.adopt(Behaviour())

    def adopt(self, behaviour: Behaviour) -> None:
        """Replace the whole behaviour, counts included."""
        self._set = behaviour
        self._refuse = [_Armed(rule, rule.times) for rule in behaviour.refuse]
        self._time_out = [_Armed(rule, rule.times) for rule in behaviour.time_out]
        self._drop = [_Armed(rule, rule.times) for rule in behaviour.drop]

    def remaining(self) -> Behaviour:
        """The behaviour still in force: `times` counts down, and a spent rule is gone."""
        return self._set.model_copy(
            update={
                "refuse": _unspent(self._refuse),
                "time_out": _unspent(self._time_out),
                "drop": _unspent(self._drop),
            }
        )

    @property
    def busy(self) -> bool:
        return self._set.greeting is Greeting.BUSY

    @property
    def latency_seconds(self) -> float:
        return self._set.latency_ms / 1000

    def refusal(self, stage: RefuseStage, recipients: Sequence[str]) -> Refusal | None:
        return _first(self._refuse, stage, recipients)

    def time_out(self, stage: Stage, recipients: Sequence[str]) -> TimeOut | None:
        return _first(self._time_out, stage, recipients)

    def drop(self, stage: Stage, recipients: Sequence[str]) -> Drop | None:
        return _first(self._drop, stage, recipients)


def _first(armed: Iterable[_Armed[R]], stage: RefuseStage | Stage, recipients: Sequence[str]) -> R | None:
    return next((each.rule for each in armed if each.fires(stage, recipients)), None)


def _unspent(armed: Iterable[_Armed[R]]) -> tuple[R, ...]:
    return tuple(each.remaining() for each in armed if each.left != 0)
