"""What may enter the directory, and what is said of what may not."""

from typing import Any

import pytest
from pydantic import ValidationError

from forewarn.component import Impact
from forewarn.contracts.directory import CatalogAccount, CatalogComponent, Person, faults_in


def a_person(**given: Any) -> Person:
    return Person.model_validate({"id": "crm-1", "role": "support"} | given)


def a_component(name: str = "card-payments", namespace: str = "default", **spec: Any) -> CatalogComponent:
    return CatalogComponent.model_validate({"metadata": {"name": name, "namespace": namespace}, "spec": spec})


def fault_of(**given: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        a_person(**given)
    return faults_in(caught.value)


@pytest.mark.parametrize(
    "reference", ["ledger-db", "Ledger-DB", "resource:ledger-db", "default/ledger-db", "Component:Default/Ledger-db"]
)
def test_every_way_to_write_a_reference_names_one_key(reference: str) -> None:
    assert a_component(dependsOn=[reference]).needs == ["ledger-db"]


def test_a_bare_reference_is_seen_from_its_own_namespace() -> None:
    component = a_component(namespace="EU", owner="team", dependsOn=["ledger-db", "resource:default/queue"])

    assert (component.key, component.owner) == ("eu/card-payments", "eu/team")
    assert component.needs == ["eu/ledger-db", "queue"]


def test_what_is_needed_both_ways_is_needed_hard() -> None:
    component = a_component(dependsOn=["a"], softDependsOn=["component:a", "b"])

    assert (component.needs, component.needs_softly) == (["a"], ["b"])


def test_symptoms_are_told_for_every_impact_but_none() -> None:
    sentences = {impact.value: "You cannot pay." for impact in Impact if impact is not Impact.NONE}

    assert a_component(symptoms={"en": sentences}).spec.symptoms == {"en": sentences}
    with pytest.raises(ValidationError):
        a_component(symptoms={"en": {"none": "All is well."}})


@pytest.mark.parametrize("spec", [{"use": ["a"]}, {"country": "Norway"}, {"uses": ["api:default/a"]}])
def test_a_misspelt_account_is_a_fault(spec: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CatalogAccount.model_validate({"apiVersion": "forewarn/v1", "metadata": {"name": "a"}, "spec": spec})


def test_a_person_is_known_by_id_and_without_one_by_email() -> None:
    assert a_person(email="Ada@X.Example").key == "crm-1"
    assert a_person(id=None, email="  Ada@X.Example ").key == "ada@x.example"
    assert fault_of(id=None) == "needs an id or an email"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"role": "customer"}, "role customer needs accounts"),
        ({"role": "account_team"}, "role account_team needs accounts"),
        ({"role": "owner"}, "role owner needs teams, and no accounts"),
        ({"role": "owner", "teams": ["t"], "accounts": ["a"]}, "role owner needs teams, and no accounts"),
        ({"teams": ["t"]}, "role support has no teams"),
        ({"role": "customer", "accounts": ["a"], "components": ["c"]}, "role customer has no components"),
        ({"quiet_from": "22:00"}, "quiet_from and quiet_to go together"),
    ],
)
def test_a_stake_without_a_proper_target_is_a_fault(given: dict[str, Any], reason: str) -> None:
    assert fault_of(**given) == reason


DOUBTFUL = """ada | a@b@c.example | a b@c.example | <a@b.example> | ä@b.example | a\x00@b.example | a..b@c.example
| a@b..example | .a@b.example | a@-b.example | @b.example | a@ | "a b"@c.example | a@b.example,c@d.example"""


@pytest.mark.parametrize("email", [*DOUBTFUL.split("|"), "a" * 65 + "@b.example", "a@" + "b" * 253])
def test_a_doubtful_email_is_a_fault_that_does_not_repeat_it(email: str) -> None:
    assert fault_of(email=email) == "email: must be one plain address such as ada@example.org"


def test_numbers_zones_locales_and_hours_are_brought_to_one_form() -> None:
    person = a_person(phone="+49 (30) 90-1820", locale="de_CH", zone="Asia/Tokyo", quiet_from="22:00", quiet_to="06:30")

    assert (person.phone, person.locale, person.zone) == ("+4930901820", "de", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "030 901820"),
        ("phone", "+49٣٠901820"),
        ("webhook", "http://hooks.example/x"),
        ("webhook", "https://user:secret@hooks.example"),
        ("locale", "german"),
        ("zone", "../../etc/passwd"),
        ("zone", "Mars/Olympus"),
        ("quiet_from", "24:00"),
        ("consents", ["fax"]),
        ("role", "boss"),
        ("colour", "red"),
    ],
)
def test_a_field_that_cannot_be_true_is_named(field: str, value: object) -> None:
    assert fault_of(**{field: value}).startswith(field)
