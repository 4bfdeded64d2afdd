"""What enters the directory: the catalog, and the people who care about what is in it."""

from collections.abc import Iterator
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from forewarn.contracts.addresses import Email, Phone, Way, Webhook
from forewarn.contracts.catalog import CatalogAccount, CatalogComponent
from forewarn.contracts.event import Line
from forewarn.contracts.reading import Locale, TimeOfDay, Zone
from forewarn.contracts.references import AccountKey, ComponentKey, TeamKey
from forewarn.subscriber import Role

__all__ = ["CatalogAccount", "CatalogComponent", "Person", "faults_in"]

_OF_ACCOUNTS = frozenset({Role.CUSTOMER, Role.ADMIN, Role.ACCOUNT_TEAM})
_OF_COMPONENTS = frozenset({Role.SUPPORT, Role.EXECUTIVE, Role.INTERNAL})


class Person(BaseModel):
    """One row of people: one person (or endpoint) in one role. A field not given says nothing new."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Line | None = Field(None, description="The source's own id; without one, the email is the identity.")
    role: Role
    accounts: tuple[AccountKey, ...] = ()
    components: tuple[ComponentKey, ...] = Field((), description="For support, executive and internal: only these.")
    teams: tuple[TeamKey, ...] = Field((), description="For owner: the teams whose components matter.")
    name: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    webhook: Webhook | None = None
    consents: tuple[Way, ...] | None = Field(None, description="Ways agreed to; an empty list takes consent back.")
    locale: Locale | None = None
    zone: Zone | None = None
    quiet_from: TimeOfDay | None = None
    quiet_to: TimeOfDay | None = None
    unsubscribed: tuple[Way, ...] = Field((), description="Never taken back by an import.")

    @property
    def key(self) -> str:
        """Who this is: the same key is the same subscriber."""
        return self.id or self.email or ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if said := "; ".join(self._contradictions()):
            raise ValueError(said)
        return self

    def _contradictions(self) -> Iterator[str]:
        if not self.key:
            yield "needs an id or an email"
        if (self.quiet_from is None) != (self.quiet_to is None):
            yield "quiet_from and quiet_to go together"
        if self.role in _OF_ACCOUNTS and not self.accounts:
            yield f"role {self.role} needs accounts"
        if self.components and self.role not in _OF_COMPONENTS:
            yield f"role {self.role} has no components"
        if self.role is Role.OWNER and (self.accounts or not self.teams):
            yield "role owner needs teams, and no accounts"
        if self.teams and self.role is not Role.OWNER:
            yield f"role {self.role} has no teams"


def faults_in(fault: ValidationError, most: int = 20) -> str:
    """Every fault on one line: the field and what is wrong with it, never the value itself."""
    said = []
    for error in fault.errors(include_url=False, include_input=False, include_context=False)[:most]:
        place = ".".join(str(part) for part in error["loc"])
        said.append(f"{place}: {error['msg']}".removeprefix(": ").replace("Value error, ", ""))
    return "; ".join(said)
