"""Exactly the right people, each in the right voice, and nobody else."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.home import Home, an_alert, an_event, until

PLAIN_PIKA = Path(__file__).with_name("plain_pika.py")

OF_PAYOUTS = {
    "mara.lindqvist@acme.example",  # support
    "joel.okafor@acme.example",
    "ines.carvalho@acme.example",  # account manager of Nordwind, which uses payouts
    "felix.brandt@acme.example",  # a colleague: Acme uses payouts itself
    "hanna.vogel@nordwind.example",
    "kenji.morita@nordwind.example",
}


def test_an_event_published_with_plain_pika_reaches_exactly_the_right_people(home: Home) -> None:
    home.import_demo()

    publish_plainly(home, "payouts")

    home.sandbox.wait_for(len(OF_PAYOUTS), 20)
    assert home.accounted() == "a" * len(OF_PAYOUTS)
    assert sorted(home.readers()) == sorted(OF_PAYOUTS)


def test_a_machines_words_reach_the_inside_only(home: Home) -> None:
    home.import_demo()

    publish_plainly(home, "payouts")

    home.sandbox.wait_for(len(OF_PAYOUTS), 20)
    (customer,), (support,) = home.mails("hanna.vogel@nordwind.example"), home.mails("mara.lindqvist@acme.example")
    read = home.text(customer) + home.html(customer)
    assert "Auszahlungen auf Ihr Bankkonto gehen im Moment nicht hinaus." in home.text(customer)
    assert not any(word in read for word in ("probe", "503", "payout-api", "Support"))
    assert "probe fra-2 sees HTTP 503" in home.text(support)


def test_what_a_component_needs_touches_whoever_uses_it(home: Home) -> None:
    home.import_demo()

    home.told(an_event(components=["ledger-db"]))

    assert set(home.readers()) >= {"owen.price@tilda.example", "hanna.vogel@nordwind.example"}
    customer = home.mails("owen.price@tilda.example")[0]
    assert "ledger" not in home.text(customer).lower() + home.html(customer).lower()
    assert "card payments" in customer.subject


@pytest.mark.slow
def test_customers_are_told_in_tier_order(home: Home) -> None:
    home.import_demo()
    home.restart("dispatch", FOREWARN_THREADS="1")  # so that batches are worked on in their order, and not side by side
    home.sandbox.behave(latency_ms=30)

    home.told(an_event())

    customers = [reader.partition("@")[2] for reader in home.readers() if not reader.endswith("@acme.example")]
    assert customers == ["nordwind.example"] * 2 + ["kranich.example"] * 2 + ["tilda.example"] * 2


def test_a_colleague_with_a_customers_stake_is_inside_only(home: Home) -> None:
    home.import_demo()
    rows = b"id,role,accounts,name,email,locale,zone\nacme-1,customer,nordwind,Mara Lindqvist,"
    home.request("PUT", "/v1/directory/people?format=csv", rows + b"mara.lindqvist@acme.example,en,Europe/Berlin\n")

    home.told(an_event())

    (mail,) = home.mails("mara.lindqvist@acme.example")
    assert "Say this to callers" in home.text(mail)


def test_why_names_each_way_in_and_each_rule_out(home: Home) -> None:
    home.import_demo()
    home.told(an_event(components=["payouts"]))

    told = home.desk("/v1/outages/INC-1/why/crm-101")
    untold = home.desk("/v1/outages/INC-1/why/crm-106")

    assert told["included"] and "Nordwind Outdoor, which uses payouts" in told["paths"][0]
    assert [d["state"] for d in told["deliveries"]] == ["accepted"]
    assert not untold["included"] and untold["rules"] == ["no stake leads to anything this outage touches"]
    assert untold["deliveries"] == []


def test_a_paying_account_with_nobody_to_tell_is_shown(home: Home) -> None:
    home.import_demo()

    home.told(an_event(components=["dashboard"]))

    assert home.desk("/v1/outages/INC-1")["accounts_without_reader"] == ["Fjordlicht Analytics"]


def test_deliveries_show_the_text_as_it_was_read(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    sent = home.mails("kenji.morita@nordwind.example")[0]

    (shown,) = home.desk("/v1/outages/INC-1/deliveries?to=crm-102")

    assert shown["subject"] == sent.subject
    assert [line for line in shown["text"].splitlines() if "their own link" not in line] == [
        line for line in home.text(sent).splitlines() if "/u/" not in line
    ]


@pytest.mark.slow
def test_a_thread_holds_together_from_first_to_resolved(home: Home) -> None:
    home.import_demo()
    home.told(an_event())
    home.told({"about": "INC-1", "cause": "A full disk."})
    home.told({"about": "INC-1", "status": "resolved"})

    thread = home.mails("hanna.vogel@nordwind.example")

    assert len(thread) == 3
    assert len({mail.subject for mail in thread}) == 1
    assert len({mail.references for mail in thread}) == 1
    assert len({mail.message_id for mail in thread}) == 3


def test_the_inside_reads_what_the_monitoring_calls_it_when_no_component_is_known(home: Home) -> None:
    home.import_demo()

    home.alert(an_alert(component="warehouse-scanner"))

    home.sandbox.wait_for(2, 20)
    home.accounted()
    assert set(home.readers()) == {"mara.lindqvist@acme.example", "joel.okafor@acme.example"}
    (row,) = home.desk("/v1/status")["outages"]
    assert row["unknown_components"] == ["warehouse-scanner"]
    assert "warehouse-scanner" in home.text(home.mails()[0])


def publish_plainly(home: Home, component: str) -> None:
    """With plain pika in a process of its own, which imports nothing of ours."""
    url = home.house.servers.urls.rabbitmq_monitoring
    subprocess.run([sys.executable, "-I", str(PLAIN_PIKA), url, component], check=True, timeout=20)
    until(lambda: home.rows("select 1 from event"), what="taking the event")


def test_a_note_is_told_once(home: Home) -> None:
    home.import_demo()
    home.told(an_event(note="I am on the phone with our processor."))

    home.told({"about": "INC-1", "status": "resolved"})

    first, resolved = (home.text(mail) for mail in home.mails("hanna.vogel@nordwind.example"))
    assert "on the phone" in first
    assert "on the phone" not in resolved


def test_a_blip_that_is_over_is_told_to_everybody_exposed_once(home: Home) -> None:
    home.import_demo()

    home.told({"components": ["card-payments"], "impact": "momentary", "status": "resolved"})

    assert len(home.readers()) == len(set(home.readers())) == 12
    text = home.text(home.mails("hanna.vogel@nordwind.example")[0])
    assert "ist vorbei" in text and "wieder von uns" not in text
