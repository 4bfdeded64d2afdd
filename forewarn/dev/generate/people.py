"""The people of a generated directory, row by row; only one chunk of them is ever held."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from random import Random
from typing import NamedTuple

from forewarn.dev.generate.catalog import OWN, Account
from forewarn.dev.generate.directory import Directory
from forewarn.dev.generate.names import names
from forewarn.dev.generate.places import Place
from forewarn.subscriber import Role

CHUNK = 5_000
ONE_INSIDE_OF = 50
ONE_WEBHOOK_OF = 200
HOOK_HOSTS = 8

_EACH_ONCE = (Role.SUPPORT, Role.ACCOUNT_TEAM, Role.INTERNAL, Role.OWNER, Role.EXECUTIVE)
INSIDE = (*_EACH_ONCE, *(Role.SUPPORT,) * 7, *(Role.ACCOUNT_TEAM,) * 6, *(Role.INTERNAL,) * 2)
"""Colleagues by turns: with the first five, every role is there."""
OUTSIDE = (*(Role.CUSTOMER,) * 19, Role.ADMIN)

# Lists to pick from blindly: what stands in one twice is twice as frequent.
AT_HOME = (True,) * 4 + (False,)  # lives where the account is
QUIET = (("", ""),) * 92 + (("22:00", "07:00"),) * 5 + (("20:00", "06:30"), ("23:30", "08:00"), ("12:00", "13:30"))
UNSUBSCRIBED = ("",) * 19 + ("email",)
CONSENTS = ("email",) * 15 + ("",) * 2 + ("email;sms",) * 3  # "": none was recorded
SECOND_ACCOUNT = (False,) * 49 + (True,)


class Row(NamedTuple):
    """One person as a line of the import: every value as CSV writes it, empty for none, lists joined with `;`."""

    id: str
    role: str
    accounts: str
    components: str
    teams: str
    name: str
    email: str
    phone: str
    webhook: str
    consents: str
    locale: str
    zone: str
    quiet_from: str
    quiet_to: str
    unsubscribed: str


def people(directory: Directory) -> Iterator[Row]:
    """Everybody, always in the same order: colleagues in between, customers by chance.

    One of 50 is a colleague, one of 200 has a webhook besides the mailbox; 5 % have unsubscribed from email, 8 % have
    quiet hours. Every address stands under `.example` (RFC 2606) or, for phones, +999 (assigned to nobody) and
    belongs to one person only.
    """
    rng = Random(f"{directory.seed} people")
    crowded = _Crowded(directory)
    for first in range(0, directory.people, CHUNK):
        yield from _chunk(crowded, rng, range(first, min(first + CHUNK, directory.people)))


class _Crowded:
    """Accounts and places with the sums of their weights, as `choices` wants them."""

    def __init__(self, directory: Directory) -> None:
        self.accounts: Sequence[Account] = directory.catalog.accounts
        self.by_size = list(accumulate(account.weight for account in self.accounts))
        self.places = directory.places
        self.by_people = list(accumulate(place.weight for place in self.places))
        self.products = directory.catalog.products
        self.teams = directory.catalog.teams
        self.one_inside_of = min(ONE_INSIDE_OF, directory.people // 5)


def _chunk(crowded: _Crowded, rng: Random, numbers: range) -> Iterator[Row]:
    """A column at a time: ten calls for thousands of rows instead of for each."""
    k, pick, some = len(numbers), rng.choices, range(len(names()["en"].given))
    return map(
        partial(_row, crowded, rng),
        numbers,
        pick(crowded.accounts, cum_weights=crowded.by_size, k=k),
        pick(crowded.places, cum_weights=crowded.by_people, k=k),
        pick(AT_HOME, k=k),
        pick(OUTSIDE, k=k),
        pick(some, k=k),
        pick(some, k=k),
        pick(QUIET, k=k),
        pick(UNSUBSCRIBED, k=k),
        pick(CONSENTS, k=k),
        pick(SECOND_ACCOUNT, k=k),
    )


def _row(
    crowded: _Crowded, rng: Random,
    n: int, account: Account, place: Place, at_home: bool, role: Role, given: int, family: int,
    quiet: tuple[str, str], unsubscribed: str, consents: str, second: bool,
) -> Row:  # fmt: skip
    place = account.home if at_home else place
    known = names()[place.locale]
    a, b = known.given[given], known.family[family]
    stake, company = (account.key, "", ""), account.key
    if n % crowded.one_inside_of == 0:
        role, company = INSIDE[n // crowded.one_inside_of % len(INSIDE)], OWN
        stake = _stake_inside(crowded, rng, role, account)
    elif second:
        stake = (_and_more(crowded, rng, account, 1), "", "")
    return Row(
        f"p-{n}", role.value, *stake,
        f"{b.written} {a.written}" if known.family_first else f"{a.written} {b.written}",
        f"{a.plain}.{b.plain}.{n}@{company}.example",
        f"+999{n:09d}" if consents == "email;sms" else "",
        f"https://hooks-{n // ONE_WEBHOOK_OF % HOOK_HOSTS}.example/status/{n}" if n % ONE_WEBHOOK_OF == 1 else "",
        consents, place.locale, place.zone, quiet[0], quiet[1], unsubscribed,
    )  # fmt: skip


def _stake_inside(crowded: _Crowded, rng: Random, role: Role, account: Account) -> tuple[str, str, str]:
    """Accounts, components and teams of a colleague; none at all: everything."""
    match role:
        case Role.ACCOUNT_TEAM:
            return _and_more(crowded, rng, account, rng.randint(0, 11)), "", ""
        case Role.INTERNAL:
            return OWN, "", ""
        case Role.OWNER:
            return "", "", rng.choice(crowded.teams)
        case Role.SUPPORT if rng.random() < 0.3:
            return "", ";".join(sorted(rng.sample(crowded.products, 3))), ""
        case _:
            return "", "", ""


def _and_more(crowded: _Crowded, rng: Random, account: Account, count: int) -> str:
    more = (each.key for each in rng.choices(crowded.accounts, k=count))
    return ";".join(dict.fromkeys((account.key, *more)))
