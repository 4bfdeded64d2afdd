"""Who communicates for an outage: whoever is said, else whose turn it is in a rota (T15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forewarn.component import Touched
from forewarn.contracts.policy_communication import Communication
from forewarn.outage import Facts
from forewarn.rota import Rota, in_turn


class By(StrEnum):
    """What made somebody the communicator."""

    WORD = "word"
    OWNER = "owner"
    DEFAULT = "default"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Duty:
    """Who communicates, None if nobody does, and by what; `others` of the same rota, the next to be asked first."""

    person: str | None
    by: By
    others: tuple[str, ...] = ()
    responder: bool = False


def duty_of(
    communication: Communication,
    facts: Facts,
    touched: Sequence[Touched],
    owners: Mapping[str, str | None],
    now: datetime,
) -> Duty:
    """Whose outage it is. `owners`: component → the team that owns it.

    The rota is of whoever owns the worst of what is touched; of equally bad components the named ones come first, and
    one that nobody with a rota owns is passed over.
    """
    rota, by = _rota(communication, touched, owners)
    turn = in_turn(rota, now) if rota is not None else ()
    person = facts.communicator or next(iter(turn), None)
    others = tuple(other for other in turn if other != person)
    return Duty(person, By.WORD if facts.communicator else by, others, person in facts.responders)


def _rota(
    communication: Communication, touched: Sequence[Touched], owners: Mapping[str, str | None]
) -> tuple[Rota | None, By]:
    for each in sorted(touched, key=lambda touched: -touched.impact.weight):
        rota = communication.rota_of(owners.get(each.component))
        if rota is not None:
            return rota, By.OWNER
    rota = communication.default
    return rota, By.NOTHING if rota is None else By.DEFAULT
