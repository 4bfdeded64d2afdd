"""How a promise ends and when a holding notice leaves is the same in the simulation as in PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from forewarn.contracts.policy import Policy
from forewarn.notice import Channel, ChannelState, Ending, Occasion
from services.planner import promises
from services.planner.promises import ON_THE_WAY
from services.planner.simulation import promising
from services.planner.simulation.promising import Leg, Owed

Connection = psycopg.Connection[dict[str, Any]]

DELIVERY = Policy().delivery
HEAD_START = timedelta(seconds=DELIVERY.head_start_seconds)
RATE = DELIVERY.per_second(Channel.EMAIL)
CASES = 240
OCCASIONS = (
    *[Occasion.UPDATE, Occasion.HOLDING, Occasion.CORRECTION] * 2,
    Occasion.FIRST,
    Occasion.WAKE,
    Occasion.FAILOVER,
)


@dataclass(frozen=True, slots=True)
class Batch:
    letters: str
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up notice; its leg as the simulation would have it."""

    leg: Leg
    batches: tuple[Batch, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Situation:
    """An outage with its notices on one way."""

    notices: tuple[Made, ...]
    closed: bool
    paused: bool

    @property
    def legs(self) -> list[Leg]:
        return [made.leg for made in self.notices]

    @property
    def owed(self) -> Iterator[Owed]:
        return (Owed(made.leg.serial, made.due_at) for made in self.notices if made.due_at is not None)


def situation(rng: Random, now: datetime) -> Situation:
    """Serials do not follow the order of release, and half of what was released is due about now."""
    seconds = rng.sample(range(-400, -2), 6)
    notices = tuple(made(rng, now, serial, now + timedelta(seconds=at)) for serial, at in enumerate(seconds, 1))
    return Situation(notices[: rng.randint(1, 6)], rng.random() < 0.15, rng.random() < 0.2)


def made(rng: Random, now: datetime, serial: int, released_at: datetime) -> Made:
    name, occasion = f"n{serial}", rng.choice(OCCASIONS)
    dice = rng.random()
    if dice < 0.15:
        return Made(Leg(serial, name, occasion, rng.choice((ChannelState.WAITING, ChannelState.HELD))), (), None)
    if dice < 0.3:
        ended = rng.choice((Ending.SUPERSEDED, Ending.WITHDRAWN, Ending.CANCELLED))
        return Made(Leg(serial, name, occasion, ChannelState.DRAINED, ended), (), None)
    drained = rng.random() < 0.6
    letters = "aaaaaaRm" if drained else "aaaa...R"
    batches = tuple(batch(rng, letters, released_at) for _ in range(rng.choice((0, 1, 1, 2))))
    leg = Leg(
        serial,
        name,
        occasion,
        ChannelState.DRAINED if drained else ChannelState.RELEASED,
        released_at=released_at,
        planned=rng.choice((0, 125, 30 * RATE + 125)) if drained else None,
        unfrozen=not drained and bool(batches) and rng.random() < 0.2,
    )
    due = now + timedelta(seconds=rng.randint(-150, 200)) if rng.random() < 0.8 else None
    return Made(flown(leg, batches), batches, due)


def batch(rng: Random, letters: str, released_at: datetime) -> Batch:
    said = "".join(rng.choice(letters) for _ in range(rng.choice((1, 3, 6, 12))))
    if rng.random() < 0.25:
        said = said[0] * len(said)
    told = "a" in said
    first = released_at + timedelta(seconds=1)
    return Batch(said, first if told else None, first + timedelta(seconds=rng.randint(0, 200)) if told else None)


def flown(leg: Leg, batches: tuple[Batch, ...]) -> Leg:
    every = "".join(each.letters for each in batches)
    return replace(
        leg,
        last_at=max((each.last_at for each in batches if each.last_at is not None), default=None),
        total=len(every),
        open=every.count("."),
        uncalled=sum(each.letters.count(".") for each in batches if each.first_at is None),
        failed="R" in every,
    )


def written(db: Connection, here: Situation, now: datetime) -> int:
    """The situation as rows; the outage's id."""
    closed = now if here.closed else None
    outage = one(
        db,
        "insert into outage (kind, number, source, revision, by_person, test, opened_at, closed_at, observed, stated)"
        " values ('incident', 1, 'people', 1, true, false, %s, %s, '{}', '{}') returning id",
        now,
        closed,
    )["id"]
    for made in here.notices:
        write_notice(db, outage, made, now)
    if here.paused:
        db.execute("insert into pause (channel, author, reason, at) values ('email', 'rita', 'a test', %s)", (now,))
    return int(outage)


def write_notice(db: Connection, outage: int, made: Made, now: datetime) -> None:
    leg = made.leg
    db.execute(
        "insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test)"
        " values (%s, %s, 'outside', %s, '1', 'urgent', %s, 'x', 'sandbox', false)",
        (leg.notice, outage, leg.occasion, now),
    )
    db.execute(
        "insert into notice_channel (notice_id, channel, state, ended, released_at, planned)"
        " values (%s, 'email', %s, %s, %s, %s)",
        (leg.notice, leg.state, leg.ended, leg.released_at, leg.planned),
    )
    if made.batches:
        write_batches(db, made, now)
    if made.due_at is not None:
        promises.make(lambda sql, values: db.execute(sql, values), leg.notice, "email", made.due_at)


def write_batches(db: Connection, made: Made, now: datetime) -> None:
    content = one(
        db,
        "insert into content (notice_id, channel, voice, locale, told, body)"
        " values (%s, 'email', 'customer', 'en', false, '{}') returning id",
        made.leg.notice,
    )["id"]
    window = one(
        db,
        "insert into notice_window (notice_id, channel, rank, lo, hi, expanded_at, again_at)"
        " values (%s, 'email', 0, 1, 9, %s, %s) returning id",
        made.leg.notice,
        None if made.leg.unfrozen else now,
        now,
    )["id"]
    for each in made.batches:
        db.execute(
            "insert into batch (window_id, content_id, lane, ids, outcomes, epoch, first_at, last_at, again_at)"
            " values (%s, %s, 'urgent', %s, %s, 'e1', %s, %s, %s)",
            (window, content, list(range(len(each.letters))), each.letters, each.first_at, each.last_at, now),
        )


def before(owed: Owed, here: Situation, ended: list[Owed], other: tuple[datetime, int]) -> int:
    """For how many holding notices must leave earlier: for those of the same outage, and for this one of another."""
    people = {leg.serial: leg.people for leg in here.legs}
    same = (
        (each.due_at, people[each.serial])
        for each in ended
        if each.serial != owed.serial and each.state in ("open", "missed")
        if not promising.followed(each, here.legs)
    )
    return promising.before(owed, [other, *same], RATE)


def queued(db: Connection, people: int, later: int, due_at: datetime, now: datetime) -> None:
    """A notice of another outage of which nobody has been called, and a promise of its other side."""
    leg = Leg(1, "other", Occasion.FIRST, ChannelState.RELEASED, released_at=now)
    kept = Leg(2, "promised", Occasion.FIRST, ChannelState.DRAINED, released_at=now, planned=later)
    other = one(
        db,
        "insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated)"
        " values ('incident', 2, 'people', 1, true, false, %s, '{}', '{}') returning id",
        now,
    )["id"]
    write_notice(db, other, Made(leg, (Batch("." * people, None, None),), None), now)
    write_notice(db, other, Made(kept, (), due_at), now)
    db.execute("update notice set side = 'inside' where id = 'promised'")
    db.execute("update promise set side = 'inside' where notice_id = 'promised'")


def one(db: Connection, sql: str, *values: object) -> dict[str, Any]:
    row = db.execute(sql, values).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize("seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 8))])
def test_a_promise_ends_and_is_owed_a_holding_notice_as_in_the_record(database: str, seed: int) -> None:
    rng, ends = Random(seed), list[str]()
    with psycopg.connect(database, row_factory=dict_row) as db:
        for number in range(CASES // 8):
            now = one(db, "select forewarn_now() as now")["now"]
            here = situation(rng, now)
            outage, waiting = written(db, here, now), 20 * RATE * (number % 2)
            due_next, people = now + timedelta(seconds=60), 25 * RATE * (number % 3)
            queued(db, waiting, people, due_next, now)
            ahead = 0 if here.paused else waiting

            promises.settle(db.execute, outage)
            coming = {each.due_at for each in promises.coming(db.execute, outage, HEAD_START, DELIVERY)}

            rows = db.execute("select * from promise where side = 'outside'").fetchall()
            theirs = {
                row["notice_id"]: (row["state"], row["cause"], row["answered_by"], row["answered_at"]) for row in rows
            }
            ended = [
                promising.ended(owed, here.legs, now, closed=here.closed, paused=here.paused) for owed in here.owed
            ]
            ours = {f"n{o.serial}": (o.state, o.cause, o.answered_by, o.answered_at) for o in ended}
            way = ON_THE_WAY + HEAD_START
            due = {
                o.due_at
                for o in ended
                if not here.closed
                and promising.coming(o, here.legs, way, RATE, now, ahead + before(o, here, ended, (due_next, people)))
            }
            db.rollback()

            assert ours == theirs, here
            assert due == coming, here
            ends += [state for state, *_ in ours.values()] + ["coming"] * len(due)
    assert {"kept", "missed", "moot", "open", "coming"} <= set(ends)
