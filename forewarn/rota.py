"""Rotas: people who take turns, each for a shift that changes at the same time by the clock on the wall."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from forewarn.wallclock import moment_of, wall_of


@dataclass(frozen=True, slots=True)
class Rota:
    """People in turn, each on duty for `every`, whole days; the first of them from `since`, naive, in that zone.

    It goes on for ever, and has always gone on: before `since` the turns are the same.
    """

    people: tuple[str, ...]
    every: timedelta
    since: datetime
    zone: ZoneInfo


def shift_at(rota: Rota, now: datetime) -> int:
    """The number of the shift that this moment lies in; the one that begins at `since` is 0.

    A day that a zone leaves out of its calendar takes with it a shift that begins and ends there.
    """
    shift = (wall_of(now, rota.zone) - rota.since) // rota.every
    begun = moment_of(rota.since + shift * rota.every, rota.zone) <= now
    return shift if begun else shift - 1  # it is to begin at the end of an hour that is shown twice


def in_turn(rota: Rota, now: datetime) -> tuple[str, ...]:
    """Everybody once: who is on duty, who comes next, and so on."""
    turn = shift_at(rota, now) % len(rota.people)
    return tuple(dict.fromkeys(rota.people[turn:] + rota.people[:turn]))
