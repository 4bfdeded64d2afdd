"""The bell: one page rings at most once an attempt, and leaves a mark of what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import redis
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

from forewarn.contracts.page import IN_AIR, Page, Paged, answer_said, page_key
from forewarn.runtime.killpoint import killpoint
from forewarn.runtime.logs import logger
from forewarn.runtime.redis import AWAY

log = logger(__name__)

MARK_KEPT_SECONDS = 24 * 3600
"""Longer than a page lasts, and than the clock asks what became of it."""
ANSWER_KEPT_SECONDS = 120

Call = Callable[[str, str], tuple[Paged, str | None]]


@dataclass(frozen=True, slots=True)
class Bell:
    """Marks before it calls: a page that met a crash on its way is not repeated, and ends as unknown."""

    marks: redis.Redis
    call: Call
    now: Callable[[], datetime]

    def ring(self, page: Page) -> None:
        """Page the person, unless a copy of this attempt was begun before, or it is too late.

        Raises what says that Redis is away: then nobody is paged, and the message waits.
        """
        key = page_key(page.warning_id, page.attempt)
        if page.expires_at <= self.now() or not self.marks.set(key, IN_AIR, nx=True, ex=MARK_KEPT_SECONDS):
            return
        killpoint("page.begun")
        paged, error = self.call(page.person, page.text)
        killpoint("page.answered")
        self._keep(key, answer_said(paged, error))
        log.info("paged", warning=page.warning_id, attempt=page.attempt, answer=str(paged))

    def _keep(self, key: str, answer: str) -> None:
        for attempt in Retrying(
            retry=retry_if_exception_type(AWAY),
            stop=stop_after_delay(ANSWER_KEPT_SECONDS),
            wait=wait_exponential(0.05, max=2),
            reraise=True,
        ):
            with attempt:
                self.marks.set(key, answer, ex=MARK_KEPT_SECONDS)
