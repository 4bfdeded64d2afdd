"""A directory that a seed makes: the same size, seed and zones give the same people, byte for byte."""

from dataclasses import dataclass
from random import Random

from forewarn.dev.generate.catalog import Catalog, catalog
from forewarn.dev.generate.places import Place, places

LEAST_PEOPLE = 10
PEOPLE_OF_AN_ACCOUNT = 50
ZONES = 48


@dataclass(frozen=True, slots=True)
class Directory:
    """What is held in memory of it: the catalog (an account for every fifty people) and where people live."""

    people: int
    seed: int
    places: tuple[Place, ...]
    catalog: Catalog


def directory(people: int, seed: int = 1, zones: int = ZONES) -> Directory:
    """A directory of so many people; ValueError for fewer than ten, or zones that are not 24 to 100."""
    if people < LEAST_PEOPLE:
        raise ValueError(f"at least {LEAST_PEOPLE} people")
    homes = places(zones)
    accounts = max(3, people // PEOPLE_OF_AN_ACCOUNT)
    return Directory(people, seed, homes, catalog(accounts, Random(f"{seed} catalog"), homes))
