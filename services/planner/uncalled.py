"""Counts whom the planner ends without a call: at freezing, by a stop, or because their batch was buried."""

from collections import Counter as Counted

from prometheus_client import Counter

from forewarn.delivery import ACCEPTED, LETTERS, UNKNOWN, Reason, letter_of
from forewarn.runtime.postgres import Connection

UNCALLED = Counter(
    "forewarn_uncalled_recipients_total",
    "Recipients that the planner ended without a call, by how; tests apart.",
    ["channel", "state", "reason"],
)

DEAD = letter_of(Reason.DEAD)

FROZEN = """
select w.channel, string_agg(replace(b.outcomes, '.', ''), '') as letters
from notice_window w join notice n on n.id = w.notice_id join batch b on b.window_id = w.id
where w.id = %s and not n.test
group by w.channel
"""

MEANT = """
select w.channel, b.outcomes from batch b
join notice_window w on w.id = b.window_id join notice n on n.id = w.notice_id
where b.id = %s and not n.test
"""


def channel_at_zero(channel: str) -> None:
    """Every such way to end begins with a 0 that is scraped: from no series at all, 1 is no increase."""
    for letter, (state, reason) in LETTERS.items():
        if letter not in (ACCEPTED, UNKNOWN):
            UNCALLED.labels(channel, state, reason or "none")


def count(channel: str, letters: str) -> None:
    """Count these letters; what is open among them has not ended."""
    for letter, times in Counted(letters).items():
        if letter in LETTERS:
            state, reason = LETTERS[letter]
            UNCALLED.labels(channel, state, reason or "none").inc(times)


def ended_at_freezing(connection: Connection, window_id: int) -> dict[str, str]:
    """By channel, the letters of whoever has one since the freezing, asleep or suppressed; to count once it holds."""
    return {row["channel"]: row["letters"] for row in connection.execute(FROZEN, (window_id,)).fetchall()}


def count_buried(connection: Connection, batch_id: int, dead: int) -> None:
    """Count whom a batch has more as dead than its row says yet; the caller holds the row, and writes it after."""
    row = connection.execute(MEANT, (batch_id,)).fetchone()
    if row is not None:
        count(row["channel"], DEAD * (dead - row["outcomes"].count(DEAD)))
