"""How the model of SES is told to treat its clients."""

from enum import StrEnum

from pydantic import Field

from forewarn.dev.sandbox.rules import CallRule, Cut, Latency, Rule, Settings, Silence


class SesStatus(StrEnum):
    """What SES says of one entry of a call (the model's BulkEmailStatus); a test compares."""

    SUCCESS = "SUCCESS"
    MESSAGE_REJECTED = "MESSAGE_REJECTED"
    MAIL_FROM_DOMAIN_NOT_VERIFIED = "MAIL_FROM_DOMAIN_NOT_VERIFIED"
    CONFIGURATION_SET_NOT_FOUND = "CONFIGURATION_SET_NOT_FOUND"
    TEMPLATE_NOT_FOUND = "TEMPLATE_NOT_FOUND"
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED"
    ACCOUNT_THROTTLED = "ACCOUNT_THROTTLED"
    ACCOUNT_DAILY_QUOTA_EXCEEDED = "ACCOUNT_DAILY_QUOTA_EXCEEDED"
    INVALID_SENDING_POOL_NAME = "INVALID_SENDING_POOL_NAME"
    ACCOUNT_SENDING_PAUSED = "ACCOUNT_SENDING_PAUSED"
    CONFIGURATION_SET_SENDING_PAUSED = "CONFIGURATION_SET_SENDING_PAUSED"
    INVALID_PARAMETER = "INVALID_PARAMETER"
    TRANSIENT_FAILURE = "TRANSIENT_FAILURE"
    FAILED = "FAILED"


class Throttle(StrEnum):
    """What is refused above the rate: the whole call by 429, or the entries that are too many."""

    CALL = "call"
    ENTRY = "entry"


class EntryRefusal(Rule):
    """A status for each entry to such an address; SUCCESS spares it from the rules that follow."""

    status: SesStatus
    error: str = Field(default="refused by the sandbox", max_length=400)


class CallFault(CallRule):
    """An HTTP error for a whole call that has such a recipient; `type` and `message` default to what fits."""

    status: int = Field(ge=400, le=599)
    type: str = Field(default="", pattern=r"^[A-Za-z]*$", max_length=100)
    message: str = Field(default="refused by the sandbox", max_length=400)


class Short(CallRule):
    """A 200 that answers fewer entries than it was sent, though all of them were accepted."""

    missing: int = Field(default=1, ge=1)


class SesBehaviour(Settings):
    """`checks` off spares the checks of requests and signatures, for load."""

    checks: bool = True
    sending_enabled: bool = True
    """Of the account, as GetAccount says it; while it is off every call is refused."""
    latency_ms: Latency = 0.0
    lag_ms: Latency = 0.0
    """Between the record of a call and its answer: whoever dies meanwhile was taken and never heard of it."""
    max_send_rate: float | None = Field(default=None, gt=0)
    """Recipients per second, over bursts of one second; None is without limit."""
    throttle: Throttle = Throttle.CALL
    refuse: tuple[EntryRefusal, ...] = ()
    fail: tuple[CallFault, ...] = ()
    time_out: tuple[Silence, ...] = ()
    drop: tuple[Cut, ...] = ()
    short: tuple[Short, ...] = ()
