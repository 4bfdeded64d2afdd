"""Generated people: the same from the same seed, lifelike in what an import and a plan care about."""

from collections import Counter

import pytest

from forewarn.contracts.directory import Person
from forewarn.dev.generate.directory import directory
from forewarn.dev.generate.files import LISTS
from forewarn.dev.generate.people import Row, people
from forewarn.subscriber import HEARINGS, Role, Voice


@pytest.fixture(scope="module")
def some() -> list[Row]:
    return list(people(directory(20_000)))


def share(rows: list[Row], column: str) -> float:
    return sum(bool(getattr(row, column)) for row in rows) / len(rows)


def test_a_seed_always_makes_the_same_people_and_another_seed_others() -> None:
    again = [list(people(directory(300, seed=seed))) for seed in (1, 1, 2)]

    assert again[0] == again[1] != again[2]


def test_every_person_is_one_that_the_contract_takes(some: list[Row]) -> None:
    for row in some[:2_000]:
        Person.model_validate({k: v.split(";") if k in LISTS else v for k, v in row._asdict().items() if v})


def test_no_address_belongs_to_two_and_all_are_reserved_ones(some: list[Row]) -> None:
    for column in ("id", "email", "phone", "webhook"):
        given = [getattr(row, column) for row in some if getattr(row, column)]
        assert len(set(given)) == len(given)

    assert all(row.email.endswith(".example") and row.email.isascii() for row in some)
    assert {row.webhook.split("/")[2] for row in some if row.webhook} == {f"hooks-{n}.example" for n in range(8)}
    assert all(row.phone.startswith("+999") for row in some if row.phone)


@pytest.mark.parametrize("count", [10, 1_000])
def test_every_role_and_so_every_voice_occurs_however_few_they_are(count: int) -> None:
    roles = {row.role for row in people(directory(count))}

    assert roles | {Role.ADMIN} == set(Role)
    assert {h.voice for h in HEARINGS if h.role in roles} == {
        Voice.CUSTOMER, Voice.SUPPORT, Voice.ACCOUNT_TEAM, Voice.INTERNAL,
    }  # fmt: skip


def test_the_shares_are_those_that_are_promised(some: list[Row]) -> None:
    inside = sum(row.email.endswith("@acme.example") for row in some)

    assert inside == len(some) / 50
    assert share(some, "webhook") == pytest.approx(0.005)
    assert share(some, "unsubscribed") == pytest.approx(0.05, abs=0.01)
    assert share(some, "quiet_from") == pytest.approx(0.08, abs=0.01)
    assert 0.7 < share(some, "consents") < 0.95


def test_four_languages_and_all_the_zones_are_lived_in(some: list[Row]) -> None:
    languages = Counter(row.locale for row in some)

    assert set(languages) == {"en", "de", "fr", "ja"}
    assert languages["en"] > len(some) / 2
    assert min(languages.values()) > 0.03 * len(some)
    assert len({row.zone for row in some}) == 48
    assert len({row.zone for row in people(directory(20_000, zones=100))}) == 100


def test_a_thousand_people_have_webhooks_among_them() -> None:
    assert sum(bool(row.webhook) for row in people(directory(1_000))) >= 3


def test_accounts_have_the_sizes_that_zipf_saw(some: list[Row]) -> None:
    order = [account.key for account in directory(20_000).catalog.accounts]
    sizes = Counter(row.accounts for row in some if row.role in (Role.CUSTOMER, Role.ADMIN))

    assert sizes[order[0]] == pytest.approx(2 * sizes[order[1]], rel=0.15)
    assert sizes[order[0]] == pytest.approx(10 * sizes[order[9]], rel=0.25)
