"""The directory of a simulated house: accounts large and small, what they use, and how they are reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from forewarn.component import Dependency
from forewarn.notice import Channel
from forewarn.subscriber import Side
from services.planner.ports import Graph
from services.planner.telling import Named
from services.planner.upkeep import Way

ACCOUNTS = 300
COMPONENTS = ("network", "database", "api", "web", "login", "card-payments", "search", "mail", "reports", "archive")
NEEDS = (("api", "database"), ("web", "api"), ("card-payments", "api"), ("search", "database"), ("database", "network"))
SHARES = (1.0, 0.9, 0.7, 0.6, 0.6, 0.3, 0.2, 0.15, 0.1, 0.05)
"""How many of the accounts use each component."""

INSIDE = {Channel.EMAIL: (40, 160), Channel.WEBHOOK: (2, 3)}
"""Support and account teams, who hear before customers, and the others."""

SLEEP = 0.05
"""So many customers have quiet hours at night."""


@dataclass(frozen=True, slots=True)
class Directory:
    """`people`: of each account on each channel; `users`: which accounts use a component."""

    people: dict[Channel, tuple[int, ...]]
    users: dict[str, frozenset[int]]
    graph: Graph

    def exposed(self, components: Iterable[str]) -> frozenset[int]:
        """The accounts that use any of these."""
        return frozenset().union(*(self.users.get(each, frozenset()) for each in components))

    def size(self, way: Way, accounts: Iterable[int]) -> int:
        """How many that is on a way; the inside hears of everything."""
        side, channel = way
        return sum(INSIDE[channel]) if side is Side.INSIDE else sum(self.people[channel][each] for each in accounts)

    @property
    def customers(self) -> int:
        return sum(map(sum, self.people.values()))


def directory(rng: Random, people: int) -> Directory:
    """Zipf: the largest account has about a sixth of all people, half of the accounts a handful."""
    weights = [1 / (rank + 1) for rank in range(ACCOUNTS)]
    mails = tuple(max(1, round(people * weight / sum(weights))) for weight in weights)
    hooks = tuple(int(rng.random() < 0.3) for _ in range(ACCOUNTS))
    users = {
        name: frozenset(each for each in range(ACCOUNTS) if rng.random() < share)
        for name, share in zip(COMPONENTS, SHARES, strict=True)
    }
    named = {name: Named(name, name.replace("-", " "), {}) for name in COMPONENTS}
    graph = Graph(tuple(Dependency(one, other) for one, other in NEEDS), named)
    return Directory({Channel.EMAIL: mails, Channel.WEBHOOK: hooks}, users, graph)
