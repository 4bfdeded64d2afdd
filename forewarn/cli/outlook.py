"""The outlook: what an act would tell, to whom and when, as it is shown before anybody hears of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from forewarn.cli.moments import moment_or_text, said, span
from forewarn.cli.standing import TEST, mode_of, pauses
from forewarn.cli.tables import NOTHING, cell, plain, table
from forewarn.contracts.api import PreviewGroup, PreviewText, PreviewView

OUTSIDE = "outside"
SILENT = ("repeat", "stale")


def outlook(view: PreviewView, now: datetime, later: bool = False) -> Group:
    """The text that most customers read, the audience by side and voice, the times, and what stands over it.

    `later`: a schedule says what is told another time.
    """
    return Group(*_parts(view, now, later))


def _parts(view: PreviewView, now: datetime, later: bool) -> Iterator[RenderableType]:
    text = most_read(view.texts)
    if text is not None:
        yield from text_of(text)
        yield from _others(len(view.texts) - 1)
    yield from audience(view, now)
    yield from verdict(view, later)
    yield from warnings(view, now)


def most_read(texts: Iterable[PreviewText]) -> PreviewText | None:
    """The customers' text with the most readers; the inside's when no customer is told."""
    return max(texts, key=lambda text: (text.side == OUTSIDE, text.people), default=None)


def text_of(text: PreviewText) -> Iterator[RenderableType]:
    """One variant in full, under a line that says who reads it."""
    told = ", told before" if text.told_before else ""
    readers = people(text.people) if text.people else "as it would read now"
    who = f"{text.side}, {text.voice}, {text.channel}, {text.locale}: {text.occasion}{told}, {readers}"
    yield Text(plain(who), "dim")
    if text.gave_way is not None:
        yield Text(plain(f"Your own text {text.gave_way} cannot tell this, so the prepared one goes out:"), "bold")
    yield Padding(Text(plain(text.subject), "bold"), (0, 0, 1, 2), expand=False)
    yield Padding(Text(plain(text.text.strip())), (0, 0, 1, 2), expand=False)


def audience(view: PreviewView, now: datetime) -> Iterator[RenderableType]:
    """Who is told by side and voice, who is left out and why, and when each notice leaves."""
    if view.groups:
        yield from (_audience(view.groups, now), Text())
    if view.notices:
        yield from (times(view), Text())


def times(view: PreviewView) -> Table:
    """When each notice leaves on each channel, and how long that takes."""
    made = table("When", "Side", "Notice", "Channel", "People", "Takes about", wrap=("When",))
    for each in view.notices:
        took = span(timedelta(seconds=max(1, round(each.seconds)))) if each.people else NOTHING
        cells = (cell(each.when), cell(each.side), cell(each.occasion), cell(each.channel))
        made.add_row(*cells, f"{each.people:,}", took)
    return made


def verdict(view: PreviewView, later: bool = False) -> Iterator[Text]:
    """What is to be known of the act itself: that it says nothing new, that nobody outside hears it (now)."""
    if view.verdict in SILENT:
        yield Text(plain(f"This says nothing new: {view.reason or view.verdict}."), "bold")
    outside = [notice for notice in view.notices if notice.side == OUTSIDE and notice.people]
    if not any(notice.now for notice in outside):
        yield Text("Nobody outside is told now." if outside or later else "Nobody outside is told.", "bold")
    if view.people_later:
        yield Text(f"{people(view.people_later)} would be told later: see the times above.", "bold")


def postponed(view: PreviewView, now: datetime) -> Iterator[str]:
    """Where readers are promised another next update than was named, for their channel cannot keep that one."""
    late = ((n.channel, n.side, n.promised_at, n.too_near) for n in view.notices if n.people)
    for channel, side, due, named in dict.fromkeys(late):
        if named is None:
            continue
        until = f"until {said(due, now)}" if due else "hours"
        promise = f"are promised {said(due, now)}" if due else "are promised no time and pointed to the page"
        yield f"{channel} needs {until}: its readers {side} {promise}, not {said(named, now)}."


def warnings(view: PreviewView, now: datetime) -> Iterator[Text]:
    """The delivery mode, whether it is a test, each pause in bold, and what cannot be promised."""
    yield Text(f"Delivery mode {mode_of(view.mode)}.")
    yield from (Text(plain(line), "bold") for line in postponed(view, now))
    if view.test:
        yield Text(f"{TEST}.", "bold")
    yield from (Text(line, "bold red") for line in pauses(view.paused, now))
    if view.paused:
        yield Text("What is paused waits, and is sent when the pause is lifted.", "bold")


def people(count: int) -> str:
    """812,441 people; 1 person."""
    return "1 person" if count == 1 else f"{count:,} people"


def _others(count: int) -> Iterator[RenderableType]:
    if count > 0:
        noun = "variant" if count == 1 else "variants"
        yield Text(f"{count} more {noun}, for other voices and languages: --dry-run shows all\n", "dim")


def _audience(groups: Sequence[PreviewGroup], now: datetime) -> Table:
    """By side and voice, and by channel where there are several: no number adds up people of two channels."""
    told: dict[tuple[str, ...], int] = defaultdict(int)
    out: dict[tuple[str, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    several = len({each.channel for each in groups}) > 1
    for each in groups:
        key = (each.side, each.voice, *([each.channel] if several else ()))
        told[key] += each.people if each.outcome == "told" else 0
        if each.outcome != "told":
            out[key][left_out(each, now)] += each.people
    heads = ("Side", "Voice", "Channel") if several else ("Side", "Voice")
    made = table(*heads, "Told now", "Not told now", wrap=("Not told now",))
    for key, count in told.items():
        whys = ", ".join(f"{number:,} {why}" for why, number in out[key].items())
        made.add_row(*map(cell, key), f"{count:,}", cell(whys))
    return made


def left_out(group: PreviewGroup, now: datetime) -> str:
    """Why a group is not written to now."""
    reason = moment_or_text(group.reason or group.outcome, now)
    return f"in quiet hours, told {reason}" if group.outcome == "moved" else reason.replace("_", " ")
