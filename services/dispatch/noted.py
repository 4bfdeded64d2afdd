"""What became of a batch message, as metrics and as one line of the log."""

from collections import Counter

from forewarn.contracts.messages import Batch
from forewarn.delivery import LETTERS
from forewarn.runtime.logs import logger
from services.dispatch.metrics import ATTEMPTS, BATCHES, RECIPIENTS, REFUSALS, TEST_RECIPIENTS, attempt_label
from services.dispatch.outcome import Outcome, Sent

log = logger(__name__)


def note(batch: Batch, outcome: Outcome) -> None:
    """Count and log what became of a batch message."""
    result, left, reason = type(outcome).__name__.lower(), 0, None
    BATCHES.labels(batch.channel, result).inc()
    if isinstance(outcome, Sent):
        _count(batch, outcome)
        left = len(outcome.rest.recipients) if outcome.rest else 0
        if outcome.raised is not None:
            log.error("call_raised", batch=batch.batch_id, notice=batch.notice_id, exc_info=outcome.raised)
    else:
        reason = str(outcome.reason)
        REFUSALS.labels(batch.channel, reason).inc()
    log.info(
        "batch_worked_on",
        batch=batch.batch_id,
        notice=batch.notice_id,
        outage=batch.outage,
        lane=str(batch.lane),
        turn=batch.turn,
        result=result,
        reason=reason,
        recipients=len(batch.recipients),
        left=left,
    )


def _count(batch: Batch, sent: Sent) -> None:
    letters = sent.settled.letters
    for letter, times in Counter(letters[recipient.position] for recipient in batch.recipients).items():
        if letter not in LETTERS:
            continue
        state, reason = LETTERS[letter]
        if batch.test:
            TEST_RECIPIENTS.labels(batch.channel, state).inc(times)
        else:
            RECIPIENTS.labels(batch.channel, state, reason or "none").inc(times)
    if not batch.test:
        for (provider, attempt), times in sent.called.items():
            ATTEMPTS.labels(provider, attempt_label(attempt)).inc(times)
