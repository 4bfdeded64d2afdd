"""Punctuality, as the watch shows it: what is due next, and what became of what was due."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from forewarn.notice import Channel
from forewarn.outage import NoticeClass
from forewarn.runtime.postgres import queries
from forewarn.subscriber import Side
from services.planner import metrics
from services.planner.promises import HAS_GONE_ROUND

Run = Callable[..., Any]

SQL = queries(Path(__file__).parent / "sql")

ENDS = (
    *(("kept", "none"), ("moot", "none")),
    *(("missed", cause) for cause in ("late", "not_told_in_time", "paused", "nobody_was_reached")),
)
"""How a promise can end, and why it was missed: the words of services/planner/promises.py."""

FATES = ("told", "compressed", "lapsed")

NEXT_PROMISE = f"""
select p.channel, p.side, extract(epoch from min(p.due_at) - forewarn_now())::float as seconds
from promise p
join notice_channel nc on nc.notice_id = p.notice_id and nc.channel = p.channel
join outage o on o.id = p.outage_id
where p.state = 'open' and o.closed_at is null and not o.test and not {HAS_GONE_ROUND}
  and (nc.state <> 'drained' or exists (select from notice_window w join batch b on b.window_id = w.id
    where w.notice_id = nc.notice_id and w.channel = nc.channel and b.last_at is not null))
group by p.channel, p.side
"""
"""Whoever was not reached by what stated the time was promised nothing."""


DOUBLE_ROLES = """
select count(*) as outages from outage where closed_at is null and not test
  and coalesce(stated -> 'responders', observed -> 'responders')
    ? coalesce(stated ->> 'communicator', observed ->> 'communicator')
"""


def show_punctuality(run: Run) -> None:
    """Read what is due and what was, and set its gauges."""
    _show_next_promises(next_promises(run))
    _show_ended_promises(run(SQL["watch_promises"]).fetchall())
    due = run(SQL["watch_due"]).fetchone()
    metrics.RUNG_NEXT.set(math.nan if due["seconds"] is None else due["seconds"])
    metrics.RUNGS_OVERDUE.set(due["overdue"])
    metrics.DOUBLE_ROLES.set(run(DOUBLE_ROLES).fetchone()["outages"])
    since = run("select clock_timestamp() - interval '1 day' as since").fetchone()
    _show_ended_rungs(run(SQL["watch_rungs"], since).fetchall())


def next_promises(run: Run) -> dict[tuple[str, str], float]:
    """Seconds, as people read time, until the next promise that readers would miss, by the channels and sides that have
    one open."""
    return {(row["channel"], row["side"]): row["seconds"] for row in run(NEXT_PROMISE).fetchall()}


def _show_next_promises(due: Mapping[tuple[str, str], float]) -> None:
    for channel, side in product(Channel, Side):
        metrics.PROMISE_NEXT.labels(channel, side).set(due.get((channel, side), math.nan))


def _show_ended_promises(rows: Sequence[Mapping[str, Any]]) -> None:
    ended = {(row["state"], row["cause"]): row for row in rows}
    for state, cause in ENDS:
        row = ended.get((state, cause), {})
        metrics.PROMISES_LAST_HOUR.labels(state, cause).set(row.get("ended", 0))
        if state == "missed":
            metrics.PROMISES_MISSED_LATELY.labels(cause).set(row.get("lately", 0))


def _show_ended_rungs(rows: Sequence[Mapping[str, Any]]) -> None:
    short, late = defaultdict[str, float](float), defaultdict[str, float](float)
    ended = dict[tuple[str, str], float]()
    for row in rows:
        ended[row["class"], row["fate"]] = row["rungs"]
        short[row["class"]] += row["short"]
        late[row["class"]] += row["late"]
    for of, fate in product(NoticeClass, FATES):
        metrics.RUNGS_LAST_DAY.labels(of, fate).set(ended.get((of, fate), 0))
    for of in NoticeClass:
        metrics.RUNGS_SHORT.labels(of).set(short[of])
        metrics.RUNGS_LATE.labels(of).set(late[of])
    metrics.LAPSED.set(sum(row["outages"] for row in rows if row["fate"] == "lapsed"))
