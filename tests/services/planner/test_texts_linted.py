"""What we ship to be read keeps to what the linter asks of everybody else (M8)."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from forewarn.linter.lint import lint_facts, lint_text
from forewarn.outage import Facts, Kind
from forewarn.subscriber import Voice

from .tellings import CARDS, COMPOSER, a_telling, every_occasion, opened
from .works import every_release, every_work

DEMO = Path(__file__).parents[3] / "forewarn" / "dev" / "demo" / "catalog.yaml"
GERMAN = {"de": {"down": "Einige von Ihnen können im Moment nicht mit Karte bezahlen."}}
ZONES = {7: "Europe/Berlin"}


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("locale", ["en", "de"])
def test_what_customers_get_on_any_occasion_has_no_finding(locale: str, told: bool) -> None:
    names = {**a_telling().names, CARDS.key: replace(CARDS, symptoms={**CARDS.symptoms, **GERMAN})}

    found = {
        telling.occasion: lint_text(opened(COMPOSER.compose(telling, Voice.CUSTOMER, locale, told, ZONES)).text, locale)
        for telling in every_occasion(names=names)
    }

    assert {occasion: each for occasion, each in found.items() if each} == {}


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("locale", ["en", "de"])
def test_what_customers_get_of_planned_work_has_no_finding(locale: str, told: bool) -> None:
    names = {**a_telling().names, CARDS.key: replace(CARDS, symptoms={**CARDS.symptoms, **GERMAN})}
    facts = Facts(
        benefit="Zahlungen gehen danach schneller durch." if locale == "de" else "Payments will go through faster.",
        signed_by="Dana Roth, Acme",
    )

    found = {
        (telling.occasion, finding.code, telling.standing): text
        for telling in every_work(stated=facts, names=names)
        for text in [opened(COMPOSER.compose(telling, Voice.CUSTOMER, locale, told, ZONES)).text]
        for finding in lint_text(text, locale, Kind.MAINTENANCE, telling.over)
    }

    assert found == {}


@pytest.mark.parametrize("locale", ["en", "de"])
def test_what_customers_get_of_a_release_has_no_finding(locale: str) -> None:
    words = {"en": ("You can pay by bank transfer.", "Your money arrives faster.")}.get(
        locale, ("Sie können per Überweisung bezahlen.", "Ihr Geld kommt schneller an.")
    )
    facts = Facts(version="4.2", whats_new=words[0], benefit=words[1], signed_by="Dana Roth, Acme")

    texts = [
        opened(COMPOSER.compose(telling, Voice.CUSTOMER, locale, True, ZONES)).text
        for telling in every_release(stated=facts)
    ]

    assert [found for text in texts for found in lint_text(text, locale)] == []
    assert len(texts) == 5


def test_the_symptoms_prepared_for_the_demo_have_no_finding() -> None:
    prepared = [
        (locale, sentence)
        for document in yaml.safe_load_all(DEMO.read_text(encoding="utf-8"))
        for locale, by_impact in document["spec"].get("symptoms", {}).items()
        for sentence in by_impact.values()
    ]

    found = [lint_facts(Facts(symptoms=sentence), Kind.INCIDENT, locale, None) for locale, sentence in prepared]

    assert prepared
    assert [each for each in found if each] == []
