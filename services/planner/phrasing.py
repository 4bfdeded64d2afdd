"""Phrasing: one set of texts, and what it makes of a telling; one variant is for all zones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from forewarn.content import Calendar, Content, slot
from forewarn.notice import Channel, Occasion
from forewarn.outage import Kind, Status
from forewarn.subscriber import Side, Voice
from services.planner import rehearsal
from services.planner.blocks import one_line, parse, plain, quoted
from services.planner.calendar_entry import calendar_of, description_of, names_of, title_of
from services.planner.letters import linked, wrapped
from services.planner.moments import Manner, Moments, Reading
from services.planner.payload import payload_of
from services.planner.sayings import Sayings
from services.planner.subjects import mark_of, subject
from services.planner.telling import Stage, Telling
from services.planner.templates import BadTexts, Texts
from services.planner.which_text import file_of, text_of

FILTERS: Mapping[str, Callable[..., object]] = {"linked": linked, "wrapped": wrapped, "quoted": quoted}

_TONES = {Status.MONITORING: "watching", Status.SCHEDULED: "plan", Status.IN_PROGRESS: "plan", Status.VERIFYING: "plan"}


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What customers read, before a voice frames it; `body` in light marks."""

    state: str
    body: str

    @property
    def silent(self) -> bool:
        return not self.state or not parse(self.body)


@dataclass(frozen=True, slots=True)
class Page:
    """What a channel's layout sets, but for the subject; and the first of its texts of which no word came."""

    values: Mapping[str, object]
    silent: str | None


@dataclass(frozen=True, slots=True)
class Phrased:
    """The words of one variant; `silent` is the text of which no word came, if there is one."""

    content: Content
    silent: str | None


class Phrasing:
    """Speaks by these texts. Raises BadTexts for a locale whose way to write times cannot be used."""

    def __init__(self, texts: Texts) -> None:
        self.texts, self.locales = texts, texts.locales
        self._manners = {locale: self._manner(locale) for locale in self.locales}

    def phrase(
        self, telling: Telling, voice: Voice, locale: str, told: bool, zones: Mapping[int, str], channel: Channel
    ) -> Phrased:
        """The words for this voice, locale and channel. Raises whatever the texts do wrong."""
        moments, title = Moments(), subject(telling, first=not told)
        page = self.page(telling, voice, locale, told, moments)
        values = {**page.values, "subject": title}
        times = moments.spelled(zones, telling.now, self._manners[locale], locale)
        match channel:
            case Channel.EMAIL:
                text, html = (self._laid_out(layout, values) for layout in ("email.txt.j2", "email.html.j2"))
                return Phrased(Content(title, text, html, times, calendar=_entry(telling, locale)), page.silent)
            case Channel.WEBHOOK:
                text = self._laid_out("webhook.txt.j2", values)
                payload = payload_of(telling, text_of(telling, told), locale, title, text)
                return Phrased(Content("", "", "", times, payload), page.silent)
            case _:
                assert_never(channel)

    def page(self, telling: Telling, voice: Voice, locale: str, told: bool, moments: Moments) -> Page:
        """What every channel sets of it."""
        sayings, file = Sayings(telling, locale, told), f"{locale}/voice_{voice}.j2"
        outside = Sayings(telling, locale, told and telling.heard_outside)
        words = f"{locale}/{file_of(outside.telling, outside.told)}.j2"
        spoken = self._spoken(words, outside, moments)
        frame = sayings.outside if telling.side is Side.OUTSIDE else sayings.inside
        letter = self._parts(file, frame(Reading(moments)) | {"customer": spoken})
        values = _page(telling, letter) | {"lang": locale}
        silent = file if not (values["state"] and values["passages"]) else None
        return Page(values, words if spoken.silent else silent)

    def _laid_out(self, layout: str, values: Mapping[str, object]) -> str:
        return self.texts.laid_out(layout, values).strip() + "\n"

    def _spoken(self, words: str, sayings: Sayings, moments: Moments) -> _Spoken:
        """The customers' words; `sayings.told` is whether customers were."""
        parts = self._parts(words, sayings.outside(Reading(moments)))
        return _Spoken(plain(parts("state")), parts("body"))

    def _parts(self, name: str, context: Mapping[str, object]) -> Callable[[str], str]:
        """What the text sets, by name. Raises BadTexts for a part that it does not set."""
        text = self.texts.spoken(name, context)

        def part(wanted: str) -> str:
            if not hasattr(text, wanted):
                raise BadTexts(f"{name}: sets no `{wanted}`")
            return str(getattr(text, wanted))

        return part

    def _manner(self, locale: str) -> Manner:
        name = f"{locale}/words.j2"
        with self.texts.faults_named():
            written = getattr(self.texts.spoken(name, {}), "moments", None)
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
