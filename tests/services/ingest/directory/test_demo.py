"""The demo's directory."""

from pathlib import Path

from .given import as_ingest, catalog, counts, people, rows

DEMO = Path(__file__).parents[4] / "forewarn" / "dev" / "demo"

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
