"""What a run came to: promises, rungs and how much customers are told, as numbers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from forewarn.notice import Channel
from forewarn.outage import Kind, NoticeClass
from services.planner.rungs import Fate
from services.planner.simulation.house import House
from services.planner.simulation.laws import Breach
from services.planner.simulation.promised import why
from services.planner.simulation.record import Case, Rung
from services.planner.simulation.world import Setting

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """Notices to a customer by mail on a day: the mean, what 19 of 20 stay below, the most, and the worst day."""

    mean: float = 0.0
    most_of_20: int = 0
    most: int = 0
    worst_day: date | None = None
    worst_mean: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one seed. `missed` by cause, and `late`: those of them that were answered after their time; `rungs` by class
    of work, then by fate; `lapsed` by reason; `short`: told later than its class asks, a breach of it."""

    seed: int
    outages: int
    notices: int
    kept: int
    missed: Counts
    late: int
    moot: int
    still_open: int
    rungs: dict[str, Counts]
    lapsed: Counts
    short: Counts
    told: Told
    breaches: Sequence[Breach] = field(default=())

    @property
    def missed_in_all(self) -> int:
        return sum(self.missed.values())


def figures(setting: Setting, house: House, breaches: Sequence[Breach]) -> Figures:
    """The numbers of a run that is over."""
    cases = list(house.cases.values())
    promises = [(case, each) for case in cases for each in case.promises]
    states = Counter(each.owed.state for _, each in promises)
    missed = [(case, each) for case, each in promises if each.owed.state == "missed"]
    rungs = [(_class_of(case), rung) for case in cases for rung in case.rungs.values()]
    return Figures(
        seed=setting.seed,
        outages=len(cases),
        notices=sum(letter.released_at is not None for case in cases for letter in case.letters),
        kept=states["kept"],
        missed=_counts(why(house, case, each).value for case, each in missed),
        late=sum(each.owed.answered_at is not None for _, each in missed),
        moot=states["moot"],
        still_open=states["open"],
        rungs=_by_class(rungs),
        lapsed=_counts(_reason(rung) for _, rung in rungs if rung.fate is Fate.LAPSED),
        short=_counts(of for of, rung in rungs if rung.short and rung.fate == "told"),
        told=_told(setting, house),
        breaches=tuple(breaches),
    )


def _class_of(case: Case) -> str:
    assert case.outage.kind is Kind.MAINTENANCE
    return (case.outage.facts.notice_class or NoticeClass.STANDARD).value


def _by_class(rungs: Iterable[tuple[str, Rung]]) -> dict[str, Counts]:
    out = dict[str, Counter[str]]()
    for of, rung in rungs:
        out.setdefault(of, Counter())[str(rung.fate)] += 1
    return {of: dict(sorted(found.items())) for of, found in sorted(out.items())}


def _reason(rung: Rung) -> str:
    if rung.short:
        return "heard of too late"
    return "clock down" if rung.late else "over before anybody was told"


def _told(setting: Setting, house: House) -> Told:
    """Of all days and all customers with a mail address, also those who were told nothing."""
    people = house.directory.people[Channel.EMAIL]
    per_day = Counter[int]()
    means = dict[date, float]()
    for number in range(setting.days):
        day = (setting.start + timedelta(days=number)).date()
        counted = house.by_day.get((day, Channel.EMAIL), Counter())
        for account, size in enumerate(people):
            per_day[counted[account]] += size
        means[day] = sum(people[account] * n for account, n in counted.items()) / sum(people)
    worst = max(means, key=lambda day: (means[day], day), default=None)
    everybody, below, at = sum(per_day.values()), 0, 0
    for at in sorted(per_day):
        below += per_day[at]
        if below >= 0.95 * everybody:
            break
    mean = sum(n * size for n, size in per_day.items()) / everybody if everybody else 0.0
    return Told(mean, at, max(per_day, default=0), worst, means[worst] if worst else 0.0)


def _counts(names: Iterable[str]) -> Counts:
    return dict(sorted(Counter(names).items()))


def total(each: Sequence[Figures]) -> Figures:
    """Of several seeds together; what is told a day is their mean, and the worst of all."""
    worst = max(each, key=lambda one: one.told.worst_mean).told
    told = Told(
        sum(one.told.mean for one in each) / len(each),
        max(one.told.most_of_20 for one in each),
        max(one.told.most for one in each),
        worst.worst_day,
        worst.worst_mean,
    )
    classes = sorted({of for one in each for of in one.rungs})
    return Figures(
        seed=each[0].seed,
        outages=sum(one.outages for one in each),
        notices=sum(one.notices for one in each),
        kept=sum(one.kept for one in each),
        missed=_sum(one.missed for one in each),
        late=sum(one.late for one in each),
        moot=sum(one.moot for one in each),
        still_open=sum(one.still_open for one in each),
        rungs={of: _sum(one.rungs.get(of, {}) for one in each) for of in classes},
        lapsed=_sum(one.lapsed for one in each),
        short=_sum(one.short for one in each),
        told=told,
        breaches=tuple(breach for one in each for breach in one.breaches),
    )


def _sum(counts: Iterable[Counts]) -> Counts:
    out = Counter[str]()
    for each in counts:
        out.update(each)
    return dict(sorted(out.items()))


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
