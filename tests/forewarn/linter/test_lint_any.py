"""Whatever the text: no error, the same findings twice, and a cost that grows as the text does."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewarn.linter.finding import Code, Severity
from forewarn.linter.lexicon import LOCALES
from forewarn.linter.lint import PROSE, lint_facts, lint_text
from forewarn.outage import Facts, Kind, ReaderAction

BITS = (
    *(
        "caused by",
        "our provider",
        "failed",
        "guarantee",
        "not",
        "as soon as",
        "soon",
        "14:02",
        "CET",
        "am",
        "Uhr",
        "DOWN",
        "TLS",
    ),
    *(
        "web01",
        "10.0.0.1",
        "::",
        "a_b",
        "OPS-1",
        "!",
        '"',
        "„",
        "“",
        "`",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "{",
        "—",
        "http://",
        "@",
    ),
    *(".", "\n", "\n\n", " ", "es kam", "zu", "Störungen", "garantiert", "nicht", "\u0130", "\u200b", "\ud800"),
)
ANY = st.text() | st.lists(st.sampled_from(BITS) | st.text(max_size=4), max_size=40).map(" ".join)
LOCALE = st.sampled_from((*LOCALES, None))
HARD = (
    *("a", "1", ":", "A ", "a-", "a_", "a.", "(", "<a", '"', "„", "@", "a@", "!", "\n", " ", "\n ", "- \n", "https://"),
    *(
        "caused by ",
        "caused by a ",
        "guarantee ",
        "not guarantee ",
        "as soon as ",
        "OPS-1 ",
        "web01 ",
        "1.1.1.1 ",
        "::",
    ),
    *("es kam zu ", "kann zu ", "fehler von ", "1:11 ", "WIR ", "soon 14:02 ", "at a", 'File "', "is being "),
)


@given(ANY, LOCALE, st.sampled_from((*Kind, None)), st.sampled_from((True, False, None)))
def test_any_text_is_linted_without_an_error_and_twice_alike(
    text: str, locale: str | None, kind: Kind | None, over: bool | None
) -> None:
    found = lint_text(text, locale, kind, over, keys=["a-b", "(["], allowed=["TLS"])

    assert found == lint_text(text, locale, kind, over, keys=["a-b", "(["], allowed=["TLS"])
    assert len({(each.code, each.place) for each in found}) == len(found)


@given(st.dictionaries(st.sampled_from(PROSE), ANY), ANY, st.sampled_from(Kind), LOCALE)
def test_any_facts_are_linted_without_an_error_and_twice_alike(
    prose: dict[str, str], asked: str, kind: Kind, locale: str | None
) -> None:
    facts = Facts(**prose, reader_action=ReaderAction(asked))  # type: ignore[arg-type]

    found = lint_facts(facts, kind, locale)

    assert found == lint_facts(facts, kind, locale)
    assert all((each.severity is Severity.MISSING) == each.code.startswith("no-") for each in found)


@given(ANY)
def test_a_locale_that_was_not_given_is_one_of_ours(text: str) -> None:
    assert lint_text(text) in [lint_text(text, locale) for locale in LOCALES]


@pytest.mark.slow  # measures
@pytest.mark.parametrize("bit", HARD)
def test_a_text_four_times_as_long_costs_no_more_than_eight_times_as_much(bit: str) -> None:
    """Seconds of this process, the best of three goes; what grows with the square costs sixteen times as much."""

    def cost(length: int) -> float:
        text = (bit * length)[:length]
        began = process_time()
        for locale in LOCALES:
            lint_text(text, locale)
        return process_time() - began

    assert any(cost(30_000) < 8 * cost(7_500) for _ in range(3))


def test_no_code_is_renamed_unseen() -> None:
    lacks = [
        "no-owner",
        "no-symptom",
        "no-next-update",
        "no-end",
        "no-apology",
        "no-benefit",
        "no-whats-new",
        "no-deadline",
    ]
    names = ["host-name", "ip-address", "ticket-id", "stack-trace", "component-key", "placeholder", "jargon", "acronym"]
    words = ["blame", "invented-certainty", "vague-time", "played-down", "passive-evasion"]

    assert {*Code} == {*lacks, *names, *words, "exclamation-mark", "all-caps", "time-without-zone"}
