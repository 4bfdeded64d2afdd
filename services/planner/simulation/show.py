"""A run as people read it, and as one JSON document."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import orjson

from services.planner.simulation.laws import Law
from services.planner.simulation.report import Counts, Figures, moment, total
from services.planner.simulation.world import Setting

FATES = ("told", "compressed", "lapsed")
LISTED = 20
"""Breaches that are listed; the first ones tell what is wrong."""


def line(each: Figures) -> str:
    """One seed."""
    missed = f"{each.missed_in_all} missed{_in_brackets(each.missed)}"
    laws = "laws hold" if not each.breaches else f"laws broken {len(each.breaches)} times"
    return f"seed {each.seed}: {each.outages} outages, {each.kept} promises kept, {missed}; {laws}"


def table(setting: Setting, each: Sequence[Figures]) -> str:
    """All seeds together."""
    return "\n".join(_lines(setting, each))


def document(setting: Setting, each: Sequence[Figures]) -> bytes:
    """The same as JSON: the setting, what all seeds came to, and every seed."""
    said = {"days": setting.days, "people": setting.people, "laws": {law.name: law.value for law in Law}}
    return orjson.dumps({**said, "sum": _plain(total(each)), "seeds": [_plain(one) for one in each]})


def _plain(each: Figures) -> dict[str, object]:
    breaches = [
        {"law": one.law.name, "seed": each.seed, "at": one.at, "outage": one.outage, "what": one.what}
        for one in each.breaches
    ]
    return {**asdict(each), "missed_in_all": each.missed_in_all, "breaches": breaches}


def _lines(setting: Setting, each: Sequence[Figures]) -> Iterator[str]:
    found = total(each)
    seeds = f"seed {each[0].seed}" if len(each) == 1 else f"{len(each)} seeds, {each[0].seed} to {each[-1].seed}"
    yield f"{setting.days} days, {setting.people} customers by mail, {seeds}: {found.outages} outages"
    yield f"{found.notices} notices"
    yield ""
    yield f"Promises kept    {found.kept:>8}"
    yield f"         missed  {found.missed_in_all:>8}   of these answered late: {found.late}"
    for cause, count in found.missed.items():
        yield f"           {cause:<32}{count:>6}"
    yield f"         moot    {found.moot:>8}   nobody waited for it any more"
    yield f"         open    {found.still_open:>8}   due after the last day"
    yield ""
    yield f"{'Rungs of class':<18}" + "".join(f"{fate:>12}" for fate in FATES) + f"{'short notice':>14}"
    for of, fates in found.rungs.items():
        counted = "".join(f"{fates.get(fate, 0):>12}" for fate in FATES)
        yield f"  {of:<16}{counted}{found.short.get(of, 0):>14}"
    yield from (f"  lapsed, {reason}: {count}" for reason, count in found.lapsed.items())
    yield ""
    told = found.told
    many = f"19 of 20 have {told.most_of_20} or fewer, the most {told.most}"
    yield f"Notices to a customer and day: {told.mean:.2f}; {many}"
    yield f"  worst day {told.worst_day}: {told.worst_mean:.1f} each"
    yield ""
    yield from _laws(setting, each)


def _laws(setting: Setting, each: Sequence[Figures]) -> Iterator[str]:
    for law in Law:
        broken = sum(breach.law is law for one in each for breach in one.breaches)
        yield f"{'holds ' if not broken else 'BROKEN'} {law.value}" + (f": {broken} times" if broken else "")
    listed = [(one, breach) for one in each for breach in one.breaches]
    for one, breach in listed[:LISTED]:
        again = f'--days {setting.days} --seed {one.seed} --only "{breach.outage}"'
        yield f"  {breach.law.name} seed {one.seed} {moment(breach.at)} {breach.what}\n    again: {again}"
    if len(listed) > LISTED:
        yield f"  and {len(listed) - LISTED} more"


def _in_brackets(missed: Counts) -> str:
    return f" ({', '.join(f'{cause} {count}' for cause, count in missed.items())})" if missed else ""
