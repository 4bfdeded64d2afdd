"""Composing a notice: one variant is one voice, in one locale, told before or not, for all zones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from forewarn.content import Calendar, Content, slot
from forewarn.notice import Channel, Occasion
from forewarn.outage import Kind, Status
from forewarn.subscriber import VOICES, Side, Voice
from services.planner import rehearsal
from services.planner.blocks import one_line, parse, plain, quoted
from services.planner.calendar_entry import calendar_of, description_of, names_of, title_of
from services.planner.letters import linked, wrapped
from services.planner.moments import Manner, Moments, Reading
from services.planner.payload import payload_of
from services.planner.sayings import Sayings
from services.planner.subjects import NEUTRAL, mark_of, subject, subject_name
from services.planner.telling import Named, Stage, Telling
from services.planner.templates import BadTexts, Texts
from services.planner.which_text import file_of, tellable, text_of

__all__ = ["NEUTRAL", "BadTexts", "Composer", "Named", "Telling", "subject_name"]

_TONES = {Status.MONITORING: "watching", Status.SCHEDULED: "plan", Status.IN_PROGRESS: "plan", Status.VERIFYING: "plan"}


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What customers read, before a voice frames it; `body` in light marks."""

    state: str
    body: str


class Composer:
    """Turns a telling into the words of one variant. Raises BadTexts at start if any text cannot be used."""

    def __init__(self, templates: Path | None = None) -> None:
        self._texts = Texts(templates, {"linked": linked, "wrapped": wrapped, "quoted": quoted})
        self.locales = self._texts.locales
        self._manners = {locale: self._manner(locale) for locale in self.locales}
        with self._texts.faults_named():
            for telling, voice, locale, told in rehearsal.variants(self.locales):
                self._page(telling, voice, locale, told, Moments())
            for telling, voice, locale, told in rehearsal.layouts(self.locales):
                for channel in Channel:
                    self.compose(telling, voice, locale, told, {1: "Europe/Berlin"}, channel)

    def compose(
        self,
        telling: Telling,
        voice: Voice,
        locale: str,
        told: bool,
        zones: Mapping[int, str],
        channel: Channel = Channel.EMAIL,
    ) -> Content:
        """The words for this voice, locale and channel, with time slots spelled for each zone.

        `told`: whether its readers have had a notice of this outage; who has not reads first words. Raises
        ValueError for an occasion or a locale without texts, and for a voice that the telling's side has not.
        """
        if not tellable(telling) or locale not in self.locales or voice not in VOICES[telling.side]:
            raise ValueError(f"no text for {telling.occasion}, {telling.side}, {voice}, {locale!r}")
        moments, title = Moments(), subject(telling, first=not told)
        page = self._page(telling, voice, locale, told, moments) | {"subject": title}
        times = moments.spelled(zones, telling.now, self._manners[locale], locale)
        match channel:
            case Channel.EMAIL:
                text, html = (self._laid_out(layout, page) for layout in ("email.txt.j2", "email.html.j2"))
                return Content(title, text, html, times, calendar=_entry(telling, locale))
            case Channel.WEBHOOK:
                text = self._laid_out("webhook.txt.j2", page)
                return Content("", "", "", times, payload_of(telling, text_of(telling, told), locale, title, text))
            case _:
                assert_never(channel)

    def _page(self, telling: Telling, voice: Voice, locale: str, told: bool, moments: Moments) -> dict[str, object]:
        """What a channel's layout sets, but for the subject."""
        sayings = Sayings(telling, locale, told)
        spoken = self._spoken(Sayings(telling, locale, told and telling.heard_outside), moments)
        frame = sayings.outside if telling.side is Side.OUTSIDE else sayings.inside
        letter = self._parts(f"{locale}/voice_{voice}.j2", frame(Reading(moments)) | {"customer": spoken})
        return _page(telling, letter) | {"lang": locale}

    def _laid_out(self, layout: str, page: Mapping[str, object]) -> str:
        return self._texts.laid_out(layout, page).strip() + "\n"

    def _spoken(self, sayings: Sayings, moments: Moments) -> _Spoken:
        """The customers' words; `sayings.told` is whether customers were."""
        words = self._parts(
            f"{sayings.locale}/{file_of(sayings.telling, sayings.told)}.j2", sayings.outside(Reading(moments))
        )
        return _Spoken(plain(words("state")), words("body"))

    def _parts(self, name: str, context: Mapping[str, object]) -> Callable[[str], str]:
        """What the text sets, by name. Raises BadTexts for a part that it does not set."""
        text = self._texts.spoken(name, context)

        def part(wanted: str) -> str:
            if not hasattr(text, wanted):
                raise BadTexts(f"{name}: sets no `{wanted}`")
            return str(getattr(text, wanted))

        return part

    def _manner(self, locale: str) -> Manner:
        name = f"{locale}/words.j2"
        with self._texts.faults_named():
            written = getattr(self._texts.spoken(name, {}), "moments", None)
        try:
            return rehearsal.tried(Manner(**(written or {})), locale)
        except Exception as fault:  # a pattern may fail in Babel in many ways
            raise BadTexts(f"{name}: `moments` is not as the shipped one: {fault}") from None


def _tone(telling: Telling) -> str:
    """The colour of a mail: trouble, watching, plan, over."""
    if telling.kind is Kind.ANNOUNCEMENT and not telling.withdrawn:
        return "plan"
    if telling.over:
        return "over"
    late = telling.stage is Stage.LATE or telling.occasion is Occasion.OVERRUN
    return "watching" if late else _TONES.get(telling.status, "trouble")


def _page(telling: Telling, letter: Callable[[str], str]) -> dict[str, object]:
    """What a channel's layout sets."""
    return {
        "company": plain(one_line(telling.company.name)),
        "outage": telling.outage,
        "tone": _tone(telling),
        "passages": parse(letter("body")),
        "unsubscribe": slot("unsubscribe"),
        **{name: plain(letter(name)) for name in ("state", "preheader", "why", "stop")},
    }


def _entry(telling: Telling, locale: str) -> Calendar | None:
    """For the reader's calendar, of planned work. What no reader outside has a name for is called as in the subject."""
    names = names_of(telling.touched, telling.names)
    title = mark_of(telling) + title_of(telling.company, names, locale) if names else subject(telling, first=True)
    return calendar_of(telling, title, description_of(telling.stated), telling.revision, telling.now)
