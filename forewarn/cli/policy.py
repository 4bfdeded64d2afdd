"""The policy: show the one in force, and check a file before it is put there."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import BaseModel

from forewarn.cli import options as o
from forewarn.cli.client import client
from forewarn.cli.tables import plain, put
from forewarn.cli.trouble import Ending
from forewarn.contracts.api import PolicyView
from forewarn.contracts.policy import BadPolicy, load_policy
from forewarn.contracts.policy_file import differing, redundant

app = o.noun("Show the policy in force; check a policy file.")

File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The file, YAML.")]


class PolicyFault(BaseModel):
    """One thing wrong in the file; lines and columns count from 1."""

    line: int | None
    column: int | None
    path: str
    what: str


class Checked(BaseModel):
    """What was found: `differences` names the settings that differ from the shipped defaults."""

    file: str
    usable: bool
    differences: list[str] = []
    hints: list[str] = []
    faults: list[PolicyFault] = []


@app.command(epilog=o.example("forewarn policy show --effective"))
def show(
    effective: Annotated[bool, typer.Option("--effective", help="Everything, also what is the default.")] = False,
    as_json: o.Json = False,
) -> None:
    """Show what differs from the shipped defaults, as a policy file."""
    view = client().policy()
    put(view, as_json, lambda: plain(_written(view, effective)))


@app.command(epilog=o.example("forewarn policy check policy.yaml"))
def check(file: File, as_json: o.Json = False) -> None:
    """Check a policy file; asks no server, changes nothing."""
    try:
        found = [".".join(setting.path) for setting in differing(load_policy(file))]
        checked = Checked(file=str(file), usable=True, differences=found, hints=redundant(file))
        lines = [_usable(checked), *checked.hints]
    except BadPolicy as bad:
        faults = [PolicyFault.model_validate(asdict(fault)) for fault in bad.faults]
        checked, lines = Checked(file=str(file), usable=False, faults=faults), [str(bad)]
    put(checked, as_json, lambda: plain("\n".join(lines)))
    if not checked.usable:
        raise typer.Exit(Ending.REFUSED)


def _usable(checked: Checked) -> str:
    count = len(checked.differences)
    differ = "no differences" if not count else "1 difference" if count == 1 else f"{count} differences"
    return f"{checked.file}: usable, {differ} from the shipped defaults"


def _written(view: PolicyView, effective: bool) -> str:
    """The policy as a file; what it is stands in a comment, so that the file can be kept."""
    if effective:
        return f"# policy {view.hash}, the whole of it\n{_yaml(view.effective)}"
    if not view.differences:
        return f"# policy {view.hash}: nothing differs from the shipped defaults"
    return f"# policy {view.hash}: what differs from the shipped defaults\n{_yaml(view.differences)}"


def _yaml(said: dict[str, Any]) -> str:
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100).rstrip("\n")
