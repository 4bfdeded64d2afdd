"""`forewarn db`: bring a database to this version, and hand out tokens; the only verbs that touch a server."""

import os
from typing import Annotated

import orjson
import psycopg
import typer
from psycopg.rows import dict_row

from forewarn.access import TokenRole
from forewarn.cli.options import Json, example, noun
from forewarn.cli.trouble import Kind, Trouble
from forewarn.runtime.migrate import migrate as migrate_database
from forewarn.runtime.tokens import issue

app = noun("Prepare the database. Needs FOREWARN_DATABASE_URL.")


@app.command("migrate", epilog=example("forewarn db migrate"))
def migrate(as_json: Json = False) -> None:
    """Bring the database to this version; one that is newest stays untouched."""
    url = _database_url()
    try:
        migrate_database(url)
    except Exception as fault:
        raise Trouble(
            Kind.UNREACHABLE, _first_line(fault), "Is FOREWARN_DATABASE_URL right, and the server up?"
        ) from None
    _say({"migrated": True}, as_json, "The database is at this version.")


@app.command("token", epilog=example("forewarn db token prometheus-eu --role source"))
def token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose token; another of that name ends.")],
    role: Annotated[TokenRole, typer.Option(help="What the holder may do.")],
    source: Annotated[str | None, typer.Option(help="The source its events come from (else the name).")] = None,
    as_json: Json = False,
) -> None:
    """Make a token, shown once and stored hashed."""
    try:
        with psycopg.connect(_database_url(), row_factory=dict_row) as connection:
            made = issue(connection, name, role, source or name)
    except psycopg.Error as fault:
        raise Trouble(Kind.UNREACHABLE, _first_line(fault), "Is the database up and migrated?") from None
    _say({"name": name, "role": role, "source": source or name, "token": made}, as_json, made)


def _database_url() -> str:
    url = os.environ.get("FOREWARN_DATABASE_URL")
    if not url:
        raise Trouble(
            Kind.SETTINGS, "FOREWARN_DATABASE_URL is not set", "Set it to postgresql://user:password@host/name"
        )
    return url


def _say(done: dict[str, object], as_json: bool, line: str) -> None:
    typer.echo(orjson.dumps(done).decode() if as_json else line)


def _first_line(fault: Exception) -> str:
    return str(fault).strip().partition("\n")[0]
