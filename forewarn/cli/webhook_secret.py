"""The secrets of a person's webhook, to hand to whoever receives it."""

from typing import Annotated

import typer
from rich.table import Table

from forewarn.cli import options as o
from forewarn.cli.client import client
from forewarn.cli.tables import cell, facts, put
from forewarn.contracts.api import WebhookSecretView


def secret(
    person: Annotated[str, typer.Argument(metavar="ID", help="The person's id in the directory, or the email.")],
    as_json: o.Json = False,
) -> None:
    """Show what a person's webhook is signed with; its receiver needs the newest."""
    view = client().webhook_secret(person)
    put(view, as_json, lambda: _drawn(view))


def _drawn(view: WebhookSecretView) -> Table:
    made = facts()
    made.add_row("id", cell(view.id, "bold"))
    made.add_row("webhook", cell(view.url))
    for place, each in enumerate(view.secrets):
        made.add_row("older secret" if place else "secret", cell(each))
    return made
