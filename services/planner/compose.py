"""Composing a notice: one variant is one voice, in one locale, told before or not, for all zones.

A text of the house's own that is faulty for these facts gives way to the prepared one, the whole variant at once (M8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from forewarn.content import Content
from forewarn.notice import Channel
from forewarn.subscriber import VOICES, Voice
from services.planner import rehearsal
from services.planner.moments import Moments
from services.planner.phrasing import FILTERS, Phrased, Phrasing
from services.planner.sayings import FALLBACK_LOCALE
from services.planner.subjects import NEUTRAL, subject_name
from services.planner.telling import Named, Telling
from services.planner.templates import BadTexts, Texts
from services.planner.unfit import GaveWay, Why, leftovers
from services.planner.which_text import file_of, tellable

__all__ = ["NEUTRAL", "BadTexts", "Composed", "Composer", "Named", "Telling", "subject_name"]


@dataclass(frozen=True, slots=True)
class Composed:
    """The words of one variant, all of one set of texts; `gave_way`: the own text that could not tell it."""

    content: Content
    gave_way: GaveWay | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be composed, for whom."""

    telling: Telling
    voice: Voice
    locale: str
    told: bool
    zones: Mapping[int, str]
    channel: Channel

    def by(self, phrasing: Phrasing) -> Phrased:
        """In English where there are no texts of ours in that locale: it tells all the same."""
        locale = self.locale if self.locale in phrasing.locales else FALLBACK_LOCALE
        return phrasing.phrase(self.telling, self.voice, locale, self.told, self.zones, self.channel)

    @property
    def text(self) -> str:
        """The name of the text that has these words."""
        return f"{self.locale}/{file_of(self.telling, self.told and self.telling.heard_outside)}.j2"


class Composer:
    """Turns a telling into the words of one variant. Raises BadTexts at start if any own text cannot be used.

    The prepared ones are rehearsed by a test: doing it at each start takes a second.
    """

    def __init__(self, templates: Path | None = None) -> None:
        self._own = Phrasing(Texts(templates, FILTERS))
        self._prepared = Phrasing(Texts(None, FILTERS)) if templates is not None else None
        self.locales = self._own.locales
        if templates is not None:
            self.rehearse()

    def rehearse(self) -> int:
        """Every text once with each kind of facts; how many that were. Raises BadTexts with file and line."""
        pages, layouts = [*rehearsal.variants(self.locales)], [*rehearsal.layouts(self.locales)]
        with self._own.texts.faults_named():
            for telling, voice, locale, told in pages:
                self._own.page(telling, voice, locale, told, Moments())
            for telling, voice, locale, told in layouts:
                for channel in Channel:
                    self._own.phrase(telling, voice, locale, told, {1: "Europe/Berlin"}, channel)
        return len(pages) + len(layouts)

    def compose(
        self,
        telling: Telling,
        voice: Voice,
        locale: str,
        told: bool,
        zones: Mapping[int, str],
        channel: Channel = Channel.EMAIL,
    ) -> Content:
        """The words of `composed`, wherever they come from."""
        return self.composed(telling, voice, locale, told, zones, channel).content

    def composed(
        self,
        telling: Telling,
        voice: Voice,
        locale: str,
        told: bool,
        zones: Mapping[int, str],
        channel: Channel = Channel.EMAIL,
    ) -> Composed:
        """The words for this voice, locale and channel, with time slots spelled for each zone.

        `told`: whether its readers have had a notice of this outage; who has not reads first words. Raises
        ValueError for an occasion or a locale without texts, and for a voice that the telling's side has not.
        """
        if not tellable(telling) or locale not in self.locales or voice not in VOICES[telling.side]:
            raise ValueError(f"no text for {telling.occasion}, {telling.side}, {voice}, {locale!r}")
        asked = _Asked(telling, voice, locale, told, zones, channel)
        if self._prepared is None:
            return Composed(asked.by(self._own).content)
        try:
            own = asked.by(self._own)
        except Exception as fault:  # a text may do anything wrongly, and nobody waits for it
            name, line = self._own.texts.place_of(fault) or (asked.text, None)
            gave_way = GaveWay(name, Why.RAISED, line, type(fault).__name__)
            return Composed(asked.by(self._prepared).content, gave_way)
        return _fit(own, asked, self._prepared)


def _fit(own: Phrased, asked: _Asked, prepared: Phrasing) -> Composed:
    """The own words unless they are unfit. What the prepared ones say too was stated so: that is no text's fault."""
    if own.silent is None and not leftovers(own.content):
        return Composed(own.content)
    other = asked.by(prepared)
    if own.silent is not None:
        return Composed(other.content, GaveWay(own.silent, Why.EMPTY))
    if {*leftovers(own.content)} - {*leftovers(other.content)}:
        return Composed(other.content, GaveWay(asked.text, Why.LEFTOVER))
    return Composed(own.content)
