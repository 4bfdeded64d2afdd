"""A release in the record: what is fixed with it, its words, and its windows."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import orjson

from forewarn.component import Touched
from forewarn.content import Content
from forewarn.contracts.record import facts_to_json
from forewarn.notice import OF_FAILURES, Lane
from services.planner import promises
from services.planner.estimate import Estimates
from services.planner.gate import Standing
from services.planner.ports import Due, Fixed
from services.planner.strides import strides

Run = Callable[..., Any]


def release(run: Run, notice: Standing, fixed: Fixed, estimates: Estimates, debt: timedelta) -> Sequence[Due]:
    """Write what is fixed, the words of every variant, and the windows; returned are those of the first rank."""
    where = (notice.notice_id, notice.channel)
    run(
        "update notice_channel set state = 'released', released_at = clock_timestamp(), revision = %s,"
        " facts = %s, stated = %s, by_machine = %s, touched = %s, promised_at = %s,"
        " expires_at = clock_timestamp() + %s"
        " where notice_id = %s and channel = %s",
        (
            fixed.revision,
            facts_to_json(fixed.facts),
            facts_to_json(fixed.stated),
            fixed.by_machine,
            orjson.dumps([_touched(t) for t in fixed.touched]).decode(),
            fixed.promised_at,
            fixed.lasts,
            *where,
        ),
    )
    if fixed.promised_at is not None:
        promises.make(run, notice.notice_id, notice.channel, fixed.promised_at)
    made = fixed.variants
    words = [v.voice for v in made], [v.locale for v in made], [v.told for v in made], [_body(v.content) for v in made]
    run(
        "insert into content (notice_id, channel, voice, locale, told, body) select %s, %s, v.*"
        " from unnest(%s::text[], %s::text[], %s::boolean[], %s::jsonb[]) as v",
        (*where, *words),
    )
    return _windows(run, notice, fixed, estimates, debt)


MOVED = """
insert into notice_window (notice_id, channel, rank, lo, hi, way, again_at)
select notice_id, channel, rank, lo, hi, 'moved', clock_timestamp() + %(debt)s
from child_window where notice_id = %(notice)s and channel = %(channel)s order by rank, lo
returning id, rank, (select n.lane from notice n where n.id = notice_id) as lane
"""


def _windows(run: Run, notice: Standing, fixed: Fixed, estimates: Estimates, debt: timedelta) -> Sequence[Due]:
    if notice.occasion in OF_FAILURES:  # for whoever was moved to it
        values = {"notice": notice.notice_id, "channel": notice.channel, "debt": debt}
        rows = run(MOVED, values).fetchall()
        return tuple(Due(row["id"], Lane(row["lane"])) for row in rows if row["rank"] == rows[0]["rank"])
    touched = [t.component for t in fixed.touched]
    outage, lane = run("select outage_id, lane from notice where id = %s", (notice.notice_id,)).fetchone().values()
    size = estimates.audience(notice.side, notice.occasion, notice.channel, outage, touched, notice.minimums)
    if size is None:
        return ()
    windows = strides(size, fixed.ranks - 1)
    columns = ([w.rank for w in windows], [w.lo for w in windows], [w.hi for w in windows], [w.way for w in windows])
    rows = run(
        "insert into notice_window (notice_id, channel, rank, lo, hi, way, again_at)"
        " select %s, %s, w.rank, w.lo, w.hi, w.way, clock_timestamp() + %s"
        " from unnest(%s::int[], %s::bigint[], %s::bigint[], %s::text[])"
        " with ordinality as w (rank, lo, hi, way, place)"
        " order by w.place returning id, rank",
        (notice.notice_id, notice.channel, debt, *columns),
    ).fetchall()
    return tuple(Due(row["id"], Lane(lane)) for row in rows if row["rank"] == rows[0]["rank"])


def _touched(touched: Touched) -> dict[str, Any]:
    return {"component": touched.component, "impact": touched.impact, "path": touched.path}


def _body(content: Content) -> str:
    times = {str(zone): moments for zone, moments in content.times.items()}
    entry = {"calendar": asdict(content.calendar)} if content.calendar else {}
    return orjson.dumps(
        {
            "subject": content.subject,
            "text": content.text,
            "html": content.html,
            "times": times,
            "payload": content.payload,
            **entry,
        }
    ).decode()
