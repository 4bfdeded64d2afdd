"""The directory: import the catalog of components and the people who want to hear."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from forewarn.cli import options as o
from forewarn.cli.client import PEOPLE_MEDIA, Client, client
from forewarn.cli.tables import cell, console, put, table
from forewarn.cli.trouble import Ending, Kind, Trouble
from forewarn.cli.wire import Upload
from forewarn.contracts.api import ImportReport

app = o.noun("Import the catalog and the people.")

FAULTS_SHOWN = 20
COLUMNS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())


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
    as_json: o.Json = False,
) -> None:
    """Import the catalog, the people or both; what is already so stays as it is."""
    if catalog is None and people is None:
        raise Trouble(Kind.USAGE, "nothing to import", "Name a file: --catalog FILE, --people FILE or both")
    form = _form_of(people) if people else ""
    here = client()
    imported = Imported(
        catalog=_catalog(here, catalog, as_json) if catalog else None,
        people=_people(here, people, form, as_json) if people else None,
    )
    put(imported, as_json, lambda: _drawn(imported))
    if any(_nothing_taken(report) for report in imported.reports.values()):
        raise typer.Exit(Ending.REFUSED)


def _catalog(here: Client, file: Path, quiet: bool) -> ImportReport:
    with _uploading(file, "catalog", quiet) as upload:
        return here.import_catalog(upload)


def _people(here: Client, file: Path, form: str, quiet: bool) -> ImportReport:
    with _uploading(file, "people", quiet) as upload:
        return here.import_people(upload, form)


def _form_of(file: Path) -> str:
    form = file.suffix.removeprefix(".").lower()
    if form not in PEOPLE_MEDIA:
        raise Trouble(Kind.USAGE, f"{file}: people come as .csv or .jsonl")
    return form


@contextmanager
def _uploading(file: Path, what: str, quiet: bool) -> Iterator[Upload]:
    """The file as a stream whose reading moves a bar (on stderr, so that stdout stays the answer's)."""
    try:
        handle = file.open("rb")
    except OSError as fault:
        raise Trouble(Kind.USAGE, f"{file}: {fault.strerror}") from None
    size = file.stat().st_size
    screen = console(to_errors=True)
    bar = Progress(*COLUMNS, console=screen, transient=True, disable=quiet or not screen.is_terminal)
    with handle, bar:
        yield Upload(bar.wrap_file(handle, total=size, description=what), size)


def _nothing_taken(report: ImportReport) -> bool:
    return report.added + report.changed + report.unchanged == 0


def _drawn(imported: Imported) -> Group:
    counts = table("File", "Read", "Added", "Changed", "Unchanged", "Faulty")
    for name, report in imported.reports.items():
        numbers = (report.read, report.added, report.changed, report.unchanged, report.faulty)
        counts.add_row(name, *(f"{number:,}" for number in numbers))
    faulty = (_faults(name, report) for name, report in imported.reports.items() if report.faults)
    return Group(counts, *faulty)


def _faults(name: str, report: ImportReport) -> RenderableType:
    why = f"Why it was not taken ({name})"
    made = table("Line", why, wrap=(why,))
    for fault in report.faults[:FAULTS_SHOWN]:
        made.add_row(f"{fault.line:,}", cell(fault.reason))
    more = report.faulty - min(len(report.faults), FAULTS_SHOWN)
    return Group("", made, *([f"... and {more:,} more"] if more else []))
