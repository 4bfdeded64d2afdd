"""Lifelike texts, good and bad, in both languages."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from forewarn.contracts.event import parse_event
from forewarn.linter.finding import Finding
from forewarn.linter.lexicon import LOCALES, language_of
from forewarn.linter.lint import lint_facts, lint_text, prose_of
from forewarn.outage import Facts

HERE = Path(__file__).parent


def texts(name: str) -> list[Any]:
    cases = yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return [pytest.param(case, id=f"{case['locale']}: {case['name']}") for case in cases]


GOOD, BAD = texts("good"), texts("bad")


def linted(case: dict[str, Any], locale: str | None) -> list[Finding]:
    if "text" in case:
        return lint_text(case["text"], locale)
    event = parse_event(orjson.dumps(case["event"]))
    known = Facts() if event.about is None else None
    return lint_facts(event.facts(event.impacts(), ()), event.kind, locale, known)


@pytest.mark.parametrize("case", GOOD)
def test_a_good_text_has_no_finding(case: dict[str, Any]) -> None:
    assert linted(case, case["locale"]) == []


@pytest.mark.parametrize("case", BAD)
def test_a_bad_text_raises_exactly_what_is_wrong_with_it(case: dict[str, Any]) -> None:
    assert {str(each.code) for each in linted(case, case["locale"])} == set(case["codes"])


@pytest.mark.parametrize("case", [*GOOD, *BAD])
def test_a_text_tells_its_own_language(case: dict[str, Any]) -> None:
    if "text" in case:
        prose = [case["text"]]
    else:
        prose = [*prose_of(parse_event(orjson.dumps(case["event"])).facts({}, ())).values()]

    assert not prose or language_of(prose) == case["locale"]


def test_there_are_twenty_good_and_twenty_bad_ones_and_enough_in_each_language() -> None:
    count = {kind: Counter(case.values[0]["locale"] for case in cases) for kind, cases in (("g", GOOD), ("b", BAD))}

    assert min(count["g"].total(), count["b"].total()) >= 20
    assert min(of[locale] for of in count.values() for locale in LOCALES) >= 8
