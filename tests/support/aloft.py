"""A notice in the air, as the planner's record has it: people, a release with one window, batches with letters."""

from collections.abc import Sequence
from typing import Any

from tests.support.asked import asked

NOTICE = "00c0ffee00c0ffee"


class Aloft:
    """Outage INC-1 with notice NOTICE on email. Says and asks as the owner of the database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return asked(self.url, sql, values)

    def one(self, sql: str, *values: Any) -> Any:
        """The only value there is."""
        ((value,),) = (row.values() for row in self.run(sql, *values))
        return value

    def released(self, people: int) -> list[int]:
        """An outage, customers who hear of everything, and a notice released to them; their ids."""
        self.run(
            "insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated)"
            " values ('incident', 1, 'people', 1, true, false, clock_timestamp(), '{}', '{}')"
        )
        self.run("insert into zone (name) values ('Europe/Berlin')")
        rows = self.run(
            "with s as (insert into subscriber (key, zone_id, token)"
            "  select 'reader' || n, z.id, 'token' || n from generate_series(1, %s) n, zone z returning id, key),"
            " a as (insert into address (subscriber_id, channel, address)"
            "  select id, 'email', key || '@nordwind.example' from s),"
            " k as (insert into stake (subscriber_id, role) select id, 'customer' from s)"
            " select id from s order by id",
            people,
        )
        self.run(
            "insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test)"
            " select %s, id, 'outside', 'first', '1', 'urgent', clock_timestamp(), '', 'sandbox', false from outage",
            NOTICE,
        )
        self.run(
            "insert into notice_channel (notice_id, channel, state, revision, facts, touched, released_at, expires_at)"
            " values (%s, 'email', 'released', 1, '{}', '[]', clock_timestamp(), clock_timestamp() + interval '1 day')",
            NOTICE,
        )
        self.run(
            "insert into content (notice_id, channel, voice, locale, told, body)"
            " values (%s, 'email', 'customer', 'en', false, '{}')",
            NOTICE,
        )
        return [row["id"] for row in rows]

    def window(self, rank: int = 9, frozen: bool = True) -> int:
        """A window over everybody; frozen ones are published too."""
        window: int = self.one(
            "insert into notice_window (notice_id, channel, rank, lo, hi, expanded_at, published_at, again_at)"
            " select %s, 'email', %s, min(id), max(id), m, m, clock_timestamp() + interval '1 hour'"
            " from subscriber, (select case when %s then clock_timestamp() end) x (m) group by m returning id",
            NOTICE, rank, frozen,
        )  # fmt: skip
        return window

    def batch(self, window: int, people: Sequence[int], outcomes: str) -> int:
        batch: int = self.one(
            "insert into batch (window_id, content_id, lane, ids, outcomes, epoch, again_at)"
            " select %s, id, 'urgent', %s, %s, (select epoch from control), clock_timestamp() + interval '1 hour'"
            " from content returning id",
            window, list(people), outcomes,
        )  # fmt: skip
        return batch

    def stop(self, reason: str = "superseded") -> None:
        self.run("insert into stop (notice_id, channel, reason) values (%s, 'email', %s)", NOTICE, reason)

    def outcomes(self, batch: int) -> str:
        return str(self.one("select outcomes from batch where id = %s", batch))
