"""How the sandbox provider is told to treat its clients, checked in full before any of it holds."""

from enum import StrEnum

from pydantic import Field

from forewarn.dev.sandbox.rules import Hang, Latency, Rule, Settings
from forewarn.dev.sandbox.ses.behaviour import SesBehaviour
from forewarn.dev.sandbox.webhook.behaviour import WebhookBehaviour


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


class Refusal(Rule):
    """An answer of 4xx or 5xx; after 421 the connection is closed as well (RFC 5321 §3.8)."""

    code: int = Field(ge=400, le=599)
    text: str = Field(default="refused by the sandbox", pattern=r"^[\x20-\x7e]*$", max_length=400)
    stage: RefuseStage = RefuseStage.RCPT


class TimeOut(Rule):
    """Silence on one transaction; the connection is dropped after `hang_seconds`."""

    stage: Stage = Stage.BEFORE_ACCEPT
    hang_seconds: Hang = 30.0


class Drop(Rule):
    """A connection closed without an answer."""

    stage: Stage = Stage.BEFORE_ACCEPT


class Behaviour(Settings):
    """The whole of what can be set; what is left out takes its default. SMTP's keys stand at the top."""

    latency_ms: Latency = 0.0
    refuse: tuple[Refusal, ...] = ()
    time_out: tuple[TimeOut, ...] = ()
    drop: tuple[Drop, ...] = ()
    greeting: Greeting = Greeting.NORMAL
    ses: SesBehaviour = SesBehaviour()
    webhook: WebhookBehaviour = WebhookBehaviour()
