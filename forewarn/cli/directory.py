"""The directory: import the catalog of components and the people who want to hear."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Group, RenderableType

from forewarn.cli import options as o
from forewarn.cli.client import PEOPLE_MEDIA, client
from forewarn.cli.importing import Terms, imported
from forewarn.cli.tables import cell, put, table
from forewarn.cli.trouble import Ending, Kind, Trouble
from forewarn.cli.webhook_secret import secret
from forewarn.contracts.api import ImportReport

app = o.noun("Import the catalog and the people.")

FAULTS_SHOWN = 20


class Imported(BaseModel):
    """The report of each file that was given."""

    catalog: ImportReport | None = None
    people: ImportReport | None = None

    @property
    def reports(self) -> dict[str, ImportReport]:
        both = {"catalog": self.catalog, "people": self.people}
        return {name: report for name, report in both.items() if report is not None}


@app.callback()
def directory() -> None:
    """Import the catalog and the people."""


@app.command("import", epilog=o.example("forewarn directory import --catalog catalog.yaml --people people.csv"))
def import_(
    catalog: Annotated[Path | None, typer.Option(metavar="FILE", help="Components and accounts, YAML.")] = None,
    people: Annotated[Path | None, typer.Option(metavar="FILE", help="Subscribers, .csv or .jsonl.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what the file does not name any more.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove however many without asking; for scripts.")] = False,
    as_json: o.Json = False,
) -> None:
    """Import the catalog, the people or both; what is already so stays as it is."""
    if catalog is None and people is None:
        raise Trouble(Kind.USAGE, "nothing to import", "Name a file: --catalog FILE, --people FILE or both")
    form = _form_of(people) if people else ""
    here, terms = client(), Terms(dry_run, prune, yes, as_json)
    done = Imported(
        catalog=imported(catalog, "catalog", here.import_catalog, terms) if catalog else None,
        people=imported(people, "people", partial(here.import_people, form=form), terms) if people else None,
    )
    put(done, as_json, lambda: _drawn(done, dry_run))
    if any(_nothing_taken(report) for report in done.reports.values()):
        raise typer.Exit(Ending.REFUSED)


app.command(epilog=o.example("forewarn directory secret crm-101"))(secret)


def _form_of(file: Path) -> str:
    form = file.suffix.removeprefix(".").lower()
    if form not in PEOPLE_MEDIA:
        raise Trouble(Kind.USAGE, f"{file}: people come as .csv or .jsonl")
    return form


def _nothing_taken(report: ImportReport) -> bool:
    return report.added + report.changed + report.unchanged + report.removed == 0


def _drawn(imported: Imported, dry_run: bool) -> Group:
    counts = table("File", "Read", "Added", "Changed", "Unchanged", "Removed", "Faulty")
    for name, report in imported.reports.items():
        numbers = (report.read, report.added, report.changed, report.unchanged, report.removed, report.faulty)
        counts.add_row(name, *(f"{number:,}" for number in numbers))
    faulty = (_faults(name, report) for name, report in imported.reports.items() if report.faults)
    return Group(counts, *faulty, *(["", "A dry run: nothing was written."] if dry_run else []))


def _faults(name: str, report: ImportReport) -> RenderableType:
    why = f"Why it was not taken ({name})"
    made = table("Line", why, wrap=(why,))
    for fault in report.faults[:FAULTS_SHOWN]:
        made.add_row(f"{fault.line:,}", cell(fault.reason))
    more = report.faulty - min(len(report.faults), FAULTS_SHOWN)
    return Group("", made, *([f"... and {more:,} more"] if more else []))
