"""How the model of a webhook's endpoint is told to treat its clients; `to_regex` looks at host and path."""

from pydantic import Field

from forewarn.dev.sandbox.rules import CallRule, Cut, Latency, Settings, Silence


class WebhookAnswer(CallRule):
    """Another answer than 204. What is answered by 2xx is recorded as accepted, the rest is not."""

    status: int = Field(ge=200, le=599)
    retry_after: str = Field(default="", pattern=r"^[\x20-\x7e]*$", max_length=100)
    """The header's value as it is: seconds, or a date (RFC 9110 §10.2.3)."""
    location: str = Field(default="", pattern=r"^[\x20-\x7e]*$", max_length=2000)
    body_bytes: int = Field(default=0, ge=0, le=64 * 1024 * 1024)


class Verification(CallRule):
    """The secret (`whsec_…`) by which calls to such an endpoint must be signed; else 401."""

    secret: str = Field(pattern=r"^whsec_[A-Za-z0-9+/=]+$")


class WebhookBehaviour(Settings):
    """Without settings everything is taken, and nothing verified."""

    latency_ms: Latency = 0.0
    answer: tuple[WebhookAnswer, ...] = ()
    verify: tuple[Verification, ...] = ()
    time_out: tuple[Silence, ...] = ()
    drop: tuple[Cut, ...] = ()
