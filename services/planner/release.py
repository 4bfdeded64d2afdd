"""A release in the record: what is fixed with it, its words, and its windows."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import orjson

from forewarn.component import Touched
from forewarn.content import Content
from forewarn.contracts.record import facts_to_json
from forewarn.notice import Lane
from services.planner import promises
from services.planner.gate import Standing
from services.planner.ports import Due, Fixed

FIRST_WINDOW, WINDOW = 2_000, 50_000
"""Ids in the first window and in the others: the first batch leaves early, the rest in big strides."""

Run = Callable[..., Any]


def release(run: Run, notice: Standing, fixed: Fixed, debt: timedelta) -> Sequence[Due]:
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
    for variant in fixed.variants:
        run(
            "insert into content (notice_id, channel, voice, locale, told, body) values (%s, %s, %s, %s, %s, %s)",
            (*where, variant.voice, variant.locale, variant.told, _body(variant.content)),
        )
    return _windows(run, where, fixed.ranks, debt)


def _windows(run: Run, where: tuple[str, str], ranks: int, debt: timedelta) -> Sequence[Due]:
    rows = run(
        "with ends as (select min(id) as lo, max(id) as hi from subscriber),"
        " strides as (select lo, least(lo + %(first)s - 1, hi) as hi from ends where lo is not null"
        "  union all select s, least(s + %(stride)s - 1, e.hi) from ends e,"
        "   generate_series(e.lo + %(first)s, e.hi, %(stride)s) s)"
        " insert into notice_window (notice_id, channel, rank, lo, hi, again_at)"
        " select %(notice)s, %(channel)s, rank, lo, hi, clock_timestamp() + %(debt)s"
        " from strides, generate_series(0, %(ranks)s - 1) rank"
        " order by rank, lo returning id, rank, (select lane from notice where id = %(notice)s) as lane",
        {
            "first": FIRST_WINDOW,
            "stride": WINDOW,
            "notice": where[0],
            "channel": where[1],
            "ranks": ranks,
            "debt": debt,
        },
    ).fetchall()
    return tuple(Due(row["id"], Lane(row["lane"])) for row in rows if row["rank"] == 0)


def _touched(touched: Touched) -> dict[str, Any]:
    return {"component": touched.component, "impact": touched.impact, "path": touched.path}


def _body(content: Content) -> str:
    times = {str(zone): moments for zone, moments in content.times.items()}
    return orjson.dumps(
        {
            "subject": content.subject,
            "text": content.text,
            "html": content.html,
            "times": times,
            "payload": content.payload,
        }
    ).decode()
