"""Wording: what one notice tells of an outage as it stands, and the variants of its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from forewarn.component import Touched, spread
from forewarn.contracts.policy import Policy
from forewarn.notice import CHILDREN, Channel, Hold, Occasion
from forewarn.outage import OVER, Facts, Kind, Outage, Release, Status
from forewarn.release import Rule
from forewarn.subscriber import VOICES, Side
from services.planner.compose import Composer
from services.planner.descent import Descent, descents
from services.planner.filled import filled
from services.planner.gate import TAKES_BACK, Stance
from services.planner.ports import Graph, Labels, Seen, Spoken, Variant
from services.planner.releasing import rule_of
from services.planner.telling import Customers, PlannedWork, Telling
from services.planner.upkeep import window_of

SOON = timedelta(minutes=1)
"""A stated time that is nearer than this is no promise any more: the policy's interval is."""

FURTHEST = timedelta(hours=4)
"""What would be promised for later than this is said on the page instead."""

PLAIN = Labels()

CALM = OVER | {Status.MONITORING}


@dataclass(frozen=True, slots=True)
class Case:
    """An outage as a plan sees it: what it touches, the rule of its release, and who has heard.

    `answered`: promised times that a holding notice has kept already, to a side on a channel. `descents`: of its
    children of failures, by their ids.
    """

    outage: Outage
    touched: tuple[Touched, ...]
    graph: Graph
    rule: Rule
    heard_outside: bool
    now: datetime
    answered: frozenset[tuple[Side, Channel, datetime]] = frozenset()
    descents: Mapping[str, Descent] = field(default_factory=dict)

    @property
    def planned(self) -> bool:
        """Whether its notices follow from a window."""
        return self.outage.kind is Kind.MAINTENANCE and self.outage.facts.window is not None

    @property
    def stance(self) -> Stance:
        """What the gate must know."""
        return Stance(
            open_outside=self.outage.release is Release.RELEASED or self.heard_outside,
            released=self.outage.release is Release.RELEASED,
            dismissed=self.outage.release is Release.DISMISSED,
            calm=self.outage.facts.status in CALM,
            withdrawn=self.outage.withdrawn,
            cancelled=self.outage.facts.status is Status.CANCELLED,
            descents=self.descents,
        )

    @property
    def customers(self) -> bool:
        """Whether a notice to customers may be planned, be it to wait."""
        stance = self.stance
        silent = stance.dismissed or (stance.calm and self.rule.hold is not None)
        return bool(self.touched) and (stance.open_outside or not silent)

    def spoken_as(self, occasion: Occasion, notice: str) -> Occasion:
        """As what a notice speaks: a child of what takes back says, as its parent did, that something was wrong."""
        of = self.descents.get(notice)
        return of.occasion if of is not None and of.occasion in TAKES_BACK else occasion

    def said(self, spoken: Spoken, notice: str) -> Facts | None:
        """What its readers were told before; by a child of a correction, before that."""
        of = self.descents.get(notice)
        return spoken.stated if of is None else spoken.corrected.get(of.first, spoken.stated)

    def kept(self, side: Side, channel: Channel) -> frozenset[datetime]:
        """The promised times that these readers have had a holding notice for; others may still wait for theirs."""
        return frozenset(at for to, way, at in self.answered if (to, way) == (side, channel))

    def beside(self, side: Side, held: tuple[Hold, datetime | None] | None) -> tuple[Side, ...]:
        """Who else is told of it on the same channels, unless a person says no."""
        if side is Side.OUTSIDE:
            return (Side.INSIDE,)
        return (Side.OUTSIDE,) if self.customers_hear(held)[0] in (Customers.HEAR, Customers.AFTER) else ()

    def customers_hear(self, held: tuple[Hold, datetime | None] | None) -> tuple[Customers, datetime | None]:
        """What colleagues are told that customers hear, and until when they are held back."""
        stance = self.stance
        if not self.touched and not self.heard_outside:
            return Customers.NOBODY, None
        if held is not None and held[0] is Hold.STORM and not stance.released:
            return Customers.STORM, None
        if stance.open_outside:
            return Customers.HEAR, None
        if stance.dismissed:
            return Customers.DISMISSED, None
        if held is not None and not stance.calm:
            return Customers(held[0]), held[1]
        return (Customers.CALM if stance.calm and self.rule.hold is not None else Customers.HEAR), None


def case_of(policy: Policy, seen: Seen, graph: Graph, now: datetime) -> Case:
    """The outage as it was seen, laid on the catalog and on the rules."""
    return Case(
        outage=seen.outage,
        touched=spread(seen.outage.facts.components, graph.dependencies),
        graph=graph,
        rule=rule_of(policy.release, seen.outage),
        heard_outside=seen.heard(Side.OUTSIDE),
        now=now,
        answered=seen.answered,
        descents=descents(seen.outage.id, seen.planned),
    )


