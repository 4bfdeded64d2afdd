"""What the desk reads of the record, as the answers people get."""

from collections import Counter
from pathlib import Path
from typing import Any

from forewarn.component import Dependency, Touched, spread
from forewarn.content import Content, Words, values_for
from forewarn.contracts.api import (
    DeliveryView,
    EventProgress,
    EventState,
    FailedView,
    NoticeView,
    OutageRow,
    OutageView,
    StatusView,
    Sum,
    TimelineEntry,
    TouchedView,
)
from forewarn.contracts.record import facts_from_json, outage_from_row
from forewarn.delivery import LETTERS, tally
from forewarn.outage import PREFIX, Kind, Outage
from forewarn.runtime.postgres import Connection, Database, queries
from services.planner.timeline import what_changed

SQL = queries(Path(__file__).parent / "sql")

KINDS = {prefix: kind for kind, prefix in PREFIX.items()}


def sum_of(outcomes: str | None) -> Sum:
    """The sum that must come out even, and how often each reason occurred."""
    total = tally(outcomes or "")
    reasons: Counter[str] = Counter()
    for letter, count in Counter(outcomes or "").items():
        if letter in LETTERS and (reason := LETTERS[letter][1]):
            reasons[reason] += count
    names = ("planned", "accepted", "suppressed", "failed", "unknown", "moved", "open", "accounted")
    return Sum(**{name: getattr(total, name) for name in names}, reasons=dict(reasons))


class Pages:
    """Reads; every call is one transaction."""

    def __init__(self, database: Database, mode: str) -> None:
        self.database, self._mode = database, mode

    def event(self, event_id: str) -> EventState:
        with self.database.begin() as connection:
            row = connection.execute(
                "select e.verdict, e.reason, e.revision, o.kind, o.number from event e"
                " left join outage o on o.id = e.outage_id where e.id = %s",
                (event_id,),
            ).fetchone()
            failed = connection.execute(
                "select reason from failed where id = %s and replayed_at is null", (event_id,)
            ).fetchone()
        if row is not None:
            name = f"{PREFIX[Kind(row['kind'])]}-{row['number']}" if row["number"] else None
            return EventState(
                event_id=event_id,
                state=EventProgress.CARRIED_OUT,
                verdict=row["verdict"],
                outage=name,
                revision=row["revision"],
                reason=row["reason"],
            )
        if failed is not None:
            return EventState(event_id=event_id, state=EventProgress.FAILED, reason=failed["reason"])
        return EventState(event_id=event_id, state=EventProgress.PENDING)

    def outages(self, open: bool | None = None, kind: str | None = None) -> list[OutageRow]:
        with self.database.begin() as connection:
            rows = connection.execute(SQL["outages"], {"id": None, "kind": kind, "open": open}).fetchall()
        return [OutageRow(**_row(row)) for row in rows]

    def status(self, snapshot_age_seconds: float | None) -> StatusView:
        outages = self.outages(open=True)
        with self.database.begin() as connection:
            row = connection.execute(
                "select forewarn_now() as now, (select factor from fast_clock) as factor,"
                " (select count(*) from failed where replayed_at is null) as failed,"
                " (select count(*) from outage o left join plan p on p.outage_id = o.id"
                "   where o.revision > coalesce(p.planned_revision, 0)) as plans,"
                " (select count(*) from notice_window where published_at is null) as windows,"
                " (select count(*) from batch where position('.' in outcomes) > 0) as batches"
            ).fetchone()
        assert row is not None
        return StatusView(
            now=row["now"],
            mode=self._mode,
            clock_factor=row["factor"] or 1.0,
            outages=outages,
            failed_events=row["failed"],
            owed={"plans": row["plans"], "windows": row["windows"], "batches": row["batches"]},
            snapshot_age_seconds=snapshot_age_seconds,
        )

    def outage_id(self, name: str) -> int | None:
        """The id behind INC-7; None when there is no such outage."""
        prefix, _, number = name.upper().partition("-")
        if prefix not in KINDS or not number.isdecimal() or len(number) > 9:
            return None
        with self.database.begin() as connection:
            row = connection.execute(
                "select id from outage where kind = %s and number = %s", (KINDS[prefix], int(number))
            ).fetchone()
        return row["id"] if row else None

    def outage_in(self, connection: Connection, outage_id: int) -> Outage:
        row = connection.execute("select * from outage where id = %s", (outage_id,)).fetchone()
        assert row is not None
        return outage_from_row(row)

    def outage(self, outage_id: int) -> OutageView:
        with self.database.begin() as connection:
            row = connection.execute(SQL["outages"], {"id": outage_id, "kind": None, "open": None}).fetchone()
            assert row is not None
            outage = outage_from_row(row)
            touched = touched_by(connection, dict(outage.facts.components))
            names = public_names(connection, touched)
            notices = connection.execute(SQL["notices"], {"outage": outage_id}).fetchall()
            revisions = connection.execute(
                "select * from revision where outage_id = %s order by revision", (outage_id,)
            ).fetchall()
            alone = accounts_without_reader(connection, touched)
        return OutageView(
            **_row(row),
            source=outage.source,
            by_person=outage.by_person,
            facts=row["observed"] | row["stated"],
            touched=[
                TouchedView(component=t.component, public_name=names[t.component], impact=t.impact, path=list(t.path))
                for t in touched
            ],
            accounts_without_reader=alone,
            notices=[_notice(notice) for notice in notices],
            timeline=_timeline(revisions),
        )

    def deliveries(self, outage_id: int, subscriber_id: int | None, most: int) -> list[DeliveryView]:
        values = {"outage": outage_id, "subscriber": subscriber_id, "most": most}
        with self.database.begin() as connection:
            rows = connection.execute(SQL["deliveries"], values).fetchall()
        return [_delivery(row) for row in rows]

    def subscriber_id(self, named: str) -> int | None:
        """By key, or by an address on any channel."""
        with self.database.begin() as connection:
            row = connection.execute(
                "select id from subscriber where key = %(key)s union all"
                " select subscriber_id from address where address = %(low)s limit 1",
                {"key": named, "low": named.strip().lower()},
            ).fetchone()
        return row["id"] if row else None

    def failed(self, failed_id: str | None = None) -> list[FailedView]:
        """Failed events not replayed yet, newest first; one by id with its body, replayed or not."""
        with self.database.begin() as connection:
            rows = connection.execute(
                "select * from failed where (%(id)s::text is null and replayed_at is null) or id = %(id)s"
                " order by at desc limit 500",
                {"id": failed_id},
            ).fetchall()
        return [
            FailedView(**{**row, "body": bytes(row["body"]).decode(errors="replace") if failed_id else None})
            for row in rows
        ]


