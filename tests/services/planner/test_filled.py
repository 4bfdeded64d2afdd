"""What nobody filled in is not told; what somebody wrote is, whatever else is in it."""

import pytest

from forewarn.outage import Facts, ReaderAction
from services.planner.filled import filled

GAPS = ("{{ alert.summary }}", " TBD. ", "{% if x %}{{ y }}{% endif %}", "<no value>", "${BENEFIT}", "???", '"{{ x }}"')
WORDS = (
    "Some of you cannot pay.",
    "Payments of {{ amount }} are charged twice.",
    "Mails show {{ name }} in place of your name.",
    "…",
    "14:02 - <b>",
)


@pytest.mark.parametrize("gap", GAPS)
def test_a_placeholder_alone_is_as_if_it_had_not_been_said(gap: str) -> None:
    facts = Facts(symptoms=gap, cause="A disk was full.", signed_by=gap, reader_action=ReaderAction(gap))

    assert filled(facts) == Facts(cause="A disk was full.")


@pytest.mark.parametrize("words", WORDS)
def test_words_of_somebodys_own_stay_as_they_are(words: str) -> None:
    facts = Facts(symptoms=words, note=words, version=words, reader_action=ReaderAction(words))

    assert filled(facts) is facts
