"""The components of the generated company, how they hang together, and the accounts that use them."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import orjson
import yaml

from forewarn.component import Dependency, Impact, spread
from forewarn.dev.generate.names import company
from forewarn.dev.generate.places import Place

OWN = "acme"
"""The key of the company's own account."""

TIERS = ("enterprise", *("business",) * 4, *("free",) * 5)
MANY = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 10, 12)
"""How many components an account picks; one that it picks twice counts once."""


@dataclass(frozen=True, slots=True)
class Account:
    """One customer; `weight` is its share in all people: the n-th largest has 1/n of the largest (Zipf)."""

    key: str
    name: str
    tier: str
    home: Place
    uses: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Catalog:
    """All that is in a catalog; `components` as components.yaml lists them."""

    components: Mapping[str, Mapping[str, Any]]
    accounts: tuple[Account, ...]

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The components that customers know, the most popular first."""
        return _products(self.components)

    @cached_property
    def teams(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c["team"] for c in self.components.values()))

    @cached_property
    def shares(self) -> dict[str, float]:
        """For each component: which share of the customers (0 to 1) its outage touches, as can be expected."""
        hard = [Dependency(key, needed) for key, c in self.components.items() for needed in c.get("needs", ())]
        whole = sum(account.weight for account in self.accounts)
        weights: dict[tuple[str, ...], float] = {}
        for account in self.accounts:
            weights[account.uses] = weights.get(account.uses, 0.0) + account.weight
        shares = {}
        for key in self.components:
            touched = {reached.component for reached in spread({key: Impact.DOWN}, hard)}
            shares[key] = sum(w for uses, w in weights.items() if not touched.isdisjoint(uses)) / whole
        return shares

    def touching(self, share: float) -> str:
        """The component whose outage comes nearest to touching this share of the customers."""
        return min(self.shares, key=lambda key: abs(self.shares[key] - share))

    def documents(self) -> Iterator[str]:
        """The YAML documents, one entry each, as `forewarn directory import` reads them."""
        symptoms = yaml.safe_load(Path(__file__).with_name("symptoms.yaml").read_text())
        for key, component in self.components.items():
            entry = _component(key, component, symptoms)
            yield yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=1000)
        yield _account(OWN, {"name": "Acme", "uses": self.products})
        for a in self.accounts:  # JSON is YAML, and a hundred times as fast to write
            yield _account(a.key, {"name": a.name, "tier": a.tier, "country": a.home.country, "uses": a.uses})


def catalog(accounts: int, rng: Random, homes: tuple[Place, ...]) -> Catalog:
    """The same components for every seed; so many accounts, the largest first."""
    components = yaml.safe_load(Path(__file__).with_name("components.yaml").read_text())
    products = _products(components)
    popular = list(accumulate(1 / (n + 3) for n in range(len(products))))
    crowded = list(accumulate(place.weight for place in homes))
    made = []
    for n in range(accounts):
        key, name = company(n)
        uses = dict.fromkeys(rng.choices(products, cum_weights=popular, k=rng.choice(MANY)))
        home = homes[bisect_left(crowded, rng.random() * crowded[-1])]
        made.append(Account(key, name, rng.choice(TIERS), home, tuple(sorted(uses)), 1 / (n + 1)))
    return Catalog(components, tuple(made))


def _products(components: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(key for key, component in components.items() if "public" in component)


def _component(key: str, component: Mapping[str, Any], symptoms: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    public = component.get("public")
    spec: dict[str, Any] = {"owner": component["team"], "system": component["system"]}
    spec |= {"dependsOn": component.get("needs", []), "softDependsOn": component.get("softly", [])}
    if public:
        said = {lang: {impact: text.format(public) for impact, text in all_.items()} for lang, all_ in symptoms.items()}
        spec |= {"public_name": public, "symptoms": said}
    return {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": key}, "spec": spec}


def _account(key: str, spec: Mapping[str, Any]) -> str:
    entry = {"apiVersion": "forewarn/v1", "kind": "Account", "metadata": {"name": key}, "spec": spec}
    return orjson.dumps(entry).decode() + "\n"
