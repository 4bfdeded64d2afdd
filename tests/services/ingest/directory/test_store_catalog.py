"""Importing a catalog into a real database."""

from .given import CATALOG, as_ingest, catalog, counts, faults, rows


def test_importing_the_catalog_again_changes_nothing(database: str) -> None:
    with as_ingest(database) as directory:
        first, again = catalog(directory), catalog(directory)

    assert (counts(first), counts(again)) == ((4, 0, 0, 0), (0, 0, 4, 0))


def test_a_component_becomes_what_the_catalog_says_of_it(database: str) -> None:
    said = "kind: Component\nmetadata: {name: Card-Payments}\nspec: {softDependsOn: [ledger-db, x], public_name: cards}"

    with as_ingest(database) as directory:
        catalog(directory)
        changed = catalog(directory, said)

        assert counts(changed) == (0, 1, 0, 0)
        assert rows(directory, "select needs, hard from dependency order by 1") == [("ledger-db", False), ("x", False)]
        kept = rows(directory, "select key, public_name, owner from component order by 1")
        assert kept == [("card-payments", "cards", None), ("ledger-db", None, None)]


def test_an_account_keeps_the_uses_that_are_known(database: str) -> None:
    said = "{apiVersion: forewarn/v1, kind: Account, metadata: {name: nordwind}, spec: {uses: [ledger-db, x]}}"
    used = "select c.key from uses join component c on c.id = component_id"

    with as_ingest(database) as directory:
        catalog(directory, CATALOG)
        before = rows(directory, used)
        report = catalog(directory, said)

        assert (counts(report), faults(report)) == ((0, 1, 0, 1), [(1, "uses x, which is not in the catalog")])
        assert (before, rows(directory, used)) == ([("card-payments",)], [("ledger-db",)])


def test_an_account_may_use_what_the_same_catalog_names_later(database: str) -> None:
    documents = CATALOG.split("---")

    with as_ingest(database) as directory:
        assert counts(catalog(directory, "---".join(reversed(documents)))) == (4, 0, 0, 0)


def test_t8_an_account_s_minimum_notice_is_kept_and_a_change_of_it_is_shown(database: str) -> None:
    said = "{{apiVersion: forewarn/v1, kind: Account, metadata: {{name: nordwind}}, spec: {{minimum_notice: {}}}}}"
    asked = "select minimum_notice from account where key = 'nordwind'"

    with as_ingest(database) as directory:
        catalog(directory, CATALOG)
        twice = [counts(catalog(directory, said.format(lead))) for lead in ("20bd", "20bd", "4w")]

        assert twice == [(0, 1, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0)]
        assert rows(directory, asked) == [("4w",)]


def test_t8_a_minimum_notice_that_is_no_lead_or_longer_than_two_years_is_a_fault(database: str) -> None:
    said = "{{apiVersion: forewarn/v1, kind: Account, metadata: {{name: nordwind}}, spec: {{minimum_notice: {}}}}}"

    with as_ingest(database) as directory:
        found = [faults(catalog(directory, said.format(lead)))[0][1] for lead in ("20 days", "3y")]

    assert "20bd" in found[0] or "5bd" in found[0]
    assert "two years at most" in found[1]