def promise(
    policy: Policy,
    outage: Outage,
    occasion: Occasion,
    now: datetime,
    answered: frozenset[datetime] = frozenset(),
    drain: timedelta = timedelta(0),
) -> datetime | None:
    """The next update: the time that a person named if it is still to come, else the policy's; none once it is over
    (T12).

    Nobody is promised what a channel that needs `drain` for a notice cannot keep, whoever named it: twice that, or
    nothing if it is hours (T13).
    """
    if _promises_nothing(outage):
        return None
    due, soon = named(outage, occasion, now, answered), policy.next_update.after(outage.facts.severity)
    if due is None:
        if outage.kind is Kind.MAINTENANCE and not _runs_over(policy, outage, occasion, now):
            return None
        due = _minute(now + soon)
    if due >= now + 2 * drain:
        return due
    return None if 2 * drain > max(soon, FURTHEST) else _minute(now + 2 * drain + SOON)


def named(
    outage: Outage, occasion: Occasion, now: datetime, answered: frozenset[datetime] = frozenset()
) -> datetime | None:
    """The minute that a person named for the next update, if it is still to come: a holding notice keeps it, and so
    promises another, as does whatever follows that."""
    stated = outage.facts.next_update_at
    if stated is None or _promises_nothing(outage) or occasion is Occasion.HOLDING or stated <= now + SOON:
        return None
    return None if _minute(stated) in answered else _minute(stated)


def _promises_nothing(outage: Outage) -> bool:
    return outage.facts.status in OVER or outage.withdrawn or outage.kind is Kind.ANNOUNCEMENT


def _minute(at: datetime) -> datetime:
    """What is kept is what was read: readers see minutes."""
    return at.replace(second=0, microsecond=0)


def _runs_over(policy: Policy, outage: Outage, occasion: Occasion, now: datetime) -> bool:
    """Whether a next update must be promised: of planned work its end is the promise, until it is late (T5)."""
    facts, found = outage.facts, window_of(outage.facts)
    if found is None:
        return True
    over = occasion in {Occasion.OVERRUN, Occasion.HOLDING, Occasion.PROGRESS, *CHILDREN}
    over |= occasion is Occasion.REMINDER and found[0].start <= now
    return over and found[1] <= now + policy.next_update.after(facts.severity)


def work_told(outage: Outage, spoken: Spoken, labels: Labels) -> PlannedWork | None:
    """Planned work as a notice tells of it, beside what its readers were told; None for all else."""
    found = window_of(outage.facts)
    if outage.kind is not Kind.MAINTENANCE or found is None:
        return None
    window, end = found
    told = window_of(spoken.facts) if spoken.facts is not None else None
    return PlannedWork(
        window=window,
        end=end,
        status=outage.facts.status or Status.SCHEDULED,
        tentative=outage.facts.tentative is True,
        short_notice=labels.short,
        late=labels.late,
        was=told[0] if told is not None and told[0] != window else None,
        was_end=told[1] if told is not None and told[1] != end else None,
        tasks=outage.facts.tasks,
        recurs=outage.facts.series is not None,
        settled=spoken.facts is not None and spoken.facts.tentative is True and outage.facts.tentative is not True,
        minimums=labels.minimums,
    )


def telling_of(
    case: Case,
    policy: Policy,
    occasion: Occasion,
    side: Side,
    subject_name: str,
    spoken: Spoken,
    held: tuple[Hold, datetime | None] | None,
    notice: str = "",
    channel: Channel = Channel.EMAIL,
    labels: Labels = PLAIN,
    drain: timedelta = timedelta(0),
) -> Telling:
    """Everything that one notice says now on a channel; `notice` is its id, if it has one yet."""
    outage = case.outage
    missed = spoken.before if occasion in CHILDREN and not outage.withdrawn else None
    said = case.said(spoken, notice)
    customers, held_until = case.customers_hear(held)
    return Telling(
        outage=outage.name,
        occasion=Occasion.DELAYED if missed else case.spoken_as(occasion, notice),
        side=side,
        opened_at=outage.opened_at,
        closed_at=outage.closed_at,
        stated=filled(outage.stated),
        observed=filled(outage.observed),
        by_person=outage.by_person,
        touched=case.touched,
        names=case.graph.names,
        promised_at=promise(policy, outage, occasion, case.now, case.kept(side, channel), drain),
        now=case.now,
        subject_name=subject_name,
        company=policy.company,
        notice=notice,
        test=outage.test,
        withdrawn=outage.withdrawn,
        said=filled(said) if said is not None else None,
        news_at=spoken.news_at,
        holdings=spoken.holdings + 1 if occasion is Occasion.HOLDING else spoken.holdings,
        customers=customers,
        held_until=held_until,
        work=work_told(outage, replace(spoken, facts=missed) if missed else spoken, labels),
        revision=outage.revision,
    )


def variants(
    composer: Composer, telling: Telling, zones: Mapping[int, str], channel: Channel = Channel.EMAIL
) -> tuple[Variant, ...]:
    """The words for every voice and locale on a channel, for those told and those not, as the occasion has them."""
    tolds = (False,) if telling.occasion is Occasion.FIRST else (False, True)
    return tuple(
        Variant(voice, locale, told, composed.content, composed.gave_way)
        for voice in VOICES[telling.side]
        for locale in sorted(composer.locales)
        for told in tolds
        for composed in [composer.composed(telling, voice, locale, told, zones, channel)]
    )
