"""How long a run lasts: so many people under a cap, and how often a fault strikes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CALL = 50
"""Recipients of one SES call."""
DISPATCHERS, THREADS = 2, 2
AT_ONCE = DISPATCHERS * THREADS
"""Calls in the air at once: each thread works on one batch, and each batch has one connection."""


@dataclass(frozen=True, slots=True)
class Form:
    """A crowd, its cap in recipients per second, and the strikes of a fault that strikes again and again."""

    name: str
    people: int
    per_second: int
    strikes: int

    @property
    def latency_ms(self) -> float:
        """The provider's own slowness, by which the calls at once take a quarter more than the cap."""
        return 1000 * AT_ONCE * CALL / (1.25 * self.per_second)

    @property
    def patience_seconds(self) -> float:
        """After so long whoever is not accounted for is lost: three times the cap's time, and all waits there are."""
        return 3 * self.people / self.per_second + 90

    @property
    def policy(self) -> dict[str, Any]:
        """The cap as a policy says it."""
        return {"delivery": {"email_per_second": self.per_second}}

    @property
    def dispatch(self) -> Mapping[str, str]:
        """Settings of each dispatch."""
        return {
            "FOREWARN_EMAIL_PROVIDER": "ses",
            "FOREWARN_THREADS": str(THREADS),
            "FOREWARN_SES_CONNECTIONS": str(THREADS),
        }


QUICK = Form("quick", people=800, per_second=400, strikes=1)
SHORT = Form("short", people=2_500, per_second=400, strikes=2)
LONG = Form("long", people=16_000, per_second=250, strikes=5)
FORMS = {form.name: form for form in (QUICK, SHORT, LONG)}
