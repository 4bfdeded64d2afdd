"""Spans of time: when something was away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`."""

    start: datetime
    end: datetime


def span_at(spans: Sequence[Span], moment: datetime) -> Span | None:
    """The span that the moment lies in."""
    return next((span for span in spans if span.start <= moment < span.end), None)


def touch(spans: Sequence[Span], start: datetime, end: datetime) -> bool:
    """Whether one of them shares a moment with this time."""
    return any(span.start < end and start < span.end for span in spans)


def after(spans: Sequence[Span], moment: datetime) -> datetime:
    """The moment, or when it is over that something is away then."""
    span = span_at(spans, moment)
    while span is not None:
        moment = span.end
        span = span_at(spans, moment)
    return moment


def edge(spans: Sequence[Span], moment: datetime) -> datetime | None:
    """The next start of a span after the moment."""
    return min((span.start for span in spans if span.start > moment), default=None)
