"""Who communicates for an outage when nobody said so, how they are reached, and when they are warned (T15, T16)."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, model_validator

from forewarn.contracts.event import Line
from forewarn.contracts.policy_kinds import ReachUrl, ShiftText, WallClock, Whole, Zone
from forewarn.rota import Rota

DAYS = {"d": 1, "w": 7}
NAMED = 20

WarnMinutes = Annotated[Whole, Field(ge=1, le=24 * 60)]


class RotaSetting(BaseModel, frozen=True, extra="forbid"):
    """People in turn. `since`: when the first of them begins, by the clock on the wall of the zone."""

    people: tuple[Line, ...] = Field(min_length=1)
    every: ShiftText = "1w"
    since: WallClock
    zone: Zone = "UTC"

    @property
    def rota(self) -> Rota:
        every = timedelta(days=int(self.every[:-1]) * DAYS[self.every[-1]])
        return Rota(self.people, every, self.since, ZoneInfo(self.zone))


class Communication(BaseModel, frozen=True, extra="forbid"):
    """Rotas of communicators by team, where each person is reached, and what they are warned of.

    `reach`: URLs as Apprise reads them. What is secret in one stands in the environment of dispatch, as ${NAME}.
    """

    rotas: dict[Line, RotaSetting] = {}
    default_rota: Line | None = None
    owners: dict[Line, Line] = {}
    reach: dict[Line, Annotated[tuple[ReachUrl, ...], Field(min_length=1)]] = {}
    warn_minutes: tuple[WarnMinutes, ...] = (15, 5)
    escalate_after_holdings: Whole = Field(2, ge=1, le=100)
    unanswered_minutes: Whole = Field(10, ge=1, le=24 * 60)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = [*self._dangling(), *self._unreached()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def rota_of(self, team: str | None) -> Rota | None:
        """The rota of the team that owns something; None for a team that has none."""
        name = self.owners.get(team) if team is not None else None
        return self.rotas[name].rota if name is not None else None

    @property
    def default(self) -> Rota | None:
        return self.rotas[self.default_rota].rota if self.default_rota is not None else None

    def _dangling(self) -> Iterator[str]:
        named = {"default_rota": self.default_rota, **{f"owners.{team}": rota for team, rota in self.owners.items()}}
        for place, rota in named.items():
            if rota is not None and rota not in self.rotas:
                yield f"{place} names {rota}, which is not in rotas"

    def _unreached(self) -> Iterator[str]:
        """Whoever has a turn must be reached, or the turn is nobody's."""
        turns = {person: name for name, rota in self.rotas.items() for person in rota.people}
        for person, rota in turns.items():
            if person not in self.reach:
                yield f"{person} is in the rota {rota} and not in reach"


def unreached(person: str, reach: Collection[str]) -> str | None:
    """Why no page gets to them, and to whom one would; None: one does, or nobody is paged at all."""
    if not reach or person in reach:
        return None
    names = sorted(reach)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"nobody by the name of {person} can be paged; these can: {', '.join(names[:NAMED])}{more}"
