"""Who a subscriber is to an outage: the role of a stake, its side, and the voice a text is written in."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Inside hears first; whoever has an inside stake is inside only."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class Role(StrEnum):
    """Why a subscriber cares; a stake is a role and its target."""

    CUSTOMER = "customer"
    ADMIN = "admin"
    SUPPORT = "support"
    ACCOUNT_TEAM = "account_team"
    EXECUTIVE = "executive"
    INTERNAL = "internal"
    OWNER = "owner"


class Voice(StrEnum):
    """For whom a text is written (M3)."""

    CUSTOMER = "customer"
    ADMIN = "admin"
    SUPPORT = "support"
    ACCOUNT_TEAM = "account_team"
    EXECUTIVE = "executive"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a role is heard: on which side, in which voice, and in which rank of its side (0 leaves first)."""

    role: Role
    side: Side
    voice: Voice
    rank: int


HEARINGS: tuple[Hearing, ...] = (
    # Strongest first: somebody with two stakes is written to in the voice that comes first here.
    Hearing(Role.SUPPORT, Side.INSIDE, Voice.SUPPORT, 0),
    Hearing(Role.ACCOUNT_TEAM, Side.INSIDE, Voice.ACCOUNT_TEAM, 0),
    Hearing(Role.EXECUTIVE, Side.INSIDE, Voice.INTERNAL, 1),
    Hearing(Role.OWNER, Side.INSIDE, Voice.INTERNAL, 1),
    Hearing(Role.INTERNAL, Side.INSIDE, Voice.INTERNAL, 1),
    Hearing(Role.ADMIN, Side.OUTSIDE, Voice.CUSTOMER, 0),
    Hearing(Role.CUSTOMER, Side.OUTSIDE, Voice.CUSTOMER, 0),
)

HEAD_START_RANK = 0
"""Support and account teams: the inside rank that holds customers back until it is settled (W3)."""

VOICES: dict[Side, tuple[Voice, ...]] = {
    side: tuple(dict.fromkeys(hearing.voice for hearing in HEARINGS if hearing.side is side)) for side in Side
}


def side_of(roles: frozenset[Role]) -> Side:
    """Inside if any role is an inside one, else outside."""
    inside = {hearing.role for hearing in HEARINGS if hearing.side is Side.INSIDE}
    return Side.INSIDE if roles & inside else Side.OUTSIDE
