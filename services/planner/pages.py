"""What the desk reads of the record, as the answers people get."""

from datetime import datetime
from pathlib import Path
from typing import Any

from forewarn.contracts.api import (
    DeliveryView,
    EventProgress,
    EventState,
    FailedView,
    NoticeView,
    OutageRow,
    OutageView,
    StatusView,
    TouchedView,
)
from forewarn.contracts.policy import Policy
from forewarn.contracts.policy_communication import unreached
from forewarn.contracts.record import outage_from_row
from forewarn.outage import OF_PREFIX, PREFIX, Kind, Outage
from forewarn.runtime.postgres import Connection, Database, queries
from services.planner.duty import duty_in
from services.planner.pauses import pauses_of, standing_pauses
from services.planner.touched import accounts_without_reader, public_names, touched_by
from services.planner.views import delivery_of, notice_of, row_of, timeline_of

SQL = queries(Path(__file__).parent / "sql")


def _now(connection: Connection) -> datetime:
    row = connection.execute("select forewarn_now() as now").fetchone()
    assert row is not None
    now: datetime = row["now"]
    return now


class Pages:
    """Reads; every call is one transaction."""

    def __init__(self, database: Database, mode: str, policy: Policy) -> None:
        self.database, self.mode, self.policy = database, mode, policy

    def event(self, event_id: str) -> EventState:
        with self.database.begin() as connection:
            row = connection.execute(
                "select e.verdict, e.reason, e.revision, o.kind, o.number from event e"
                " left join outage o on o.id = e.outage_id where e.id = %s",
                (event_id,),
            ).fetchone()
            failed = connection.execute("select reason from failed where id = %s", (event_id,)).fetchone()
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
            rows = connection.execute(SQL["outages"], self._asked(None, kind, open)).fetchall()
        return [OutageRow(**row_of(row)) for row in rows]

    def _asked(self, outage_id: int | None, kind: str | None = None, open: bool | None = None) -> dict[str, object]:
        episodes = self.policy.episodes
        minutes = {"settle": episodes.settle_minutes, "outlives": episodes.outlives_minutes}
        return {"id": outage_id, "kind": kind, "open": open, **minutes}

    def status(self, snapshot_age_seconds: float | None) -> StatusView:
        outages = self.outages(open=True)
        with self.database.begin() as connection:
            row = connection.execute(
                "select forewarn_now() as now, (select factor from fast_clock) as factor,"
                " (select count(*) from failed"
                "  where replayed_at is null and dismissed_at is null and forgotten_at is null) as failed,"
                " (select count(*) from outage o left join plan p on p.outage_id = o.id"
                "   where o.revision > coalesce(p.planned_revision, 0)) as plans,"
                " (select count(*) from notice_window where published_at is null) as windows,"
                " (select count(*) from batch where position('.' in outcomes) > 0) as batches"
            ).fetchone()
            paused = standing_pauses(connection)
        assert row is not None
        return StatusView(
            now=row["now"],
            mode=self.mode,
            clock_factor=row["factor"] or 1.0,
            outages=outages,
            failed_events=row["failed"],
            owed={"plans": row["plans"], "windows": row["windows"], "batches": row["batches"]},
            snapshot_age_seconds=snapshot_age_seconds,
            paused=paused,
        )

    def outage_id(self, name: str) -> int | None:
        """The id behind INC-7; None when there is no such outage."""
        prefix, _, number = name.upper().partition("-")
        if prefix not in OF_PREFIX or not number.isdecimal() or len(number) > 9:
            return None
        with self.database.begin() as connection:
            row = connection.execute(
                "select id from outage where kind = %s and number = %s", (OF_PREFIX[prefix], int(number))
            ).fetchone()
        return row["id"] if row else None

    def outage_in(self, connection: Connection, outage_id: int) -> Outage:
        row = connection.execute("select * from outage where id = %s", (outage_id,)).fetchone()
        assert row is not None
        return outage_from_row(row)

    def outage(self, outage_id: int) -> OutageView:
        with self.database.begin() as connection:
            row = connection.execute(SQL["outages"], self._asked(outage_id)).fetchone()
            assert row is not None
            outage = outage_from_row(row)
            touched = touched_by(connection, outage.facts.components)
            names = public_names(connection, touched)
            notices = connection.execute(SQL["notices"], {"outage": outage_id, "notice": None}).fetchall()
            revisions = revisions_of(connection, outage_id)
            alone = accounts_without_reader(connection, touched)
            paused = pauses_of(standing_pauses(connection), outage.name)
            duty = duty_in(connection, self.policy.communication, outage.facts, _now(connection))
        return OutageView(
            **row_of(row),
            source=outage.source,
            by_person=outage.by_person,
            facts=row["observed"] | row["stated"],
            touched=[
                TouchedView(component=t.component, public_name=names[t.component], impact=t.impact, path=list(t.path))
                for t in touched
            ],
            accounts_without_reader=alone,
            communicator=duty.person,
            communicates_by=duty.by,
            responds_too=duty.responder,
            beyond_reach=bool(duty.person and unreached(duty.person, self.policy.communication.reach)),
            paused=paused,
            notices=[notice_of(notice) for notice in notices],
            timeline=timeline_of(revisions, self.policy.episodes.settle_minutes),
        )

    def notice(self, notice_id: str) -> list[NoticeView]:
        """The notice on each of its channels."""
        with self.database.begin() as connection:
            rows = connection.execute(SQL["notices"], {"outage": None, "notice": notice_id}).fetchall()
        return [notice_of(row) for row in rows]

    def deliveries(self, outage_id: int, subscriber_id: int | None, most: int) -> list[DeliveryView]:
        values = {"outage": outage_id, "subscriber": subscriber_id, "most": most}
        with self.database.begin() as connection:
            rows = connection.execute(SQL["deliveries"], values).fetchall()
        return [delivery_of(row) for row in rows]

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
        """Failed events neither replayed nor dismissed yet, newest first; one by id with its body, whatever became."""
        with self.database.begin() as connection:
            rows = connection.execute(SQL["failed"], {"id": failed_id}).fetchall()
        return [
            FailedView(**{**row, "body": bytes(row["body"]).decode(errors="replace") if failed_id else None})
            for row in rows
        ]


def revisions_of(connection: Connection, outage_id: int) -> list[dict[str, Any]]:
    """All revisions of an outage in order."""
    return connection.execute("select * from revision where outage_id = %s order by revision", (outage_id,)).fetchall()
