"""Who may do what behind a token."""

from dataclasses import dataclass
from enum import StrEnum


class TokenRole(StrEnum):
    """What a token is for. A source reports; a communicator speaks as a person; an operator runs the system."""

    SOURCE = "source"
    COMMUNICATOR = "communicator"
    APPROVER = "approver"
    OPERATOR = "operator"
    READER = "reader"


PERSONS = frozenset({TokenRole.COMMUNICATOR, TokenRole.APPROVER, TokenRole.OPERATOR})
SPEAKERS = PERSONS | {TokenRole.SOURCE}
READERS = PERSONS | {TokenRole.READER}


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds a token: its name, its role, and the source its events come from."""

    name: str
    role: TokenRole
    source: str

    @property
    def person(self) -> bool:
        return self.role in PERSONS
