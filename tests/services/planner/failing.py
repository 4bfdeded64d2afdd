"""Notices that fail to reach people, by person and channel, and who has a place in what follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from forewarn.access import TokenRole
from forewarn.delivery import OPEN
from services.planner.compose import Composer
from services.planner.owed import Debts
from tests.services.planner.desks import POLICY, TOKENS, Office, office

CUSTOMERS = ("hanna", "kenji", "owen")
NOTHING: Any = None
DEBTS = Debts(NOTHING, NOTHING, POLICY, NOTHING, NOTHING, NOTHING, NOTHING)
"""Only what is asked of the database alone."""


@contextmanager
def operated(database: str, composer: Composer) -> Iterator[Office]:
    """A desk where an operator sits too."""
    with patch.dict(TOKENS, {"olga": (TokenRole.OPERATOR, "people")}), office(database, composer, POLICY) as here:
        yield here


def sent(desk: Office, **event: Any) -> int:
    """An event's notices have left: everybody has a place, nobody an answer yet."""
    outage = desk.says("dana", **event)
    for _ in range(4):
        desk.run("update notice_channel set not_before = clock_timestamp()")
        desk.plans.plan(outage)
        desk.freeze()
        desk.run(
            "update batch set outcomes = translate(outcomes, '.', 'a') where window_id in (select w.id from"
            " notice_window w join notice n on n.id = w.notice_id where n.side = 'inside')"
        )
        if not desk.waits():
            break
    return outage


def consented(desk: Office, *people: str) -> None:
    """They get a webhook, and want to be told by it."""
    desk.endpoint(*people)
    desk.run("update address set consent = true where channel = 'webhook'")


def answered(desk: Office, outage: int, by: str = "email", **letters: str) -> None:
    """These people's open positions on this channel end so, the others' accepted; the next plan sees it."""
    for row in desk.rows(
        "select b.id, b.ids, b.outcomes from batch b join notice_window w on w.id = b.window_id where w.channel = %s",
        by,
    ):
        names = {r["id"]: r["key"] for r in desk.rows("select id, key from subscriber")}
        ends = [
            letters.get(names[person], "a") if letter == OPEN else letter
            for person, letter in zip(row["ids"], row["outcomes"], strict=True)
        ]
        desk.run(
            "update batch set outcomes = %s, first_at = clock_timestamp(), last_at = clock_timestamp() where id = %s",
            *("".join(ends), row["id"]),
        )
    desk.plans.plan(outage)
    desk.freeze()


def places(desk: Office, occasion: str, channel: str) -> dict[str, str]:
    """Letters by person of the newest notice of this occasion to customers."""
    rows = desk.rows(
        "select s.key, substr(b.outcomes, u.place::int, 1) as letter from notice n"
        " join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id"
        " cross join unnest(b.ids) with ordinality as u (id, place) join subscriber s on s.id = u.id"
        " where n.side = 'outside' and w.channel = %s and n.id = (select id from notice"
        "  where occasion = %s and side = 'outside' order by serial desc limit 1)",
        *(channel, occasion),
    )
    assert len({row["key"] for row in rows}) == len(rows), "nobody is planned twice by one notice"
    return {row["key"]: row["letter"] for row in rows}


def children(desk: Office, occasion: str = "failover") -> list[dict[str, Any]]:
    return desk.rows(
        "select n.*, nc.channel, nc.state from notice n join notice_channel nc on nc.notice_id = n.id"
        " where n.occasion = %s order by n.serial",
        occasion,
    )


def words(desk: Office, occasion: str) -> set[bool]:
    """Whether the words of this notice were those for whoever was told before."""
    rows = desk.rows(
        "select c.told from notice n join notice_window w on w.notice_id = n.id join batch b on b.window_id = w.id"
        " join content c on c.id = b.content_id where n.occasion = %s",
        occasion,
    )
    return {row["told"] for row in rows}


def replay(desk: Office, notice: str, by: str = "olga") -> tuple[int, Any]:
    return desk.ask("POST", f"/v1/notices/{notice}/replay", {"reason": "The relay is mended."}, by)


def cancel(desk: Office, notice: str) -> None:
    desk.post(f"/v1/notices/{notice}/cancel", {"reason": "It was the wrong text."})


def the_first(desk: Office) -> str:
    return str(desk.notices()[0]["id"])
