"""What dispatch counts. Tests are counted apart: no service level should move when somebody tries something out."""

from prometheus_client import Counter, Gauge, Histogram

from forewarn.delivery import LETTERS
from forewarn.notice import Lane

RECIPIENTS = Counter("forewarn_recipients_total", "Recipients that ended, by how.", ["channel", "state", "reason"])
TEST_RECIPIENTS = Counter("forewarn_test_recipients_total", "Recipients of tests that ended.", ["channel", "state"])
BATCHES = Counter("forewarn_batches_total", "Batch messages worked on, by what became of them.", ["channel", "result"])
REFUSALS = Counter(
    "forewarn_refusals_total",
    "Batch messages that could not be worked on at all, by why: `ports.Refused`.",
    ["channel", "reason"],
)
ATTEMPTS = Counter(
    "forewarn_attempts_total",
    "Recipients called, by which attempt it was for each of them: 1, 2 or 3+.",
    ["provider", "attempt"],
)
SEND_SECONDS = Histogram(
    "forewarn_batch_send_seconds",
    "Time to work on one batch message.",
    ["channel", "lane"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

# -- permits ----------------------------------------------------------------------------------------------
PERMIT_WAIT = Histogram(
    "forewarn_permit_wait_seconds",
    "How long a call waited for its permit.",
    ["provider", "lane"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
PERMIT_REFUSALS = Counter(
    "forewarn_permit_refusals_total", "Asks for a permit that were told to wait.", ["provider", "lane"]
)

# -- providers ----------------------------------------------------------------------------------------------
PROVIDER_ANSWERS = Counter(
    "forewarn_provider_answers_total", "What a provider said of recipients, tests apart.", ["provider", "answer"]
)
PROVIDER_CALLS = Counter(
    "forewarn_provider_calls_total",
    "Calls of a provider, by how they went: answered, throttled, not_reached or unanswered.",
    ["provider", "result"],
)
PROVIDER_CALL_SECONDS = Histogram(
    "forewarn_provider_call_seconds",
    "Time of one call of a provider.",
    ["provider"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
CALLS_IN_FLIGHT = Gauge("forewarn_calls_in_flight", "Calls of a provider that have begun and not ended.", ["provider"])
BREAKER_STATE = Gauge("forewarn_breaker_state", "0: closed, 1: half open, 2: open.", ["provider"])
PROVIDER_CAP = Gauge(
    "forewarn_provider_cap_per_second", "Recipients a second that the provider's permits allow.", ["provider"]
)
PROVIDER_SENDING = Gauge(
    "forewarn_provider_sending_enabled", "1: the provider's account may send; 0: it says that it may not.", ["provider"]
)

ATTEMPT = ("1", "2", "3+")
"""Values of the label `attempt`."""


def channel_at_zero(channel: str) -> None:
    """Every way to end begins with a 0 that is scraped: from no series at all, 1 is no increase."""
    for state, reason in LETTERS.values():
        RECIPIENTS.labels(channel, state, reason or "none")


def provider_at_zero(provider: str) -> None:
    """The same for what is counted of a provider; what has a say in whether it may send takes that back."""
    PROVIDER_SENDING.labels(provider).set(1)
    for attempt in ATTEMPT:
        ATTEMPTS.labels(provider, attempt)
    for lane in Lane:
        PERMIT_WAIT.labels(provider, lane)
        PERMIT_REFUSALS.labels(provider, lane)


def attempt_label(attempt: int) -> str:
    """The label of the given attempt (the first is 1)."""
    return ATTEMPT[min(attempt, len(ATTEMPT)) - 1]
