"""A house that sends by SES, with a relay behind it, while SES is away or goes away (DELIVERY §7)."""

import re
from collections import Counter

import pytest

from forewarn.dev.sandbox.mail import Mail
from tests.support.home import Home, an_event, until
from tests.support.laws import POSITIONS, accepted_once, planned_once, repeats

pytestmark = pytest.mark.slow

CUSTOMERS = 900
CALL, CONNECTIONS = 50, 32


@pytest.fixture
def by_ses(home: Home) -> Home:
    """Dispatch sends by SES, and by the relay while SES is away."""
    home.crowd(CUSTOMERS)
    home.restart("dispatch", FOREWARN_EMAIL_PROVIDER="ses", FOREWARN_EMAIL_FALLBACK="smtp")
    return home


def metric(home: Home, name: str, labels: str) -> float:
    found = re.search(rf"^{name}{{{re.escape(labels)}}} (\S+)$", home.house.workers["dispatch"].metrics(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def providers(mails: list[Mail]) -> Counter[str]:
    return Counter(mail.provider for mail in mails)


def letters(home: Home) -> Counter[str]:
    return Counter(row["letter"] for row in home.rows(POSITIONS))


def test_while_ses_is_down_mails_arrive_by_the_relay_and_the_record_is_the_ledger(by_ses: Home) -> None:
    by_ses.sandbox.behave(ses={"fail": [{"status": 503}]})

    by_ses.told(an_event())

    mails = accepted_once(by_ses)
    assert providers(mails) == {"smtp": len(mails)}
    assert letters(by_ses) == {"a": planned_once(by_ses)}
    assert metric(by_ses, "forewarn_breaker_state", 'provider="ses"') > 0
    assert metric(by_ses, "forewarn_breaker_state", 'provider="smtp"') == 0
    assert metric(by_ses, "forewarn_provider_calls_total", 'provider="ses",result="not_reached"') >= 5


def test_ses_that_goes_away_in_the_middle_loses_and_doubles_nobody(by_ses: Home) -> None:
    by_ses.sandbox.behave(ses={"latency_ms": 150, "max_send_rate": 300})
    status, answer = by_ses.post(an_event())
    assert status == 202, answer
    until(lambda: by_ses.sandbox.count()["accepted"] >= 200, what="200 mails by SES")

    by_ses.sandbox.behave(ses={"fail": [{"status": 503}]})

    by_ses.accounted(60)
    mails = accepted_once(by_ses)
    assert letters(by_ses) == {"a": planned_once(by_ses)}
    assert providers(mails).keys() == {"ses", "smtp"}


@pytest.mark.parametrize("stage", ["before_accept", "after_accept"])
def test_whoever_is_on_the_wire_when_ses_goes_away_is_called_once_more_at_most(by_ses: Home, stage: str) -> None:
    by_ses.sandbox.behave(ses={"latency_ms": 150, "max_send_rate": 300})
    status, answer = by_ses.post(an_event())
    assert status == 202, answer
    until(lambda: by_ses.sandbox.count()["accepted"] >= 200, what="200 mails by SES")

    by_ses.sandbox.behave(ses={"drop": [{"stage": stage}]})

    by_ses.accounted(60)
    mails = by_ses.mails()
    unheard = metric(by_ses, "forewarn_provider_answers_total", 'answer="no_answer",provider="ses"')
    assert letters(by_ses) == {"a": planned_once(by_ses)}, "an incident is urgent: the second call told them"
    assert len({mail.id for mail in mails}) == planned_once(by_ses)
    assert 0 < unheard <= CONNECTIONS * CALL, "those that were on the wire when the breaker opened"
    assert (len(repeats(mails)) > 0) == (stage == "after_accept")
    assert len(repeats(mails)) <= unheard and set(repeats(mails).values()) <= {2}


def test_the_account_s_rate_is_the_cap(by_ses: Home) -> None:
    by_ses.sandbox.behave(ses={"max_send_rate": 150, "throttle": "entry"})
    by_ses.restart("dispatch", FOREWARN_EMAIL_PROVIDER="ses")

    by_ses.told(an_event())

    mails = accepted_once(by_ses)
    assert providers(mails) == {"ses": len(mails)}
    assert metric(by_ses, "forewarn_provider_cap_per_second", 'provider="ses"') == 150
    assert metric(by_ses, "forewarn_provider_sending_enabled", 'provider="ses"') == 1
    first, last = min(mail.accepted_at for mail in mails), max(mail.accepted_at for mail in mails)
    assert (last - first).total_seconds() >= 0.9 * (len(mails) / 150 - 1), "no faster than it, but for a second's worth"
