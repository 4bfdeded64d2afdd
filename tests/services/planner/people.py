"""A record with people and notices in it; windows are frozen as the planner freezes them, at a clock that stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from forewarn.contracts.policy import Policy
from forewarn.notice import Channel, Occasion
from forewarn.runtime.postgres import Database
from forewarn.subscriber import Side
from services.planner.audience import Asked, Group, audience
from services.planner.expand import Frozen
from services.planner.windows import FrozenWindows
from tests.support.asked import asked

AS_READ = "-c forewarn.delivery=sandbox -c timezone=UTC"
POLICY = Policy.model_validate({"guests": ["dana@acme.example", "@guests.example"]})


class People:
    """One outage that touches `pay`; every notice has a window of everybody, and goes out in one rank."""

    def __init__(self, url: str, planner: Database) -> None:
        self.url, self.planner = url, planner
        self.windows = FrozenWindows(planner, POLICY, timedelta(minutes=10))
        self.run("update control set epoch = 'e'")
        self.run("insert into component (key, public_name) values ('pay', 'payments'), ('mail', 'mail')")
        self.outage: int = self.one(
            "insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated)"
            " values ('incident', 1, 'people', 1, true, false, forewarn_now(), '{}', '{}') returning id"
        )

    def connect(self) -> psycopg.Connection[dict[str, Any]]:
        return psycopg.connect(self.url, row_factory=dict_row, options=AS_READ, autocommit=True)

    def run(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return asked(self.url, sql, values, AS_READ)

    def one(self, sql: str, *values: Any) -> Any:
        return next(iter(self.run(sql, *values)[0].values()))

    def it_is(self, moment: str) -> None:
        """The clock that people read stands at this moment."""
        self.run(
            "insert into fast_clock (real_start, told_start, factor) values (clock_timestamp(), %s, 1e-9)"
            " on conflict (one) do update set told_start = excluded.told_start, real_start = excluded.real_start",
            moment,
        )

    # -- people ------------------------------------------------------------------------------------------
    def person(
        self,
        key: str,
        *,
        uses: str = "pay",
        inside: bool = False,
        address: str | None = None,
        quiet: tuple[str, str] | None = None,
        zone: str = "Europe/Berlin",
    ) -> None:
        self.run("insert into zone (name) values (%s) on conflict do nothing", zone)
        person = self.one(
            "insert into subscriber (key, zone_id, inside, token)"
            " select %s, id, %s, %s from zone where name = %s returning id",
            *(key, inside, key, zone),
        )
        self.run(
            "insert into address (subscriber_id, channel, address, quiet_from, quiet_to)"
            " values (%s, 'email', %s, %s, %s)",
            *(person, address or f"{key}@acme.example", *(quiet or (None, None))),
        )
        self.run(
            "insert into stake (subscriber_id, role, component_id) select %s, %s, id from component where key = %s",
            *(person, "support" if inside else "customer", uses),
        )

    def leaves(self, key: str) -> None:
        """Not in the audience any more."""
        self.run("delete from stake where subscriber_id = (select id from subscriber where key = %s)", key)

    def sleeps(self, key: str, quiet_from: str, quiet_to: str) -> None:
        self.run(
            "update address set quiet_from = %s, quiet_to = %s"
            " where subscriber_id = (select id from subscriber where key = %s)",
            *(quiet_from, quiet_to, key),
        )

    # -- notices -----------------------------------------------------------------------------------------
    def notice(
        self,
        notice: str,
        occasion: str = "first",
        *,
        side: str = "outside",
        names: tuple[str, ...] = (),
        minimums: tuple[str, ...] | None = None,
        mode: str = "live",
        test: bool = False,
        severity: str = "major",
    ) -> int:
        """A notice released with one window; the window."""
        self.run(
            "insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test, names,"
            " minimums) values (%s, %s, %s, %s, %s, 'urgent', forewarn_now(), 'hash', %s, %s, %s, %s)",
            *(notice, self.outage, side, occasion, notice, mode, test, list(names), minimums and list(minimums)),
        )
        self.run("insert into notice_channel (notice_id, channel, state) values (%s, 'email', 'held')", notice)
        return self.released(notice, severity)

    def released(self, notice: str, severity: str = "major") -> int:
        self.run(
            "update notice_channel set state = 'released', facts = jsonb_build_object('severity', %s::text),"
            ' touched = \'[{"component": "pay"}]\' where notice_id = %s',
            *(severity, notice),
        )
        self.run(
            "insert into content (notice_id, channel, voice, locale, told, body) select %s, 'email', v, 'en', t, '{}'"
            " from unnest(array['customer', 'support', 'internal']) v, unnest(array[true, false]) t",
            notice,
        )
        return self.window(notice, 9)

    def window(self, notice: str, rank: int) -> int:
        window: int = self.one(
            "insert into notice_window (notice_id, channel, rank, lo, hi, again_at)"
            " select %s, 'email', %s, min(id), max(id), clock_timestamp() from subscriber returning id",
            *(notice, rank),
        )
        return window

    def freeze(self, window: int) -> Frozen:
        frozen = self.windows.freeze(window)
        assert frozen is not None
        return frozen

    def tell(self, notice: str, occasion: str = "first", **kind: Any) -> dict[str, str]:
        """The notice, frozen, and accepted for whoever is called; letters by key as they were frozen."""
        self.freeze(self.notice(notice, occasion, **kind))
        letters = self.letters(notice)
        self.accepted(notice)
        return letters

    def wake(self, child: str) -> dict[str, str]:
        """A child that stands, released and frozen; its letters."""
        self.freeze(self.released(child))
        return self.letters(child)

    def accepted(self, notice: str) -> None:
        self.run(
            "update batch set outcomes = translate(outcomes, '.', 'a')"
            " where window_id in (select id from notice_window where notice_id = %s)",
            notice,
        )

    def letters(self, notice: str) -> dict[str, str]:
        rows = self.run(
            "select s.key, substr(b.outcomes, u.place::int, 1) as letter from notice_window w"
            " join batch b on b.window_id = w.id cross join unnest(b.ids) with ordinality as u (id, place)"
            " join subscriber s on s.id = u.id where w.notice_id = %s order by s.key",
            notice,
        )
        assert len({row["key"] for row in rows}) == len(rows), "nobody is planned twice by one notice"
        return {row["key"]: row["letter"] for row in rows}

    def children(self) -> list[dict[str, Any]]:
        return self.run(
            "select n.*, nc.state, nc.hold, nc.hold_until from notice n join notice_channel nc on nc.notice_id = n.id"
            " where n.occasion = 'wake' order by n.serial"
        )

    def child(self) -> str:
        """The one child that is held."""
        (child,) = [row for row in self.children() if row["state"] == "held"]
        return str(child["id"])

    def wake_moments(self) -> list[datetime]:
        return [row["wake_at"] for row in self.run("select wake_at from batch where wake_at is not null order by 1")]

    # -- previews ----------------------------------------------------------------------------------------
    def audience(self, occasion: str = "first", **kind: Any) -> tuple[Group, ...]:
        asked: dict[str, Any] = {"outage_id": self.outage, "side": Side.OUTSIDE, "touched": ["pay"], "mode": "live"}
        asked |= {"channel": Channel.EMAIL, "test": False, "critical": False, **kind}
        with self.planner.begin() as connection:
            return audience(connection.execute, POLICY, Asked(occasion=Occasion(occasion), **asked))


@contextmanager
def people(url: str) -> Iterator[People]:
    planner = Database(url, "forewarn_planner", "sandbox", 3)
    planner.open()
    yield People(url, planner)
    planner.close()
