"""The demo's directory, and the examples of the page about directories."""

import re
from pathlib import Path

from services.ingest.directory.people import COLUMNS, Format

from .given import as_ingest, catalog, counts, people, rows

ROOT = Path(__file__).parents[4]
DEMO = ROOT / "forewarn" / "dev" / "demo"

AUDIENCE = """
select s.key from subscriber s join address d on d.subscriber_id = s.id and d.channel = 'email'
where exists (
  select from stake k where k.subscriber_id = s.id and (
    num_nonnulls(k.account_id, k.component_id, k.team) = 0
    or k.team = (select owner from component where key = 'card-payments')
    or k.account_id in (
      select account_id from uses join component c on c.id = component_id where c.key = 'card-payments')))
"""


def test_twelve_people_are_told_when_card_payments_are_down(database: str) -> None:
    with as_ingest(database) as directory:
        components = catalog(directory, (DEMO / "catalog.yaml").read_text())
        subscribers = people(directory, (DEMO / "people.csv").read_text())

        assert (counts(components), counts(subscribers)) == ((9, 0, 0, 0), (12, 0, 0, 0))
        assert len(rows(directory, AUDIENCE)) == 12
        assert rows(directory, "select inside, count(*) from subscriber group by 1 order by 1") == [
            (False, 6),
            (True, 6),
        ]
        assert rows(directory, "select count(*) from subscriber where locale = 'de'") == [(1,)]


def test_the_examples_of_the_page_can_be_imported_as_they_stand(database: str) -> None:
    page = (ROOT / "docs" / "directory.md").read_text()
    example = dict(reversed(re.findall(r"```(yaml|csv|json)\n(.*?)```", page, re.DOTALL)))

    with as_ingest(database) as directory:
        assert counts(catalog(directory, example["yaml"])) == (3, 0, 0, 0)
        assert counts(people(directory, example["csv"])) == (5, 0, 0, 0)
        assert counts(people(directory, example["json"], Format.JSONL)) == (0, 0, 1, 0)
    assert all(f"`{column}`" in page for column in COLUMNS)
