"""Plan: from an outage's newest state to notices, and through the gate those that may go now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from forewarn.component import spread
from forewarn.contracts.policy import Policy
from forewarn.notice import Channel, Occasion, lane_of
from forewarn.outage import OVER, Outage
from forewarn.subscriber import VOICES, Side
from services.planner.compose import Composer, subject_name
from services.planner.gate import Release, Replace, Standing, moves
from services.planner.hearing import last_rank
from services.planner.ports import Book, Due, Fixed, Page, Variant
from services.planner.schedule import wanted
from services.planner.telling import Telling

CHANNELS = (Channel.EMAIL,)


class Planner:
    """Plans outages. Holds the policy and the prepared words; everything else is on the page."""

    def __init__(self, book: Book, composer: Composer, policy: Policy) -> None:
        self._book, self._composer, self._policy = book, composer, policy

    def plan(self, outage_id: int) -> Sequence[Due]:
        """Plan what no plan has seen yet, close what is drained, release what may go.

        The one way through the gate: a release never tells facts that no plan has seen. Late and repeated
        calls find nothing to do.
        """
        with self._book(outage_id) as page:
            seen = page.seen()
            touched = spread(seen.outage.facts.components, page.graph().dependencies)
            for notice in wanted(seen.outage, seen.planned, seen.unseen, bool(touched)):
                start = self._head_start if notice.side is Side.OUTSIDE else timedelta(0)
                for channel in CHANNELS:
                    page.add(notice, channel, lane_of(notice.occasion, notice.side), start)
            page.planned_up_to(seen.outage.revision)
            return self._release(page, seen.outage)

    @property
    def _head_start(self) -> timedelta:
        return timedelta(seconds=self._policy.delivery.head_start_seconds)

    def _release(self, page: Page, outage: Outage) -> Sequence[Due]:
        due: list[Due] = []
        for move in moves(page.standing()):
            match move:
                case Replace(notice, by):
                    page.replace(notice, by)
                case Release(notice):
                    due += page.release(notice, self._fixed(page, outage, notice))
        return due

    def _fixed(self, page: Page, outage: Outage, notice: Standing) -> Fixed:
        telling = self._telling(page, outage, notice)
        return Fixed(
            revision=outage.revision,
            facts=outage.facts,
            touched=telling.touched,
            promised_at=telling.promised_at,
            lasts=timedelta(hours=self._policy.delivery.expires_hours),
            variants=self._variants(telling, page.zones()),
            ranks=last_rank(notice.side, self._policy.tiers) + 1,
        )

    def _telling(self, page: Page, outage: Outage, notice: Standing) -> Telling:
        graph, now = page.graph(), page.now()
        touched = spread(outage.facts.components, graph.dependencies)
        return Telling(
            outage=outage.name,
            occasion=notice.occasion,
            side=notice.side,
            opened_at=outage.opened_at,
            closed_at=outage.closed_at,
            stated=outage.stated,
            observed=outage.observed,
            by_person=outage.by_person,
            touched=touched,
            names=graph.names,
            promised_at=self._promise(outage, now),
            now=now,
            subject_name=page.subject_name(notice.side, subject_name(notice.side, touched, graph.names)),
            company=self._policy.company,
            test=outage.test,
        )

    def _promise(self, outage: Outage, now: datetime) -> datetime | None:
        """The next update: the stated time if it is still to come, else the policy's; none once it is over (T12)."""
        facts = outage.facts
        if facts.status in OVER:
            return None
        stated = facts.next_update_at is not None and facts.next_update_at > now
        promised = facts.next_update_at if stated else now + self._policy.next_update.after(facts.severity)
        assert promised is not None
        return promised.replace(second=0, microsecond=0)  # what is kept is what was read: readers see minutes

    def _variants(self, telling: Telling, zones: Mapping[int, str]) -> tuple[Variant, ...]:
        tolds = (False,) if telling.occasion is Occasion.FIRST else (False, True)
        return tuple(
            Variant(voice, locale, told, self._composer.compose(telling, voice, locale, told, zones))
            for voice in VOICES[telling.side]
            for locale in sorted(self._composer.locales)
            for told in tolds
        )
