"""Telling again whom a notice failed to reach, once the reason is gone."""

import sys

from pydantic import ValidationError

from forewarn.cli.ask import nobody_to_ask, says_yes
from forewarn.cli.client import Client, client
from forewarn.cli.names import notice_named
from forewarn.cli.notice import searched
from forewarn.cli.outlook import people
from forewarn.cli.tables import plain, put
from forewarn.cli.trouble import Kind, Trouble
from forewarn.contracts.api import ReplayAsk, ReplayView
from forewarn.contracts.event import faults_of


def tell_again(notice_id: str, reason: str | None, yes: bool, as_json: bool) -> None:
    """Ask, then make a child of the notice for them; whoever was told hears nothing. Raises Trouble if it may not."""
    name, ask = notice_named(notice_id), _ask(reason)
    if not (yes or sys.stdin.isatty()):
        raise nobody_to_ask("Add --yes to tell them all the same")
    here = client()
    if not yes and not says_yes(f"Tell {_whom(here, name)} again, with the newest facts?"):
        raise Trouble(Kind.DECLINED, "the answer was not y, so nobody was told")
    view = here.tell_again(name, ask)
    put(view, as_json, lambda: plain(_line(view)))


def _ask(reason: str | None) -> ReplayAsk:
    if reason is None:
        raise Trouble(Kind.USAGE, "no reason was given", "Say why with --reason; it is kept with your name")
    try:
        return ReplayAsk(reason=reason)
    except ValidationError as fault:
        raise Trouble(Kind.USAGE, faults_of(fault)) from None


def _whom(here: Client, name: str) -> str:
    """Whom it failed to reach, counted if the desk can say."""
    try:
        found = next(searched(here, name), None)
    except Trouble:
        found = None
    if found is None:
        return "an unknown number of people whom it failed to reach"
    failed = [(way.channel, way.sum.failed) for way in found.ways if way.sum.failed]
    return " and ".join(f"{people(count)} by {channel}" for channel, count in failed) or "nobody"


def _line(view: ReplayView) -> str:
    whom = " and ".join(f"{people(count)} by {channel}" for channel, count in view.people.items())
    return f"Notice {view.child} tells {whom} whom {view.notice} failed to reach."
