"""Foresight: when a notice on paper would leave, whom it would reach, and in which words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forewarn.content import Words, values_for
from forewarn.contracts.api import PreviewGroup, PreviewNotice, PreviewText
from forewarn.delivery import LETTERS, MOVED, OPEN
from forewarn.notice import OF_FAILURES, Channel, Hold, Occasion
from forewarn.release import Rule
from forewarn.subscriber import Side
from services.planner.audience import Group
from services.planner.gate import Standing
from services.planner.paper import PaperPage
from services.planner.payload import words_of
from services.planner.ports import Variant
from services.planner.wording import Case

PLACEHOLDERS = {"accounts": "(their accounts)", "unsubscribe": "(their own link)", "name": "(their name)"}

TOLD = "told"


@dataclass(frozen=True, slots=True)
class Outlook:
    """One notice as it would be told, or is waiting to be."""

    standing: Standing
    notice: PreviewNotice
    groups: tuple[PreviewGroup, ...]
    texts: tuple[PreviewText, ...]


@dataclass(frozen=True, slots=True)
class Prospect:
    """All of them, and how many people they tell now and later: who is told on several channels counts once."""

    outlooks: tuple[Outlook, ...] = ()
    now: int = 0
    later: int = 0


NOTHING = Prospect()


def prospect(page: PaperPage, case: Case, outlooks: Sequence[Outlook]) -> Prospect:
    """The outlooks with their people counted; one on a way that nobody has is none."""
    outlooks = [each for each in outlooks if each.groups or each.notice.people or each.notice.channel == Channel.EMAIL]
    now = [each for each in outlooks if each.notice.now]
    later = [each for each in outlooks if not each.notice.now]
    return Prospect(tuple(outlooks), _people(page, case, now), _people(page, case, later))


def _people(page: PaperPage, case: Case, outlooks: Sequence[Outlook]) -> int:
    if len({each.notice.channel for each in outlooks if each.notice.people}) < 2:
        return sum(each.notice.people for each in outlooks)
    moved = [each for each in outlooks if _of_moved(each)]
    others = [each.standing for each in outlooks if each not in moved]
    return sum(each.notice.people for each in moved) + page.people(others, case)


def _of_moved(outlook: Outlook) -> bool:
    """Whether it is for whoever was moved to it, and no audience of those who stand in the directory."""
    occasion = outlook.standing.occasion
    return occasion in OF_FAILURES or (occasion is Occasion.WAKE and not outlook.notice.now)


def when(page: PaperPage, notice: Standing, rule: Rule) -> tuple[str, bool]:
    """When it leaves, in words, and whether that is now, without anybody doing more."""
    key = notice.notice_id, notice.channel
    if key in page.left:
        air = (notice.side, notice.channel) in page.in_the_air
        return ("now, after what is in the air" if air else "now"), True
    if notice.paused:
        return "when sending is resumed", False
    until = page.until.get(key)
    match notice.hold:
        case Hold.AFTER if rule.after is not None and until == page.now() + rule.after:
            return f"after {_span(rule.after)} unless dismissed", False
        case Hold.AFTER if until is not None:
            return f"at {until:%H:%M} UTC unless dismissed", False
        case Hold.QUIET if until is not None:
            return f"at {until:%H:%M} UTC, when their quiet hours end", False
        case Hold.STORM:
            return f"when a person releases it: {_storm(page)}", False
        case None:
            ahead = any((n.side, n.channel) == (notice.side, notice.channel) for n in _leaving(page))
            return "after the notice before it", ahead
        case _:
            return "when a person releases it", False


def _leaving(page: PaperPage) -> Iterator[Standing]:
    return (notice for key, notice in page.notices.items() if key in page.left)


def _storm(page: PaperPage) -> str:
    reach = page.reached
    if reach is None:
        return "the storm brake holds it"
    lately = f", with {reach.lately:,} told by machines within the hour" if reach.lately else ""
    return f"the storm brake holds it, it would reach {reach.audience:,} of {reach.customers:,} customers{lately}"


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def groups_of(
    notice: Standing, found: Iterable[Group], locales: frozenset[str], plain_locale: str
) -> tuple[PreviewGroup, ...]:
    """The audience by what it reads, in locales that there are texts in; or why it reads nothing now."""
    people: Counter[tuple[str, str, bool, str, str | None]] = Counter()
    for group in found:
        locale = group.locale if group.locale in locales else plain_locale
        people[group.voice, locale, group.told, *_outcome(group)] += group.people
    return tuple(
        PreviewGroup(
            side=notice.side,
            occasion=notice.occasion,
            voice=voice,
            channel=notice.channel,
            locale=locale,
            told_before=told,
            outcome=outcome,
            reason=reason,
            people=count,
        )
        for (voice, locale, told, outcome, reason), count in people.items()
    )


def _outcome(group: Group) -> tuple[str, str | None]:
    if group.letter == OPEN:
        return TOLD, None
    if group.letter == MOVED:
        return MOVED_WORD, group.wake_at.isoformat() if group.wake_at else None
    state, reason = LETTERS[group.letter]
    return state.value, reason.value if reason else None


MOVED_WORD = LETTERS[MOVED][0].value


def texts_of(
    notice: Standing, variants: Iterable[Variant], readers: Mapping[tuple[str, str, bool], int]
) -> tuple[PreviewText, ...]:
    """The variants that somebody would read, as a reader in UTC reads them."""
    return tuple(
        text_of(notice.side, notice.occasion, notice.channel, variant, readers[key])
        for variant in variants
        if (key := (variant.voice.value, variant.locale, variant.told)) in readers
    )


def text_of(side: Side, occasion: Occasion, channel: str, variant: Variant, people: int) -> PreviewText:
    """One variant, with placeholders for what differs from reader to reader."""
    values = values_for(variant.content, 0, PLACEHOLDERS)
    title, text = words_of(variant.content)
    return PreviewText(
        side=side,
        occasion=occasion,
        voice=variant.voice,
        channel=channel,
        locale=variant.locale,
        told_before=variant.told,
        people=people,
        subject=Words(title).fill(values),
        text=Words(text).fill(values),
        gave_way=variant.gave_way.text if variant.gave_way else None,
    )
