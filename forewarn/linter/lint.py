"""Lint what a person wrote of an outage, or a whole text: findings in the order of the text, none for a good one."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from forewarn.linter.finding import Code, Finding, finding
from forewarn.linter.letters import explained, letters_in
from forewarn.linter.lexicon import Lexicon, language_of, lexicon
from forewarn.linter.missing import TEXT, is_over, kind_of, lacking, lacking_in_text, unasked
from forewarn.linter.moments import names_a_moment, without_zone
from forewarn.linter.names import names_in
from forewarn.linter.sentences import Sentence, sentences
from forewarn.outage import Facts, Kind

PROSE = ("symptoms", "cause", "action", "workaround", "benefit", "whats_new", "note")
EXACT = ("workaround", "whats_new", "reader_action")
"""Where readers are told what to do or what they have: there they may need a name to the letter."""
_TO_THE_LETTER = frozenset({Code.ACRONYM, Code.IP_ADDRESS, Code.COMPONENT_KEY, Code.JARGON})
_SILENT = Facts()
_WORD = re.compile(r"[^\W_]+")


def prose_of(facts: Facts) -> dict[str, str]:
    """What a person wrote in their own words, by field."""
    found = {name: text for name in PROSE if (text := getattr(facts, name))}
    return found | ({"reader_action": facts.reader_action.what} if facts.reader_action else {})


def lint_facts(
    facts: Facts, kind: Kind, locale: str | None = None, known: Facts | None = _SILENT, allowed: Collection[str] = ()
) -> list[Finding]:
    """What a person wrote of an outage. The words of `facts` are judged; what is missing, together with `known`.

    `known` is what is on record already; None: nobody can tell, so nothing is missed. Without a locale the words
    tell it. `allowed` are short forms and words of the house that its readers know.
    """
    prose = prose_of(facts)
    lists = lexicon(locale or language_of(prose.values()))
    missed = [*lacking(facts.laid_over(known), kind)] if known is not None else []
    found = [finding(code, place) for code, place in (*missed, *unasked(facts))]
    fine = explained("\n".join(prose.values())) | {word.upper() for word in allowed}
    keys = frozenset(facts.components) | frozenset(facts.unknown_components)
    for place, text in prose.items():
        spared = _TO_THE_LETTER if place in EXACT else frozenset()
        hits = ((place, code, words) for _, code, words in _hits([*sentences(text)], lists, fine, keys, spared))
        found += _gathered(hits)
    return found


def lint_text(
    text: str,
    locale: str | None = None,
    kind: Kind | None = None,
    over: bool | None = None,
    keys: Collection[str] = (),
    allowed: Collection[str] = (),
) -> list[Finding]:
    """A whole text as readers get it; what is not given (locale, kind, whether it is over) the words tell.

    `keys` are those of the touched components.
    """
    said = [*sentences(text)]
    lists = lexicon(locale or language_of([text]))
    what = kind or kind_of(said, lists)
    done = is_over(said, lists) if over is None else over
    found = [finding(code, TEXT) for code in lacking_in_text(text, said, lists, what, done)]
    fine = explained(text) | {word.upper() for word in allowed}
    hits = _hits(said, lists, fine, frozenset(keys), frozenset())
    return found + _gathered((f"line {each.line}", code, words) for each, code, words in hits)


def _hits(
    said: Sequence[Sentence], lists: Lexicon, fine: frozenset[str], keys: frozenset[str], spared: frozenset[Code]
) -> Iterator[tuple[Sentence, Code, str]]:
    """Whatever should not be there, sentence by sentence, but codes that are spared here."""
    zoned = any(lists.signs["all-times"].stand_in(each.words) and lists.zones.search(each.words) for each in said)
    for each in said:
        exact = lists.signs["exact"].stand_in(each.words)
        let = spared | (_TO_THE_LETTER if exact else frozenset()) | ({Code.TIME_WITHOUT_ZONE} if zoned else set())
        for code, words in _faults(each, lists, fine, keys):
            if code not in let and words.upper() not in fine:
                yield each, code, words


def _faults(said: Sentence, lists: Lexicon, fine: frozenset[str], keys: frozenset[str]) -> Iterator[tuple[Code, str]]:
    """Each fault once: what is part of a name or of a fault is no fault of its own."""
    names = [*names_in(said, lists, keys)]
    parts = _words_of(names)
    vague = not names_a_moment(said, lists)
    phrases = [
        (code, words)
        for code, each in lists.faults.items()
        if vague or code is not Code.VAGUE_TIME
        for words in each.found_in(said.own)
        if words not in parts
    ]
    yield from (*phrases, *names)
    yield from letters_in(said, lists, fine | parts | _words_of(phrases))
    yield from ((Code.TIME_WITHOUT_ZONE, time) for time in without_zone(said, lists))


def _words_of(found: Iterable[tuple[Code, str]]) -> frozenset[str]:
    return frozenset(word for _, words in found for word in _WORD.findall(words))


def _gathered(hits: Iterable[tuple[str, Code, str]]) -> list[Finding]:
    """One finding for each code and place, with the words it is about."""
    words: dict[tuple[str, Code], list[str]] = {}
    for place, code, word in hits:
        words.setdefault((place, code), []).append(word)
    return [finding(code, place, tuple(each)) for (place, code), each in words.items()]
