"""Where and how somebody reads: country, language, time zone, time of day."""

import re
from functools import cache, lru_cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, StringConstraints


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(text: str) -> str:
    if text not in _zones():
        raise ValueError("must be an IANA time zone such as Europe/Berlin")
    return text


@lru_cache(maxsize=256)
def _language(text: str) -> str:
    """The language of a locale: texts are kept per language, so de-CH is read as de."""
    if not re.fullmatch(r"[A-Za-z]{2}([-_][A-Za-z0-9]{2,8})*", text):
        raise ValueError("must be a locale such as en or de-CH")
    return text[:2].lower()


Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Zone = Annotated[str, AfterValidator(_zone)]
Locale = Annotated[str, AfterValidator(_language)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
