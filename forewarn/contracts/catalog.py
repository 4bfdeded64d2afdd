"""The catalog as it enters the directory: components as Backstage describes them, and the accounts that use them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forewarn.contracts.event import Line, Prose
from forewarn.contracts.policy_kinds import MinimumNotice
from forewarn.contracts.reading import Country, Locale
from forewarn.contracts.references import DEFAULT, ComponentRef, Name, SystemRef, TeamRef, key_of


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
    country: Country | None = None
    minimum_notice: MinimumNotice | None = Field(None, description="How long before planned work it is told at least.")
    uses: list[ComponentRef] = []


class CatalogAccount(_CatalogEntry):
    """A customer organisation, or one of our own, and the components it uses."""

    version: Literal["forewarn/v1"] = Field(alias="apiVersion")
    spec: AccountSpec = AccountSpec()

    @property
    def uses(self) -> list[str]:
        return sorted({self.key_of(ref) for ref in self.spec.uses})
