"""The proof of act 2: it sees whoever is missing, doubled, unbidden or misled."""

from collections.abc import Sequence

import psycopg
import pytest

from forewarn.dev.demo.proof import Proof, prove
from forewarn.dev.sandbox.acceptances import Acceptance
from forewarn.dev.sandbox.lines import Provider

LEDGER = """
insert into zone (name) values ('Asia/Tokyo');
insert into subscriber (key, name, zone_id, token) select 'p' || n, 'Reader ' || n, 1, 't' || n
  from generate_series(1, 4) n;
insert into address (subscriber_id, channel, address)
  select id, 'email', 'reader' || id || '@a.example' from subscriber
  union all select 2, 'webhook', 'https://hooks-1.example/2';
insert into outage (kind, number, source, revision, by_person, test, opened_at, observed, stated)
  values ('incident', 1, 'people', 1, true, false, clock_timestamp(), '{}', '{}');
insert into notice (id, outage_id, side, occasion, slot, lane, made_at, policy_hash, mode, test)
  values ('n1', 1, 'outside', 'first', '1', 'urgent', clock_timestamp(), 'h', 'sandbox', false);
insert into content (notice_id, channel, voice, locale, told, body)
  select 'n1', c, 'customer', 'en', false, '{}' from unnest(array['email', 'webhook']) c;
insert into notice_window (notice_id, channel, rank, lo, hi, again_at)
  select 'n1', c, 0, 1, 4, clock_timestamp() from unnest(array['email', 'webhook']) c;
insert into batch (window_id, content_id, lane, ids, outcomes, epoch, again_at) values
  (1, 1, 'urgent', '{1,2,3,4}', 'aSua', 'e', clock_timestamp()), (2, 2, 'urgent', '{2}', 'a', 'e', clock_timestamp());
"""


def mail(person: int, address: str = "", notice: str = "n1", at: float = 1000.0) -> Acceptance:
    return Acceptance(Provider.SES, notice, person, address or f"Reader <reader{person}@a.example>", at)


HOOK = Acceptance(Provider.WEBHOOK, "n1", 2, "hooks-1.example/2", 1002.0)
WHOLE = (mail(1), HOOK, mail(4, at=1001.0))


def proof_of(database: str, record: Sequence[Acceptance]) -> Proof:
    with psycopg.connect(database) as connection:
        connection.execute(LEDGER)
    return prove(database, record, 999.0)


def test_record_and_ledger_agree_and_tell_when(database: str) -> None:
    proof = proof_of(database, WHOLE)

    assert (proof.accepted, proof.faults) == (3, 0)
    assert (proof.seconds_first, proof.seconds_last, proof.per_second) == (1.0, 3.0, 1.0)
    assert (proof.reader.name, proof.reader.zone) == ("Reader 1", "Asia/Tokyo")


def test_whoever_ended_unknown_may_have_it_or_not(database: str) -> None:
    assert proof_of(database, [*WHOLE, mail(3)]).faults == 0


@pytest.mark.parametrize(
    ("record", "lost", "doubled", "unbidden", "misled"),
    [
        ([mail(1), HOOK], 1, 0, 0, 0),
        ([mail(1), mail(4)], 1, 0, 0, 0),  # the webhook's
        ([*WHOLE, mail(4), mail(4)], 0, 2, 0, 0),
        ([*WHOLE, mail(2)], 0, 0, 1, 0),  # has unsubscribed
        ([*WHOLE, mail(1, notice="n2")], 0, 0, 1, 0),
        ([*WHOLE, mail(0, address="who@a.example", notice="")], 0, 0, 1, 1),
        ([mail(1, address="reader4@a.example"), HOOK, mail(4)], 0, 0, 0, 1),
    ],
)
def test_every_difference_is_seen(
    database: str, record: list[Acceptance], lost: int, doubled: int, unbidden: int, misled: int
) -> None:
    proof = proof_of(database, record)

    assert (proof.lost, proof.doubled, proof.unbidden, proof.misled) == (lost, doubled, unbidden, misled)
