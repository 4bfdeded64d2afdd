"""What a notice lacks: of the facts that a person wrote, and of a whole text as readers get it."""

import re
from collections.abc import Iterator, Sequence

from forewarn.linter.finding import Code
from forewarn.linter.lexicon import Lexicon
from forewarn.linter.moments import clocks, names_a_moment
from forewarn.linter.sentences import Sentence
from forewarn.outage import OVER, Facts, Kind

_SIGNATURE = re.compile(r"^[^\S\n]*(?:—|–|--)[^\S\n]*\w", re.MULTILINE)
_LINK = re.compile(r"https?://\w")
TEXT = "text"
"""The place of what a whole text lacks."""


def lacking(facts: Facts, kind: Kind) -> Iterator[tuple[Code, str]]:
    """What the facts of an outage lack, and the field where it belongs."""
    over = facts.status in OVER
    if not (facts.communicator or facts.signed_by):
        yield Code.NO_OWNER, "communicator"
    if kind is Kind.ANNOUNCEMENT and not facts.whats_new:
        yield Code.NO_WHATS_NEW, "whats_new"
    if kind is not Kind.ANNOUNCEMENT and not facts.symptoms:
        yield Code.NO_SYMPTOM, "symptoms"
    if kind is Kind.INCIDENT and not (over or facts.expected_end or facts.next_update_at):
        yield Code.NO_NEXT_UPDATE, "next_update_at"
    if kind is Kind.MAINTENANCE and not (over or facts.window or facts.expected_end):
        yield Code.NO_END, "window"
    if kind is not Kind.INCIDENT and not (over or facts.benefit or _only_asks(facts, kind)):
        yield Code.NO_BENEFIT, "benefit"


def _only_asks(facts: Facts, kind: Kind) -> bool:
    """What is discontinued benefits nobody; then its announcement says what readers must do instead."""
    return kind is Kind.ANNOUNCEMENT and facts.reader_action is not None


def unasked(facts: Facts) -> Iterator[tuple[Code, str]]:
    """What readers must do, without a deadline."""
    if facts.reader_action is not None and facts.reader_action.by is None:
        yield Code.NO_DEADLINE, "reader_action"


def lacking_in_text(text: str, said: Sequence[Sentence], lexicon: Lexicon, kind: Kind, over: bool) -> Iterator[Code]:
    """What a whole text lacks. Planned work owes its benefit; an apology only if it overruns, for it was announced."""

    def shows(sign: str) -> bool:
        return any(lexicon.signs[sign].stand_in(sentence.words) for sentence in said)

    if not (_SIGNATURE.search(text) or shows("owner")):
        yield Code.NO_OWNER
    if kind is Kind.INCIDENT and not shows("symptom"):
        yield Code.NO_SYMPTOM
    if kind is Kind.INCIDENT and not (over or _promises(text, said, lexicon)):
        yield Code.NO_NEXT_UPDATE
    if kind is Kind.MAINTENANCE and not (over or _ends(said, lexicon)):
        yield Code.NO_END
    if (kind is Kind.INCIDENT or (kind is Kind.MAINTENANCE and shows("late"))) and not shows("apology"):
        yield Code.NO_APOLOGY
    if kind is not Kind.INCIDENT and not (over or shows("benefit")):
        yield Code.NO_BENEFIT


def is_over(said: Sequence[Sentence], lexicon: Lexicon) -> bool:
    """Whether the text says itself that it is over."""
    return any(lexicon.signs["over"].stand_in(sentence.words) for sentence in said)


def kind_of(said: Sequence[Sentence], lexicon: Lexicon) -> Kind:
    """An announcement or planned work, if the text calls itself that; else an incident."""
    for sign, kind in (("announced", Kind.ANNOUNCEMENT), ("planned", Kind.MAINTENANCE)):
        if any(lexicon.signs[sign].stand_in(sentence.words) for sentence in said):
            return kind
    return Kind.INCIDENT


def _promises(text: str, said: Sequence[Sentence], lexicon: Lexicon) -> bool:
    """A moment in a sentence that promises; or the page, which is where to look when the next update is far (T13)."""
    if any(lexicon.signs["promise"].stand_in(each.words) and names_a_moment(each, lexicon) for each in said):
        return True
    return _LINK.search(text) is not None and any(lexicon.signs["page"].stand_in(each.words) for each in said)


def _ends(said: Sequence[Sentence], lexicon: Lexicon) -> bool:
    """From when until when; or until when, or for how long."""
    promise = lexicon.signs["promise"]
    return any(clocks(each) > 1 or (promise.stand_in(each.words) and names_a_moment(each, lexicon)) for each in said)
