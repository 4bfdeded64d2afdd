"""The generated catalog: whole, and honest about whom an outage touches."""

import pytest

from forewarn.component import Dependency, Impact, spread
from forewarn.contracts.reading import _zones
from forewarn.dev.generate.directory import Directory, directory
from forewarn.dev.generate.names import company, names
from forewarn.dev.generate.people import people
from forewarn.dev.generate.places import places


def touched_by(made: Directory, key: str) -> float:
    """The share of the customers' accounts in use by what an outage of the component reaches, person by person."""
    parts = made.catalog.components
    hard = [Dependency(name, needed) for name, part in parts.items() for needed in part.get("needs", ())]
    reached = {each.component for each in spread({key: Impact.DOWN}, hard)}
    uses = {account.key: account.uses for account in made.catalog.accounts}
    rows = [row for row in people(made) if row.role in ("customer", "admin")]
    return sum(any(not reached.isdisjoint(uses[a]) for a in row.accounts.split(";")) for row in rows) / len(rows)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_there_is_a_component_for_everybody_and_one_for_a_fifth(seed: int) -> None:
    made = directory(10_000, seed=seed)

    shares = {share: touched_by(made, made.catalog.touching(share)) for share in (1.0, 0.2)}

    assert shares[1.0] == 1.0
    assert shares[0.2] == pytest.approx(0.2, abs=0.05)


def test_everything_that_is_needed_exists_and_the_graph_is_deep() -> None:
    parts = directory(10).catalog.components
    hard = [Dependency(name, needed) for name, part in parts.items() for needed in part.get("needs", ())]
    soft = [named for part in parts.values() for named in part.get("softly", ())]

    reached = spread({"network": Impact.DOWN}, hard)

    assert len(parts) == 60
    assert len({part["system"] for part in parts.values()}) >= 5
    assert {dependency.needs for dependency in hard} | set(soft) <= set(parts)
    assert max(len(each.path) for each in reached) >= 5


def test_accounts_use_one_to_twelve_products_the_popular_ones_more() -> None:
    made = directory(50_000).catalog

    assert {len(account.uses) for account in made.accounts} >= {1, 2, 5, 8}
    assert all(1 <= len(account.uses) <= 12 for account in made.accounts)
    users = {product: sum(product in account.uses for account in made.accounts) for product in made.products}
    assert users[made.products[0]] > 3 * users[made.products[-1]] > 0


def test_every_zone_is_one_that_the_contract_knows() -> None:
    assert {place.zone for place in places(100)} <= _zones()
    with pytest.raises(ValueError):
        places(101)


def test_no_two_companies_are_alike() -> None:
    assert len({company(n) for n in range(5_000)}) == 5_000


def test_a_number_picks_a_name_in_every_language() -> None:
    lengths = {(len(known.given), len(known.family)) for known in names().values()}
    parts = [part for known in names().values() for part in (*known.given, *known.family)]

    assert len(lengths) == 1
    assert all(part.plain.replace("-", "").isalpha() and part.plain.isascii() for part in parts)
