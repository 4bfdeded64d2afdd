"""The kinds of text and number that a policy is made of, each with plain words for what it must be."""

import re
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    Field,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from forewarn.contracts.addresses import Webhook
from forewarn.contracts.event import Line, Link
from forewarn.lead import lead_from
from forewarn.release import rule_from


def _must_be(words: str) -> WrapValidator:
    """Says what a text must be in these words, where pydantic would quote a pattern."""

    def check(text: Any, inner: ValidatorFunctionWrapHandler) -> Any:
        try:
            return inner(text)
        except ValidationError:
            if not isinstance(text, str):
                raise
            raise ValueError(f"must be {words}") from None

    return WrapValidator(check)


def _rule(text: str) -> str:
    rule_from(text)
    return text


def _lead(text: str) -> str:
    lead_from(text)
    return text


def _minimum(text: str) -> str:
    if not lead_from(text).within_two_years:
        raise ValueError(f"{text!r} is too long: a minimum notice is two years at most")
    return text


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; expected a name such as Europe/Berlin")
    return name


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"names {' and '.join(twice)} more than once: the order would not be clear")
    return names


def _naive(wall: datetime) -> datetime:
    if wall.tzinfo is not None:
        raise ValueError("must have no offset: it is by the clock on the wall of the rota's zone")
    return wall


PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""Names a variable of the environment in a text that must not be read by everybody."""


def _reach(url: str) -> str:
    """The scheme may stand in the environment as well; a `$` that names nothing would travel as it is."""
    bare = PLACEHOLDER.sub("", url)
    if "$" in bare or not ("://" in bare or bare != url):
        raise ValueError(
            "must be a URL as Apprise reads it, such as slack://${SLACK_TOKEN}/#on-call, or ${PAGER_DANA} for all of it"
        )
    return url


_MAILBOX = TypeAdapter[str](Annotated[Line, StringConstraints(pattern=r"^[^@\s]*@[^@\s]+$", to_lower=True)])
_WEBHOOK = TypeAdapter[str](Webhook)


def _guest(text: str) -> str:
    """As the directory keeps it: of a URL case counts, of an address it does not."""
    kind = _WEBHOOK if text.strip().startswith("https://") else _MAILBOX
    return kind.validate_python(text)


Whole = Annotated[int, Strict()]
"""A whole number; neither yes nor "60" is one."""
Number = Annotated[float, Strict()]
Url = Annotated[Link, _must_be("a link that begins with http:// or https://")]
Address = Annotated[
    str,
    StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$"),
    _must_be("one plain address such as status@acme.example"),
]
Guest = Annotated[
    str,
    AfterValidator(_guest),
    Field(description="An address, @domain, or the whole URL of a webhook.", min_length=1),
    _must_be("an address such as ana@acme.example, @acme.example for all of a domain, or the whole URL of a webhook"),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$"), _must_be("two small letters such as en")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), _must_be("two capital letters such as DE")]
LeadText = Annotated[Line, AfterValidator(_lead)]
MinimumNotice = Annotated[Line, AfterValidator(_minimum)]
Zone = Annotated[Line, AfterValidator(_zone)]
ShiftText = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}[dw]$"), _must_be("a number of days or weeks, such as 7d or 2w")
]
WallClock = Annotated[datetime, AfterValidator(_naive)]
ReachUrl = Annotated[Line, AfterValidator(_reach)]
RuleText = Annotated[Line, AfterValidator(_rule)]
EachOnce = Annotated[tuple[Line, ...], AfterValidator(_each_once)]
