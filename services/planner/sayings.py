"""What a text may say: outside only prepared words and what persons stated, inside all that is known (M12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forewarn.component import Impact, worst
from forewarn.content import slot
from forewarn.outage import Facts, NoticeClass, ReaderAction
from forewarn.subscriber import Side
from services.planner.blocks import BREAK, one_line, plain, said
from services.planner.corrections import Corrections, corrections
from services.planner.moments import Reading, in_words
from services.planner.planned import planned
from services.planner.subjects import NEUTRAL, public_names, version_of
from services.planner.telling import Stage, Telling

FALLBACK_LOCALE = "en"
LONGEST_HEADLINE = 120
"""Characters; a longer symptom stands in the body, below a headline of ours."""
_PROSE = ("symptoms", "cause", "action", "workaround", "benefit", "note")


@dataclass(frozen=True, slots=True)
class Sayings:
    """Puts the facts of one telling at the service of the texts of one locale. `told`: whether its readers were."""

    telling: Telling
    locale: str
    told: bool

    def outside(self, reading: Reading) -> dict[str, object]:
        """What customers may read: no key, no label, nothing that a machine wrote but of a release.

        `recast` and `corrections` are what a correction takes back, of what persons had stated.
        """
        telling, stated = self.telling, self.telling.stated
        names = public_names(telling.touched, telling.names)
        prepared, unworded = self._symptoms()
        amiss, asked = corrections(telling), self._asked()
        return {
            **self._frame(reading),
            **{name: said(getattr(stated, name)) for name in ("cause", "action", "workaround", "note")},
            **self._release(),
            "stated_symptoms": said(stated.symptoms),
            "public_names": names or tuple(name for name in self._fixed_name() if name not in amiss.dropped),
            "prepared": prepared,
            "unworded": unworded,
            "headline_room": LONGEST_HEADLINE,
            "line_break": BREAK,
            "recast": self._recast(amiss),
            "corrections": amiss,
            "communicated": stated.communicator is not None,
            "responded": bool(stated.responders),
            "expected_end": to_come(stated.expected_end, telling.now),
            "reader_action": asked,
            "asks_first": asked is not None and self.told and telling.asks_first,
            "signed_by": one_line(stated.signed_by or telling.company.signed_by),
        }

    def inside(self, reading: Reading) -> dict[str, object]:
        """What colleagues read: also keys, severity, ways through the graph and monitoring's own words."""
        telling, stated, observed = self.telling, self.telling.stated, self.telling.observed
        facts = stated.laid_over(observed)
        return {
            **self.outside(reading),
            "opened_by_person": telling.by_person,
            "severity": str(telling.severity) if telling.severity else None,
            "touched": tuple((one_line(t.component), str(t.impact), _way(t.path)) for t in telling.touched),
            "worst": str(worst(t.impact for t in telling.touched)),
            "unknown_components": tuple(map(one_line, facts.unknown_components)),
            "monitoring_words": _machine_prose(observed),
            "customers": str(telling.customers),
            "held_until": to_come(telling.held_until, telling.now),
            "notice_class": str(facts.notice_class or NoticeClass.STANDARD),
            "asked_for_by": tuple(map(one_line, facts.changes_requested_by)),
            "communicator": one_line(facts.communicator) if facts.communicator else None,
            "responders": tuple(map(one_line, facts.responders)),
            "accounts": slot("accounts"),
        }

    def _frame(self, reading: Reading) -> dict[str, object]:
        telling, company = self.telling, self.telling.company
        ended = telling.closed_at or telling.now
        return {
            "at": reading.at,
            "clock": reading.clock,
            "outage": telling.outage,
            "window": reading.window,
            "kind": str(telling.kind),
            "work": planned(telling, self.locale, self.told),
            "occasion": str(telling.occasion),
            "told": self.told,
            "test": telling.test,
            "status": telling.standing,
            "by_person": telling.status_by_person,
            "opened": telling.opened_at,
            "ended": max(ended, telling.opened_at),
            "lasted": in_words(telling.opened_at, ended, self.locale),
            "promised": None if telling.over else to_come(telling.promised_at, telling.now),
            "heard": telling.heard_outside,
            "news_at": telling.news_at,
            "holdings": telling.holdings,
            "company": one_line(company.name),
            "support": one_line(company.support) if company.support else None,
            "status_page": one_line(company.status_page) if company.status_page else None,
        }

    def _release(self) -> dict[str, object]:
        """What is new, and what it is good for."""
        facts, version = self.telling.told_facts, version_of(self.telling)
        return {
            "benefit": said(facts.benefit),
            "whats_new": said(facts.whats_new),
            "version": one_line(version) if version else None,
        }

    def _asked(self) -> ReaderAction | None:
        """What readers are to do; nothing that was to be done for work that has begun by now."""
        telling, action = self.telling, self.telling.told_facts.reader_action
        what = said(action.what) if action else None
        if action is None or what is None:
            return None
        begun = telling.stage not in (None, Stage.AHEAD) and not telling.never_was
        if begun and action.by and action.by <= telling.now:
            return None
        return ReaderAction(what, action.by, one_line(action.link) if action.link else None)

    def _fixed_name(self) -> tuple[str, ...]:
        """The subject's name, where no touched component gives one; the inside subject's is a key."""
        name = plain(one_line(self.telling.subject_name))
        return () if self.telling.side is Side.INSIDE or name == NEUTRAL or not name else (name,)

    def _symptoms(self) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        """Sentences that somebody worded, and for the rest the public names by impact, worst first."""
        if stated := said(self.telling.stated.symptoms):
            return (stated,), ()
        sentences: list[str] = []
        rest: dict[Impact, list[str]] = {}
        for touched in sorted(self.telling.touched, key=lambda t: -t.impact.weight):
            named = self.telling.names.get(touched.component)
            if named is None or not public_names((touched,), self.telling.names):
                continue
            if sentence := _prepared(named.symptoms, touched.impact, self.locale):
                sentences.append(sentence)
            else:
                rest.setdefault(touched.impact, []).extend(public_names((touched,), self.telling.names))
        grouped = tuple((str(impact), tuple(dict.fromkeys(names))) for impact, names in rest.items())
        return tuple(dict.fromkeys(sentences)), grouped

    def _recast(self, amiss: Corrections) -> tuple[tuple[str, str | None, str, str | None, str], ...]:
        """Public names told otherwise: the prepared sentence and the impact as they were told, and as they are."""

        def worded(key: str, impact: Impact) -> tuple[str | None, str]:
            return _prepared(self.telling.names[key].symptoms, impact, self.locale), str(impact)

        return tuple((r.name, *worded(r.key, r.said), *worded(r.key, r.now)) for r in amiss.recast)


def _prepared(symptoms: Mapping[str, Mapping[str, str]], impact: Impact, locale: str) -> str | None:
    own = said(symptoms.get(locale, {}).get(impact))
    return own or said(symptoms.get(FALLBACK_LOCALE, {}).get(impact))


def to_come(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment, unless it has passed: then it is no promise any more."""
    return moment if moment and moment > now else None


def _way(path: tuple[str, ...]) -> str | None:
    """The way through the graph, named component first; None for a named component itself."""
    return one_line(" → ".join(path)) if len(path) > 1 else None


def _machine_prose(observed: Facts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for name in _PROSE if (text := said(getattr(observed, name)))))
