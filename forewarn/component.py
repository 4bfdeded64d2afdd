"""Components, how badly one is touched, and how that spreads to whatever depends on it."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Impact(StrEnum):
    """How badly one component is touched; a blip of seconds is `momentary`, never `none` (W6)."""

    NONE = "none"
    MOMENTARY = "momentary"
    DEGRADED = "degraded"
    DOWN = "down"

    @property
    def weight(self) -> int:
        """Order of badness, 0 to 3."""
        return list(Impact).index(self)


def worst(impacts: Iterable[Impact]) -> Impact:
    """The worst of the given impacts; `none` when there are none."""
    return max(impacts, key=lambda impact: impact.weight, default=Impact.NONE)


@dataclass(frozen=True, slots=True)
class Dependency:
    """`component` cannot work without `needs` when hard; a soft dependency does not spread impact."""

    component: str
    needs: str
    hard: bool = True


@dataclass(frozen=True, slots=True)
class Touched:
    """A component that an outage touches, and the way the impact came: named component first."""

    component: str
    impact: Impact
    path: tuple[str, ...]


def spread(named: Mapping[str, Impact], dependencies: Iterable[Dependency]) -> tuple[Touched, ...]:
    """Walk against hard dependencies from the named components, worst impact first.

    A component reached by several ways keeps its worst impact and the shortest way to it. Cycles end
    where they began; a dependency on something unknown is simply never reached. Named components come
    first in their given order of badness, then the reached ones, nearest first.
    """
    dependents: dict[str, list[str]] = {}
    for dependency in dependencies:
        if dependency.hard:
            dependents.setdefault(dependency.needs, []).append(dependency.component)
    touched: dict[str, Touched] = {}
    start = sorted(named.items(), key=lambda item: -item[1].weight)
    queue = deque(Touched(name, impact, (name,)) for name, impact in start if impact is not Impact.NONE)
    while queue:
        here = queue.popleft()
        known = touched.get(here.component)
        if known is not None and known.impact.weight >= here.impact.weight:
            continue
        touched[here.component] = here
        for dependent in sorted(dependents.get(here.component, [])):
            queue.append(Touched(dependent, here.impact, (*here.path, dependent)))
    return tuple(sorted(touched.values(), key=lambda t: (len(t.path), -t.impact.weight)))
