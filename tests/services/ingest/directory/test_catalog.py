"""Reading a catalog."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.contracts.api import Fault
from forewarn.contracts.directory import CatalogAccount, CatalogComponent
from services.ingest.directory.catalog import Catalog, Document, read_catalog
from services.ingest.directory.entries import Entry, PassedOver, Refused, Unreadable

DEMO = Path(__file__).parents[4] / "forewarn" / "dev" / "demo"


def read(text: str) -> list[Document]:
    found = read_catalog(BytesIO(text.encode()))
    assert not isinstance(found, Unreadable), found.reason
    return list(found)


def said(found: Document) -> str:
    match found:
        case Entry():
            return found.value.key
        case PassedOver():
            return "passed over"
        case Fault() | Refused():
            return found.reason


def a_component(name: str) -> str:
    return f"kind: Component\nmetadata: {{name: {name}}}\n"


def test_a_broken_document_is_reported_with_its_line_and_the_good_ones_kept() -> None:
    found = read(f"{a_component('a')}---\n\n# why\nkind: [\n---\n{a_component('b')}---\n- 1\n---\nkind: Componet\n")

    assert [entry.line for entry in found] == [1, 7, 8, 11, 13]
    assert [said(entry) for entry in found][0::2] == ["a", "b", said(found[4])]
    assert "not YAML" in said(found[1]) and said(found[3]) == "not a mapping" and "kind must be" in said(found[4])


def test_other_kinds_of_backstage_are_passed_over() -> None:
    kinds = ["System", "Group", "User", "API", "Domain", "Location", "Template"]

    assert {said(entry) for entry in read("\n---\n".join(f"kind: {kind}" for kind in kinds))} == {"passed over"}


def test_a_resource_is_a_component() -> None:
    (entry,) = read(
        "kind: resource\nmetadata: {name: Ledger-DB, annotations: {a: b}}\nspec: {type: database, owner: }\n"
    )

    assert isinstance(entry, Entry) and isinstance(entry.value, CatalogComponent)
    assert (entry.value.key, entry.value.owner) == ("ledger-db", None)


def test_norway_is_a_country_and_a_language() -> None:
    text = "{apiVersion: forewarn/v1, kind: Account, metadata: {name: 0012}, spec: {country: NO, tier: null}}"

    (account,) = read(text)
    (component,) = read(a_component("a") + "spec: {symptoms: {no: {down: Du kan ikke betale.}}}")

    assert isinstance(account, Entry) and isinstance(account.value, CatalogAccount)
    assert (account.value.key, account.value.spec.country, account.value.spec.tier) == ("0012", "NO", None)
    assert isinstance(component, Entry) and isinstance(component.value, CatalogComponent)
    assert component.value.spec.symptoms["no"]["down"] == "Du kan ikke betale."


def test_the_second_of_two_with_one_name_is_a_fault() -> None:
    found = read(f"{a_component('a')}---\n{a_component('A').replace('Component', 'Resource')}")

    assert [said(entry) for entry in found] == ["a", "a is already named on line 1"]


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "- " * 100_000, "&a " * 9, "a: &a {<<: *a}", "!!python/name:os.abort ''"]
)
def test_a_hostile_document_is_one_fault(text: str) -> None:
    assert [type(entry) for entry in read(text)] == [Fault]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xff\xfe"])
def test_what_is_no_text_is_not_read_at_all(body: bytes) -> None:
    assert isinstance(read_catalog(BytesIO(body)), Unreadable)


def test_the_demo_has_no_fault() -> None:
    found = read((DEMO / "catalog.yaml").read_text())

    keys = "card-payments payouts dashboard ledger-db nordwind kranich tilda acme-internal fjordlicht"
    assert [said(entry) for entry in found] == keys.split()


PIECES = """---~\n~ ~kind: Component~kind: Account~metadata:~name: a~spec:~- ~{~[~&a ~*a~symptoms: {en: {down: x}}~uses:
~apiVersion: forewarn/v1~%YAML 1.2~...~!!int ~? ~: ~|~\t~"~null"""
pieces = st.sampled_from(PIECES.split("~"))


@given(st.binary() | st.lists(pieces | st.text(max_size=3), max_size=30).map(lambda parts: "".join(parts).encode()))
def test_no_input_crashes_the_reader_of_catalogs(body: bytes) -> None:
    found: Catalog | Unreadable = read_catalog(BytesIO(body))

    assert isinstance(found, Unreadable) or all(
        isinstance(entry, Entry | PassedOver | Refused | Fault) for entry in found
    )
