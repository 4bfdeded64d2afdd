"""What a control snapshot says, read in one transaction; and what a database does that is older than Redis."""

import secrets
from dataclasses import dataclass

from forewarn.contracts.names import paused_word
from forewarn.outage import PREFIX, Kind
from forewarn.runtime.postgres import Connection
from services.planner.hearing import SUPPRESSED_LETTERS

IDS_JUMPED = 1_000_000_000
"""More batches than any system makes in the time that a backup can be old."""

WHY = (
    "The database is older than what dispatch last heard of it: snapshot {known} stands in Redis, the database is at"
    " {own}. It was restored from a backup, or replaced. Notices may have left that it does not know of, and would"
    " leave again. Compare what is open with what people received; then go on with: forewarn sending resume"
    " --reason ..."
)

SUPPRESSED = """
with s as materialized (  -- an hour more: a suppression is seen when it commits, which can be long after its time
  select channel || ':' || subscriber_id as who, reason from suppression
  where at >= (select min(made_at) - interval '1 hour' from batch where position('.' in outcomes) > 0)
)
select (select count(*) || ':' || coalesce(sum(hashtextextended(who || ':' || reason, 0)), 0)::text from s) as digest,
  case when %(whole)s then (
    select coalesce(string_agg(who || ' ' || coalesce(%(letters)s::jsonb ->> reason, 'S'), ','), '') from s
  ) end as people
"""
"""How many and a sum in no order: the same suppressions have the same, others hardly ever; and who they are."""

PAUSED = """
with standing as (
  select p.channel, o.kind, o.number from pause p left join outage o on o.id = p.outage_id where p.lifted_at is null
)
select * from standing
union select s.channel, m.kind, m.number from standing s join outage m on m.kind = s.kind and m.merged_into = s.number
"""
"""What was published of an incident before it was merged bears its own name."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one snapshot says. `suppressed` is "channel:subscriber letter,…"; `stopped` are notice and channel.

    `digest` stands for all that are suppressed; they follow only where Redis knows another one, as one text, for they
    may be hundreds of thousands.
    """

    n: int
    epoch: str
    digest: str
    suppressed: str | None = None
    paused: frozenset[str] = frozenset()
    stopped: tuple[tuple[str, str], ...] = ()


def take(connection: Connection, whole: bool) -> Snapshot:
    """The next snapshot, `whole` or without the suppressions themselves.

    The row lock orders snapshots: a greater n knows all that a smaller one knew.
    """
    control = connection.execute("update control set n = n + 1 returning n, epoch").fetchone()
    assert control is not None
    said = connection.execute(SUPPRESSED, {"whole": whole, "letters": SUPPRESSED_LETTERS}).fetchone()
    assert said is not None
    return Snapshot(
        n=control["n"],
        epoch=control["epoch"],
        digest=said["digest"],
        suppressed=said["people"],
        paused=_paused(connection),
        stopped=_stopped(connection),
    )


def found(connection: Connection, lost_epoch: str) -> None:
    """A new epoch in place of the lost one, unless another clock has just made one."""
    connection.execute(
        "update control set epoch = %s, epoch_at = clock_timestamp() where epoch = %s",
        (secrets.token_hex(8), lost_epoch),
    )


def begin_paused(connection: Connection, known: int) -> bool:
    """If the database is older than snapshot `known` in Redis: a pause that says why, and a new life beyond the old.

    The new epoch lets messages of the lost life fall; the jump keeps new batches clear of its marks. Batches that
    the backup has keep their ids and with them their marks, so nobody is told twice by them. False when it is not
    older, or no longer: another clock was first.
    """
    row = connection.execute("select n from control for update").fetchone()
    assert row is not None
    if known <= row["n"]:
        return False
    connection.execute(
        "insert into pause (reason, author, at) values (%s, 'forewarn', forewarn_now())"
        " on conflict (coalesce(channel, ''), coalesce(outage_id, 0)) where lifted_at is null do update"
        " set author = excluded.author, at = excluded.at,"
        " reason = excluded.reason || ' (It was paused already, by ' || pause.author || ': ' || pause.reason || ')'",
        (WHY.format(known=known, own=row["n"]),),
    )
    connection.execute(
        "update control set n = %s, epoch = %s, epoch_at = clock_timestamp()", (known + 1, secrets.token_hex(8))
    )
    connection.execute("select setval('batch_id_seq', nextval('batch_id_seq') + %s)", (IDS_JUMPED,))
    return True


def _paused(connection: Connection) -> frozenset[str]:
    rows = connection.execute(PAUSED).fetchall()
    return frozenset(_word(row["channel"], row["kind"], row["number"]) for row in rows)


def _word(channel: str | None, kind: str | None, number: int | None) -> str:
    """The word that a paused batch finds."""
    return paused_word(channel, f"{PREFIX[Kind(kind)]}-{number}" if kind else None)


def _stopped(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Stops that a copy could still meet: until the notice expires, and as long as they are not pulled."""
    rows = connection.execute(
        "select s.notice_id, s.channel from stop s"
        " join notice_channel nc on nc.notice_id = s.notice_id and nc.channel = s.channel"
        " where s.pulled_at is null or nc.expires_at > clock_timestamp()"
    ).fetchall()
    return tuple((row["notice_id"], row["channel"]) for row in rows)
