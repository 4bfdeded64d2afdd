"""What enters the directory: the catalog of components and accounts, and the people who care about them."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from forewarn.contracts.addresses import Email, Phone, Way, Webhook
from forewarn.contracts.event import Line, Prose
from forewarn.contracts.reading import Locale, TimeOfDay, Zone
from forewarn.contracts.references import DEFAULT, AccountRef, ComponentRef, Name, SystemRef, TeamRef, key_of
from forewarn.subscriber import Role


class _Entry(BaseModel):
    """A field left empty (null) is one not given."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _given(cls, data: Any) -> Any:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data


class Metadata(_Entry):
    name: Name
    namespace: Name = DEFAULT


class _CatalogEntry(_Entry):
    metadata: Metadata

    @property
    def key(self) -> str:
        """Lower-case name, with its namespace unless that is `default`."""
        return self.key_of(self.metadata.name)

    def key_of(self, reference: str) -> str:
        """The key of what a reference names, seen from this entry's namespace."""
        return key_of(reference, self.metadata.namespace)


class ComponentSpec(_Entry):
    owner: TeamRef | None = None
    system: SystemRef | None = None
    needs: list[ComponentRef] = Field([], alias="dependsOn")
    needs_softly: list[ComponentRef] = Field([], alias="softDependsOn")
    public_name: Line | None = Field(None, description="What customers call it; without: never named outside.")
    symptoms: dict[Locale, dict[Literal["momentary", "degraded", "down"], Prose]] = {}


class CatalogComponent(_CatalogEntry):
    """Backstage's Component or Resource; `public_name`, `symptoms` and `softDependsOn` are Forewarn's own."""

    spec: ComponentSpec = ComponentSpec()

    @property
    def owner(self) -> str | None:
        return self.key_of(self.spec.owner) if self.spec.owner else None

    @property
    def system(self) -> str | None:
        return self.key_of(self.spec.system) if self.spec.system else None

    @property
    def needs(self) -> list[str]:
        """Keys of what it cannot work without."""
        return sorted({self.key_of(ref) for ref in self.spec.needs})

    @property
    def needs_softly(self) -> list[str]:
        """Keys of what it misses but can do without; what is named as both is hard."""
        return sorted({self.key_of(ref) for ref in self.spec.needs_softly}.difference(self.needs))


class AccountSpec(_Entry):
    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    tier: Line | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    uses: list[ComponentRef] = []


class CatalogAccount(_CatalogEntry):
    """A customer organisation, or one of our own, and the components it uses."""

    version: Literal["forewarn/v1"] = Field(alias="apiVersion")
    spec: AccountSpec = AccountSpec()

    @property
    def uses(self) -> list[str]:
        return sorted({self.key_of(ref) for ref in self.spec.uses})


AccountKey = Annotated[AccountRef, AfterValidator(key_of)]
ComponentKey = Annotated[ComponentRef, AfterValidator(key_of)]
TeamKey = Annotated[TeamRef, AfterValidator(key_of)]

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