def touched_by(connection: Connection, components: dict[str, Any]) -> tuple[Touched, ...]:
    rows = connection.execute("select component_key, needs, hard from dependency").fetchall()
    return spread(components, (Dependency(r["component_key"], r["needs"], r["hard"]) for r in rows))


def public_names(connection: Connection, touched: tuple[Touched, ...]) -> dict[str, str | None]:
    keys = [t.component for t in touched]
    rows = connection.execute("select key, public_name from component where key = any(%s)", (keys,)).fetchall()
    return dict.fromkeys(keys) | {row["key"]: row["public_name"] for row in rows}


def accounts_without_reader(connection: Connection, touched: tuple[Touched, ...]) -> list[str]:
    """Accounts with a tier that use what is touched and have nobody who would be told (W9)."""
    rows = connection.execute(
        "select t.name from account t where t.tier is not null"
        " and exists (select from uses u join component c on c.id = u.component_id"
        "   where u.account_id = t.id and c.key = any(%s))"
        " and not exists (select from stake k join address d on d.subscriber_id = k.subscriber_id"
        "   left join suppression x on x.subscriber_id = d.subscriber_id and x.channel = d.channel"
        "   where k.account_id = t.id and k.role in ('customer', 'admin') and x.reason is null"
        "   and d.channel = 'email') order by t.name limit 100",
        ([t.component for t in touched],),
    ).fetchall()
    return [row["name"] for row in rows]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    outage = outage_from_row(row)
    facts = outage.facts
    return {
        "name": outage.name,
        "kind": outage.kind,
        "status": facts.status,
        "severity": facts.severity,
        "open": outage.open,
        "opened_at": outage.opened_at,
        "closed_at": outage.closed_at,
        "components": list(facts.components),
        "unknown_components": list(facts.unknown_components),
        "next_update_at": row["promised_at"] if outage.open else None,
        "revision": outage.revision,
        "test": outage.test,
        "sum": sum_of(row["outcomes"]),
    }


def _notice(row: dict[str, Any]) -> NoticeView:
    state = "replaced" if row["replaced_by"] else row["state"]
    return NoticeView(**{**row, "state": state}, sum=sum_of(row["outcomes"]))


def _timeline(rows: list[dict[str, Any]]) -> list[TimelineEntry]:
    entries, before = [], None
    for row in rows:
        facts = facts_from_json(row["facts"])
        entries.append(
            TimelineEntry(
                at=row["at"],
                revision=row["revision"],
                author=row["author"],
                by_person=row["by_person"],
                told=row["newsworthy"],
                what=what_changed(before, facts),
            )
        )
        before = facts
    return entries


def _delivery(row: dict[str, Any]) -> DeliveryView:
    state, reason = LETTERS.get(row["letter"], ("open", None))
    return DeliveryView(
        **{name: row[name] for name in ("subscriber", "name", "side", "voice", "channel", "occasion", "notice")},
        state=state,
        reason=reason,
        at=row["at"],
        subject=row["subject"],
        text=_text(row) if row["body"] else None,
    )


def _text(row: dict[str, Any]) -> str:
    """The words as the subscriber read them; the own unsubscribe link stays out."""
    body = row["body"]
    times = {int(zone): tuple(moments) for zone, moments in body["times"].items()}
    content = Content(body["subject"], body["text"], body["html"], times)
    own = {"accounts": row["accounts"], "unsubscribe": "(their own link)", "name": row["name"]}
    return Words(content.text).fill(values_for(content, row["zone_id"], own))
