"""What an outage touches, read from the catalog."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from forewarn.component import Dependency, Impact, Touched, spread
from forewarn.lead import lead_from
from forewarn.notice import Channel
from forewarn.runtime.postgres import Connection, queries
from services.planner.terms import Terms

SQL = queries(Path(__file__).parent / "sql")

Run = Callable[..., Any]


def touched_by(connection: Connection, components: Mapping[str, Impact]) -> tuple[Touched, ...]:
    rows = connection.execute("select component_key, needs, hard from dependency").fetchall()
    return spread(components, (Dependency(r["component_key"], r["needs"], r["hard"]) for r in rows))


def terms_of(run: Run, touched: Sequence[Touched]) -> Terms:
    """What the accounts that use what is touched ask of planned work."""
    row = run(SQL["terms"], {"touched": [t.component for t in touched]}).fetchone()
    return Terms(tuple(map(lead_from, row["minimums"])), tuple(row["countries"]))


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
        "   and d.channel = any(%s)) order by t.name limit 100",
        ([t.component for t in touched], [*Channel]),
    ).fetchall()
    return [row["name"] for row in rows]
