"""Plan: from an outage's newest state to notices, and through the gate those that may go now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forewarn.contracts.policy import Policy
from forewarn.notice import CHILDREN, Channel, ChannelState, Hold, Occasion, lane_of
from forewarn.subscriber import Side
from services.planner.compose import Composer, subject_name
from services.planner.gate import TAKES_BACK, End, Release, Replace, Standing, Stop, moves
from services.planner.hearing import last_rank
from services.planner.ports import Book, Due, Fixed, Labels, Moved, Page, Seen
from services.planner.releasing import braked
from services.planner.schedule import Promised, Wanted, wanted
from services.planner.series import look
from services.planner.upkeep import step
from services.planner.wording import Case, case_of, telling_of, variants

New = tuple[Wanted, Channel]

UNBRAKED = TAKES_BACK | CHILDREN | {Occasion.HOLDING, Occasion.CANCELLED}
"""These reach nobody new."""


@dataclass(frozen=True, slots=True)
class Braked:
    """The storm brake holds the notice: a person must release it."""


class Planner:
    """Plans outages. Holds the policy and the prepared words; everything else is on the page."""

    def __init__(self, book: Book, composer: Composer, policy: Policy) -> None:
        self._book, self._composer, self._policy = book, composer, policy

    def plan(self, outage_id: int) -> Moved:
        """Plan what no plan has seen yet and what a promise owes, close what is drained, release what may go.

        The one way through the gate: a release never tells facts that no plan has seen. Late and repeated
        calls find nothing to do.
        """
        with self._book(outage_id) as page:
            promised = page.promised(self._head_start)
            page.fall_over()
            seen = page.seen()
            case = case_of(self._policy, seen, page.graph(), page.now())
            page.planned_up_to(seen.outage.revision)
            if seen.outage.recurs:  # nobody is told of it, but of its windows
                return Moved(openings=look(page, seen.outage, self._policy))
            want = self._of_work if case.planned else self._of_news
            new = want(page, case, seen, promised)
            for notice, channel in new:
                start = self._head_start if notice.side is Side.OUTSIDE else timedelta(0)
                page.add(notice, channel, notice.lane or lane_of(notice.occasion, notice.side), start)
            if not case.stance.open_outside:
                page.hold(case.rule)
            if any(notice.side is Side.OUTSIDE for notice, _ in new):
                self._brake(page, case)
            return self._through_the_gate(page, case)

    def _of_news(self, page: Page, case: Case, seen: Seen, promised: Sequence[Promised]) -> list[New]:
        """What an incident or an announcement brings about."""
        asked = seen.outage, seen.planned, seen.unseen, case.customers, promised
        return [(notice, channel) for channel in page.channels() for notice in wanted(*asked, channel)]

    def _of_work(self, page: Page, case: Case, seen: Seen, promised: Sequence[Promised]) -> list[New]:
        """What planned work wants now; what became of its rungs, and when the next is due, is noted."""
        upkeep, new, due = page.upkeep(seen.outage, case.touched, case.now), list[New](), list[datetime]()
        for side in Side:
            if side is Side.OUTSIDE and not (case.customers or seen.heard(side)):
                continue
            for channel in page.channels():
                found = step(upkeep, (side, channel), seen.planned, seen.unseen, promised)
                new += [(notice, channel) for notice in found.wanted]
                page.ended((side, channel), found.ended)
                due += [found.due_at] if found.due_at is not None else []
        page.due(min(due, default=None))
        return new

    @property
    def _head_start(self) -> timedelta:
        return timedelta(seconds=self._policy.delivery.head_start_seconds)

    def _brake(self, page: Page, case: Case) -> None:
        """At once, so that colleagues read that a person is needed."""
        for notice in page.standing():
            if notice.state is not ChannelState.RELEASED and notice.hold is not Hold.STORM:
                self._newly(page, case, notice)

    def _newly(self, page: Page, case: Case, notice: Standing) -> int | Braked | None:
        """How many new customers a machine alone would tell by this; None where the storm brake is not asked."""
        if not _brakeable(case, notice):
            return None
        page.brakes_alone()
        reach = page.reach(case.touched, notice)
        if not braked(self._policy.storm_brake, reach.audience, reach.lately, reach.customers):
            return reach.audience
        page.brake(notice)
        return Braked()

    def _through_the_gate(self, page: Page, case: Case) -> Moved:
        due: list[Due] = []
        stopped = False
        for move in moves(page.standing(), case.stance):
            match move:
                case Replace(notice, by):
                    page.replace(notice, by)
                case End(notice, ending):
                    page.end(notice, ending)
                case Stop(notice, reason):
                    page.stop(notice, reason)
                    stopped = True
                case Release(notice):
                    newly = self._newly(page, case, notice)
                    if not isinstance(newly, Braked):
                        due += page.release(notice, self._fixed(page, case, notice, newly))
        return Moved(tuple(due), stopped)

    def _fixed(self, page: Page, case: Case, notice: Standing, by_machine: int | None) -> Fixed:
        outage, names = case.outage, case.graph.names
        subject = page.subject_name(notice.side, subject_name(notice.side, case.touched, names))
        spoken, held = page.spoken(notice.side, notice.channel), page.held_back()
        told = notice.occasion, notice.side, subject, spoken, held, notice.notice_id, notice.channel
        labels = page.labels(notice) if case.planned else Labels()
        drain = page.drain((notice.side, notice.channel), case.touched, case.beside(notice.side, held))
        telling = telling_of(case, self._policy, *told, labels=labels, drain=drain)
        return Fixed(
            revision=outage.revision,
            facts=outage.facts,
            stated=outage.stated,
            by_machine=by_machine,
            touched=telling.touched,
            promised_at=telling.promised_at,
            lasts=timedelta(hours=self._policy.delivery.expires_hours),
            variants=variants(self._composer, telling, page.zones(), notice.channel),
            ranks=last_rank(notice.side, self._policy.tiers) + 1,
        )


def _brakeable(case: Case, notice: Standing) -> bool:
    """Whether a machine alone would release this to customers who have not heard."""
    return notice.side is Side.OUTSIDE and not case.stance.released and notice.occasion not in UNBRAKED
