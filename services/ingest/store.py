"""The record as intake writes it: events, signals, outages, revisions, failed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from forewarn.contracts.event import BadEvent
from forewarn.contracts.record import facts_to_json, outage_from_row, signal_from_json, signal_to_json
from forewarn.outage import PREFIX, Act, Kind, Outage
from forewarn.revise import Known
from forewarn.runtime.postgres import Connection, Database
from forewarn.signal import Report, Signal
from services.ingest import family, kin
from services.ingest.chorus import Chorus
from services.ingest.sources.heard import Heard

_OUTAGE = """select id, kind, number, source, group_key, revision, by_person, test, opened_at, closed_at,
  release, alert, withdrawn, calm_since, merged_into, observed, stated from outage where {} for update"""

NAMED = "kind = %s and number = %s"

Values = tuple[Any, ...] | Mapping[str, Any]

OPENED_OF = """
select number, coalesce(stated #>> '{window,start}', observed #>> '{window,start}')::timestamptz as start
from outage where kind = 'maintenance' and closed_at is null and stated ->> 'series' = %s order by start, number
"""


class Store:
    """Begins transactions; see `ports.Record` for what each promises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def __call__(self) -> Iterator["Written"]:
        with self._database.begin() as connection:
            yield Written(connection)


class Written:
    """One transaction on the record."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.execute
        self._choruses: dict[int, Chorus] = {}
        self._alone_on = set[str]()

    def planned_by(self, event_id: str) -> tuple[int, ...] | None:
        rows = self._run(
            "select r.outage_id from event e left join revision r on r.event_id = e.id where e.id = %s",
            (event_id,),
        ).fetchall()
        return tuple({row["outage_id"] for row in rows if row["outage_id"]}) if rows else None

    def told_time(self, moment: datetime) -> datetime:
        row = self._run("select forewarn_at(%s) as at", (moment,)).fetchone()
        assert row is not None
        at: datetime = row["at"]
        return at

    def knows_component(self, key: str) -> bool:
        return self._run("select from component where key = %s", (key,)).fetchone() is not None

    def lock(self, names: Iterable[str]) -> None:
        self._run(
            "select pg_advisory_xact_lock(h) from"
            " (select distinct hashtextextended(n, 0) as h from unnest(%s::text[]) n order by 1) s",
            (list(names),),
        )

    def known_of(self, report: Report) -> Known:
        if report.about and report.into:
            family.hold(self._run, _parts(report.about), _parts(report.into))
        about = self._outage(NAMED, _parts(report.about)) if report.about else None
        into = self._outage(NAMED, _parts(report.into)) if report.into else None
        row = self._run(
            "select state, outage_id from signal where source = %s and key = %s for update",
            (report.source, report.key),
        ).fetchone()
        signal = (
            signal_from_json(row["state"] | {"source": report.source, "key": report.key}, row["outage_id"])
            if row
            else None
        )
        of_signal = self._whole("id = %s", (signal.outage_id,)) if signal and signal.outage_id else None
        of_group = None
        if report.group is not None:
            of_group = self._whole(family.OF_GROUP, {"source": report.source, "group": report.group})
        signals_of_into = self.siblings(into.id, report) if into and into.id is not None else ()
        return Known(signal, about, of_signal, of_group, into, signals_of_into)

    def _outage(self, where: str, values: Values) -> Outage | None:
        row = self._run(_OUTAGE.format(where), values).fetchone()
        return outage_from_row(row) if row else None

    def _whole(self, where: str, values: Values) -> Outage | None:
        """The outage, or what it has become part of, perhaps while it was waited for."""
        found = self._outage(where, values)
        if found is None or found.merged_into is None:
            return found
        return self._outage(NAMED, (found.kind.value, found.merged_into))

    def alone_on_siblings(self, reports: Sequence[Report]) -> None:
        self._alone_on |= kin.alone_on(self._run, reports)

    def with_recent(self, report: Report, known: Known, within: timedelta) -> Known:
        return kin.with_recent(self._run, report, known, within) if report.source in self._alone_on else known

    def note_group(self, report: Report, outage: Outage) -> None:
        if report.group is not None:
            self._run(kin.NOTE_GROUP, (report.source, report.group, outage.id))

    def siblings(self, outage_id: int, report: Report) -> tuple[Signal, ...]:
        if outage_id not in self._choruses:
            rows = self._run("select state from signal where outage_id = %s", (outage_id,)).fetchall()
            self._choruses[outage_id] = Chorus(signal_from_json(row["state"], outage_id) for row in rows)
        return self._choruses[outage_id].others(report.source, report.key)

    def opened_of(self, series: str) -> list[tuple[str, datetime]]:
        rows = self._run(OPENED_OF, (series,)).fetchall()
        return [(f"{PREFIX[Kind.MAINTENANCE]}-{row['number']}", row["start"]) for row in rows]

    def open(self, outage: Outage) -> Outage:
        self.lock(["the next number"])
        row = self._run(
            "insert into outage"
            " (kind, number, source, group_key, revision, by_person, test, opened_at, closed_at, release, alert,"
            " withdrawn, calm_since, observed, stated)"
            " values (%(kind)s, (select coalesce(max(number), 0) + 1 from outage where kind = %(kind)s), %(source)s,"
            " %(group)s, %(revision)s, %(by_person)s, %(test)s, %(opened_at)s, %(closed_at)s, %(release)s, %(alert)s,"
            " %(withdrawn)s, %(calm_since)s, %(observed)s, %(stated)s)"
            " returning id, number",
            _columns(outage),
        ).fetchone()
        assert row is not None
        return Outage(
            **{name: getattr(outage, name) for name in outage.__slots__ if name not in ("id", "number")},
            id=row["id"],
            number=row["number"],
        )

    def revise(self, outage: Outage) -> None:
        self._run(
            "update outage set revision = %(revision)s, closed_at = %(closed_at)s, release = %(release)s,"
            " alert = %(alert)s, withdrawn = %(withdrawn)s, calm_since = %(calm_since)s, observed = %(observed)s,"
            " merged_into = %(merged_into)s, stated = %(stated)s, revised_at = clock_timestamp() where id = %(id)s",
            _columns(outage),
        )

    def take_in(self, gone: Outage, whole: Outage) -> None:
        self.revise(gone)
        family.take_in(self._run, gone, whole)
        self._choruses.clear()

    def move(self, signals: Iterable[Signal], outage: Outage) -> None:
        family.move(self._run, signals, outage)
        self._choruses.clear()

    def note_revision(
        self,
        outage: Outage,
        heard: Heard,
        newsworthy: bool,
        act: Act = Act.REPORT,
        notices: tuple[str, ...] = (),
        other: str | None = None,
    ) -> None:
        self._run(
            "insert into revision (outage_id, revision, at, event_id, author, by_person, newsworthy, facts, act,"
            " notices, other) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                outage.id,
                outage.revision,
                heard.received_at,
                heard.id,
                heard.author,
                heard.person,
                newsworthy,
                facts_to_json(outage.facts),
                act.value,
                list(notices),
                other,
            ),
        )

    def note_signal(self, signal: Signal, outage_id: int | None) -> None:
        self._run(
            "insert into signal (source, key, outage_id, state) values (%s, %s, %s, %s)"
            " on conflict (source, key) do update set outage_id = excluded.outage_id, state = excluded.state",
            (signal.source, signal.key, outage_id, signal_to_json(signal)),
        )
        for outage, chorus in self._choruses.items():
            (chorus.hear if outage == outage_id else chorus.forget)(signal)

    def note_event(self, heard: Heard, verdict: str, reason: str | None, report: Report, outage: Outage | None) -> None:
        self._run(
            "insert into event (id, received_at, source, author, role, format, body, verdict, reason, clock_ahead,"
            " outage_id, revision, act, from_revision, alive)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                heard.id,
                heard.received_at,
                report.source,
                heard.author,
                heard.role,
                heard.format,
                heard.body,
                verdict,
                reason,
                report.clock_ahead,
                outage.id if outage else None,
                outage.revision if outage else None,
                report.act.value,
                report.from_revision,
                report.alive,
            ),
        )
        self._run("update failed set replayed_at = clock_timestamp() where id = %s", (heard.id,))

    def note_failed(self, heard: Heard, reason: str) -> None:
        self._run(
            "insert into failed (id, source, author, role, format, reason, body) values (%s, %s, %s, %s, %s, %s, %s)"
            " on conflict (id) do update set reason = excluded.reason, tries = failed.tries + 1, replayed_at = null,"
            " dismissed_at = null, dismissed_by = null, dismissed_why = null,"
            " body = excluded.body, forgotten_at = null,"
            " at = case when failed.forgotten_at is null then failed.at else excluded.at end",
            (heard.id, heard.source, heard.author, heard.role, heard.format, reason, heard.body),
        )


def _parts(name: str) -> tuple[str, int]:
    prefix, _, number = name.partition("-")
    kinds = {"INC": Kind.INCIDENT, "MNT": Kind.MAINTENANCE, "ANN": Kind.ANNOUNCEMENT}
    if int(number) >= 2**31:
        raise BadEvent(f"there is no {name}")
    return kinds[prefix].value, int(number)


def _columns(outage: Outage) -> dict[str, Any]:
    return {
        "id": outage.id,
        "kind": outage.kind.value,
        "source": outage.source,
        "group": outage.group,
        "revision": outage.revision,
        "by_person": outage.by_person,
        "test": outage.test,
        "opened_at": outage.opened_at,
        "closed_at": outage.closed_at,
        "release": outage.release.value,
        "alert": outage.alert,
        "withdrawn": outage.withdrawn,
        "calm_since": outage.calm_since,
        "merged_into": outage.merged_into,
        "observed": facts_to_json(outage.observed),
        "stated": facts_to_json(outage.stated),
    }
