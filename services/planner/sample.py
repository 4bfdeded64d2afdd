"""One notice that docs/texts.md shows."""

from dataclasses import dataclass

from forewarn.subscriber import Voice
from services.planner.telling import Telling


@dataclass(frozen=True, slots=True)
class Sample:
    """One notice: when it comes, what it tells, to whom. `told`: whether they have had one of this outage."""

    title: str
    telling: Telling
    voice: Voice = Voice.CUSTOMER
    told: bool = True
