"""Preview: what an event would tell whom and when, or what stands to be told; nothing is sent, nothing written."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from forewarn.access import Bearer
from forewarn.contracts.api import PauseView, PreviewNotice, PreviewText, PreviewView
from forewarn.contracts.event import BadEvent, Event, parse_event
from forewarn.contracts.policy import Policy
from forewarn.contracts.schedule_api import ScheduleView
from forewarn.notice import OF_FAILURES, Channel, Occasion
from forewarn.outage import OVER, Kind, Outage, Status
from forewarn.revise import Opened, Rejected, Revised, Verdict
from forewarn.runtime.postgres import Connection, Database
from forewarn.series import by_its_clock, refusal
from forewarn.subscriber import Side
from services.planner.agenda import Agenda
from services.planner.book import OpenPage
from services.planner.compose import Composer, subject_name
from services.planner.foresight import NOTHING, TOLD, Outlook, Prospect, groups_of, prospect, text_of, texts_of, when
from services.planner.gate import Standing
from services.planner.paper import PaperPage
from services.planner.pauses import carried_over, pauses_of, standing_pauses
from services.planner.plan import Planner
from services.planner.ports import Seen, Variant
from services.planner.schedule import Planned, Revision
from services.planner.supposed import refuse_strangers, supposed
from services.planner.telling import Telling
from services.planner.wording import Case, case_of, named, telling_of, variants


class Previews:
    """Plans on paper, as the planner plans: each preview is one transaction that may only read."""

    def __init__(self, database: Database, mode: str, policy: Policy, composer: Composer) -> None:
        self._database, self._mode, self._policy, self._composer = database, mode, policy, composer

    def of_event(self, body: bytes, speaker: Bearer) -> PreviewView:
        """What it would do if it came now. Raises BadEvent, with what to do, for what would not be carried out."""
        event = parse_event(body)
        with self._reading() as connection:
            verdict, about = self._verdict(connection, event, speaker)
            refuse_strangers(connection, event.notices, about)
            pauses = standing_pauses(connection)
            if not isinstance(verdict, Opened | Revised):
                return self._view(about, pauses, test=event.test, verdict=_name(verdict), reason=verdict.reason)
            if isinstance(verdict, Revised) and verdict.gone is not None:
                pauses = carried_over(pauses, verdict.gone.name, verdict.outage.name)
            page = PaperPage(connection, self._policy, self._mode, self._seen(connection, verdict), pauses)
            found = self._planned(page)
            shown = None if isinstance(verdict, Opened) else about  # as whoever acts sees it now
            return self._view(shown, pauses, found, test=verdict.outage.test, verdict=_name(verdict))

    def of_outage(self, outage_id: int) -> PreviewView:
        """What stands to be told of it; where nothing does, the words that its next notices would have now."""
        with self._reading() as connection:
            seen = OpenPage(connection, outage_id, self._mode, self._policy).seen()
            pauses = standing_pauses(connection)
            page = PaperPage(connection, self._policy, self._mode, seen, pauses)
            found = self._planned(page)
            texts = () if found.outlooks or seen.outage.recurs else self._words_now(page)
            return self._view(seen.outage, pauses, found, texts, test=seen.outage.test)

    def agenda_of_event(self, body: bytes, speaker: Bearer) -> ScheduleView:
        """Every notice of planned work as the event would leave it. Raises BadEvent, as `of_event`."""
        event = parse_event(body)
        with self._reading() as connection:
            verdict, about = self._verdict(connection, event, speaker)
            if isinstance(verdict, Opened | Revised):
                return self._agenda(connection, self._seen(connection, verdict))
            if about is None or about.id is None:
                raise BadEvent(f"nothing would come of it: {verdict.reason}")
            return self._agenda(connection, OpenPage(connection, about.id, self._mode, self._policy).seen())

    def agenda_of_outage(self, outage_id: int) -> ScheduleView:
        """Every notice of planned work, those told and those to come. Raises BadEvent for what is none."""
        with self._reading() as connection:
            return self._agenda(connection, OpenPage(connection, outage_id, self._mode, self._policy).seen())

    def _agenda(self, connection: Connection, seen: Seen) -> ScheduleView:
        if seen.outage.kind is not Kind.MAINTENANCE or seen.outage.facts.window is None:
            raise BadEvent(f"{seen.outage.name} is no planned work; only that has a schedule")
        page = PaperPage(connection, self._policy, self._mode, seen, standing_pauses(connection))
        return Agenda(connection.execute, self._policy, self._mode).of(page)

    def _verdict(self, connection: Connection, event: Event, speaker: Bearer) -> tuple[Verdict, Outage | None]:
        """What the event would do, and what it is about. Raises BadEvent for what would be refused."""
        reopen = timedelta(minutes=self._policy.episodes.reopen_minutes)
        now = OpenPage(connection, 0, self._mode, self._policy).now()
        verdict, about = supposed(connection, event, speaker, now, reopen)
        if isinstance(verdict, Rejected):
            raise BadEvent(verdict.reason)
        if isinstance(verdict, Opened | Revised) and verdict.outage.recurs:
            zone = ZoneInfo(self._policy.maintenance.zone)
            wrong = refusal(about, verdict.outage, zone)
            if wrong is not None:
                raise BadEvent(wrong)
            verdict = replace(verdict, outage=by_its_clock(about, verdict.outage, zone))
        return verdict, about

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._database.begin() as connection:
            connection.execute("set transaction isolation level repeatable read, read only")
            yield connection

    def _seen(self, connection: Connection, verdict: Opened | Revised) -> Seen:
        """The outage as the verdict leaves it, with the revision that no plan has seen."""
        outage = verdict.outage
        if isinstance(verdict, Opened) or outage.id is None:
            return Seen(outage, 0, (), (Revision(outage.revision, True),))
        seen = OpenPage(connection, outage.id, self._mode, self._policy).seen()
        new = Revision(outage.revision, verdict.newsworthy, verdict.act, verdict.notices)
        told = self._told_of(connection, verdict.gone)
        return replace(seen, outage=outage, planned=(*told, *seen.planned), unseen=(*seen.unseen, new))

    def _told_of(self, connection: Connection, gone: Outage | None) -> tuple[Planned, ...]:
        """What was told of what is merged; what waits of it is replaced by the news of the merge."""
        if gone is None or gone.id is None:
            return ()
        planned = OpenPage(connection, gone.id, self._mode, self._policy).seen().planned
        return tuple(notice for notice in planned if notice.released)

    def _planned(self, page: PaperPage) -> Prospect:
        """What the planner would make of it, and everything that waits."""
        Planner(lambda _outage_id: nullcontext(page), self._composer, self._policy).plan(0)
        case = case_of(self._policy, page.seen(), page.graph(), page.now())
        return prospect(page, case, [self._outlook(page, case, notice) for notice in page.standing()])

    def _outlook(self, page: PaperPage, case: Case, notice: Standing) -> Outlook:
        words, now = when(page, notice, case.rule)
        if notice.occasion is Occasion.WAKE and not now:  # who is asleep is no audience yet
            return Outlook(notice, self._notice(notice, words, now, page.sleepers(notice)), (), ())
        if notice.occasion in OF_FAILURES:  # nor is whoever was moved to it
            return Outlook(notice, self._notice(notice, words, now, page.heirs(notice)), (), ())
        found = page.audience(notice, case)
        groups = groups_of(notice, found, self._composer.locales, self._policy.default_locale)
        told = {(g.voice, g.locale, g.told_before): g.people for g in groups if g.outcome == TOLD}
        due, wording = self._worded(page, case, notice)
        asked = named(case.outage, notice.occasion, case.now, case.kept(notice.side, notice.channel))
        promise = {"promised_at": due, "too_near": asked if asked != due else None}
        seen = self._notice(notice, words, now, sum(told.values())).model_copy(update=promise)
        return Outlook(notice, seen, groups, texts_of(notice, wording, told))

    def _worded(self, page: PaperPage, case: Case, notice: Standing) -> tuple[datetime | None, tuple[Variant, ...]]:
        """The next update that it promises, and its words."""
        fixed = page.left.get((notice.notice_id, notice.channel))
        if fixed is not None:
            return fixed.promised_at, fixed.variants
        telling = self._telling(page, case, notice.occasion, notice.side, notice.channel)
        return telling.promised_at, self._variants(page, telling, notice.channel)

    def _notice(self, notice: Standing, words: str, now: bool, people: int) -> PreviewNotice:
        delivery = self._policy.delivery
        head_start = delivery.head_start_seconds if notice.side is Side.OUTSIDE else 0
        return PreviewNotice(
            side=notice.side,
            occasion=notice.occasion,
            channel=notice.channel,
            when=words,
            now=now,
            people=people,
            seconds=head_start + people / delivery.per_second(notice.channel) if people else 0,
        )

    def _telling(self, page: PaperPage, case: Case, occasion: Occasion, side: Side, channel: Channel) -> Telling:
        subject = page.subject_name(side, subject_name(side, case.touched, case.graph.names))
        spoken, held = page.spoken(side, channel), page.held_back()
        said = occasion, side, subject, spoken, held
        drain = page.drain((side, channel), case.touched, case.beside(side, held))
        return telling_of(case, self._policy, *said, channel=channel, drain=drain)

    def _variants(self, page: PaperPage, telling: Telling, channel: Channel) -> tuple[Variant, ...]:
        return variants(self._composer, telling, page.zones(), channel)

    def _words_now(self, page: PaperPage) -> tuple[PreviewText, ...]:
        """For whoever is about to say more: how it would read if it were said as it stands."""
        case, seen = case_of(self._policy, page.seen(), page.graph(), page.now()), page.seen()
        sides = [side for side in Side if side is Side.INSIDE or case.customers or seen.heard(side)]
        return tuple(
            text_of(side, occasion, channel, variant, 0)
            for channel in page.channels()
            for side in sides
            for occasion in [_next(seen.outage, seen.heard(side))]
            for variant in self._variants(page, self._telling(page, case, occasion, side, channel), channel)
            if variant.told is seen.heard(side)
        )

    def _view(
        self,
        outage: Outage | None,
        pauses: list[PauseView],
        found: Prospect = NOTHING,
        texts: tuple[PreviewText, ...] = (),
        *,
        test: bool,
        verdict: str | None = None,
        reason: str | None = None,
    ) -> PreviewView:
        name = outage.name if outage is not None else None
        return PreviewView(
            outage=name,
            revision=outage.revision if outage is not None else None,
            verdict=verdict,
            reason=reason,
            mode=self._mode,
            test=test,
            paused=pauses_of(pauses, name),
            people=found.now,
            people_later=found.later,
            notices=[o.notice for o in found.outlooks],
            groups=[group for o in found.outlooks for group in o.groups],
            texts=[*texts, *(text for o in found.outlooks for text in o.texts)],
        )


_OF_WORK: dict[Status | None, Occasion] = {
    Status.IN_PROGRESS: Occasion.PROGRESS,
    Status.VERIFYING: Occasion.PROGRESS,
    Status.COMPLETED: Occasion.COMPLETED,
    Status.CANCELLED: Occasion.CANCELLED,
}


def _next(outage: Outage, heard: bool) -> Occasion:
    """The occasion of what would be said next."""
    if outage.withdrawn:
        return Occasion.WITHDRAWN
    if outage.kind is Kind.MAINTENANCE:
        return _OF_WORK.get(outage.facts.status, Occasion.REMINDER)
    if outage.facts.status in OVER:
        return Occasion.RESOLVED
    return Occasion.UPDATE if heard else Occasion.FIRST


def _name(verdict: Verdict) -> str:
    return type(verdict).__name__.lower()
