"""Run the demo: fifteen people and one alert, a crowd and one incident, planned work; on the same servers."""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from rich.console import Console

from forewarn.dev.demo.crowd import MostOf
from forewarn.dev.demo.first_act import first_act
from forewarn.dev.demo.second_act import second_act
from forewarn.dev.demo.third_act import POLICY, third_act
from forewarn.dev.house import furnished
from forewarn.dev.servers import Servers, private_servers
from forewarn.dev.servers.emptied import emptied

COMPANY = {"company": {"name": "Acme", "signed_by": "Dana Roth, Acme", "support": "support@acme.example"}}
RATES = {"delivery": {"email_per_second": 100_000, "webhook_per_second": 10_000}}
"""More than the sandbox takes: it is the sandbox that sets the pace."""

Say = Callable[[str], None]


class Acts(StrEnum):
    """Which of the three acts are shown."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    ALL = "all"


def demo(
    directory: Path, say: Say, ask: Callable[[], None], acts: Acts = Acts.ALL, subscribers: int = 100_000
) -> dict[str, Any]:
    """The acts that are asked for; `ask` is called before all is taken down again. Returns what --json prints."""
    show = MostOf(say, Console(stderr=True, markup=False, highlight=False))
    with private_servers(directory / "servers", say) as servers:
        if acts is Acts.SECOND:
            return {"act2": _second(servers, directory, show, ask, subscribers)}
        if acts is Acts.THIRD:
            return {"act3": _third(servers, directory, say, ask)}
        with furnished(servers, directory / "first", say, COMPANY) as home:
            sums = first_act(home, say)
            say(f"\nEvery mail can be read at {home.sandbox.url}")
            if acts is Acts.FIRST:
                ask()
                return sums
            for worker in home.workers.values():
                worker.stop()
            emptied(servers)
        sums |= {"act2": _second(servers, directory, show, lambda: None, subscribers)}
        emptied(servers)
        return sums | {"act3": _third(servers, directory, say, ask)}


def _second(
    servers: Servers, directory: Path, show: MostOf, ask: Callable[[], None], subscribers: int
) -> dict[str, Any]:
    """In a new house: an empty record, mails by SES, webhooks."""
    show.say(
        f"\nAct 2: {subscribers:,} people. Mails go to a model of Amazon SES, 50 in a call; programs get webhooks."
    )
    policy = COMPANY | RATES
    with furnished(servers, directory / "second", show.say, policy, email_provider="ses", webhooks=True) as home:
        figures = second_act(home, show, subscribers)
        show.say(f"\nEvery mail can be read at {home.sandbox.url}")
        ask()
        return figures


def _third(servers: Servers, directory: Path, say: Say, ask: Callable[[], None]) -> dict[str, Any]:
    """In a new house: an empty record, and time that runs fast."""
    say("\nAct 3: planned work, from its announcement to its end; three minutes pass in a second.")
    with furnished(servers, directory / "third", say, COMPANY | POLICY) as home:
        figures = third_act(home, say)
        say(f"\nEvery mail can be read at {home.sandbox.url}")
        ask()
        return figures


def wait_for_enter() -> None:
    """Let a person read; a program is not kept waiting."""
    if sys.stdin.isatty():
        sys.stdout.write("Press Enter to stop. ")
        sys.stdout.flush()
        sys.stdin.readline()
