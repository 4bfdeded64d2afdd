"""Put what was read into the staging tables: COPY's text, written here because psycopg's rows cost thrice as much."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar, assert_never

import orjson
import psycopg

from forewarn.contracts.api import Fault
from forewarn.contracts.directory import CatalogAccount, CatalogComponent
from forewarn.subscriber import HEARINGS, Side
from services.ingest.directory.catalog import Document
from services.ingest.directory.entries import Entry, PassedOver, Refused
from services.ingest.directory.how import Progress
from services.ingest.directory.people import Line
from services.ingest.directory.rows import key_of

ROLES = {hearing.role: f"{hearing.role}\t{'t' if hearing.side is Side.INSIDE else 'f'}" for hearing in HEARINGS}
AT_ONCE = 500  # lines a write: about 60 KB

Read = TypeVar("Read")


def stage_people(connection: psycopg.Connection[Any], lines: Iterable[Line], progress: Progress) -> int:
    """Every line, with its fault if it has one; how many there are."""
    return _copy(connection, "staged_person", lines, _person_line, progress)


def stage_catalog(connection: psycopg.Connection[Any], documents: Iterable[Document], progress: Progress) -> int:
    """Every document, with its fault if it has one; how many there are."""
    return _copy(connection, "staged_entry", documents, _catalog_line, progress)


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    read: Iterable[Read],
    line: Callable[[Read], str],
    progress: Progress,
) -> int:
    count = 0
    lines = map(line, read)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin (null '')") as copy:
        while piece := list(islice(lines, AT_ONCE)):
            copy.write("".join(piece))
            count += len(piece)
            progress.done = count
    return count


def _person_line(read: Line) -> str:
    match read:
        case Entry(line, row):
            given = row.get
            return _ended("\t".join((
                str(line), key_of(row), ROLES[row["role"]], given("name", ""), given("locale", ""), given("zone", ""),
                given("email", ""), given("phone", ""), given("webhook", ""),
                _array(row["consents"]) if "consents" in row else "", given("quiet_from", ""), given("quiet_to", ""),
                _array(row["accounts"]) if "accounts" in row else "{}",
                _array(row["components"]) if "components" in row else "{}",
                _array(row["teams"]) if "teams" in row else "{}",
                _array(row["unsubscribed"]) if "unsubscribed" in row else "{}", "",
            )))  # fmt: skip
        case Refused(line, reason, key, unsubscribed):
            return _line(str(line), key, *[None] * 14, _array(unsubscribed), _plain(reason))
        case Fault():
            return _line(str(read.line), *[None] * 16, _plain(read.reason))
        case _:
            assert_never(read)


def _catalog_line(read: Document) -> str:
    match read:
        case Entry(line, value):
            return _component(line, value) if isinstance(value, CatalogComponent) else _account(line, value)
        case Refused(line, reason, key):
            return _line(str(line), None, key, *[None] * 10, _plain(reason))
        case Fault():
            return _line(str(read.line), *[None] * 12, _plain(read.reason))
        case PassedOver():
            return ""
        case _:
            assert_never(read)


def _component(line: int, c: CatalogComponent) -> str:
    words = (c.spec.public_name, orjson.dumps(c.spec.symptoms).decode(), c.system, c.owner)
    needs = (_array(tuple(c.needs)), _array(tuple(c.needs_softly)))
    return _line(str(line), "f", c.key, *words, *needs, *[None] * 5)


def _account(line: int, a: CatalogAccount) -> str:
    told = (a.spec.tier, a.spec.country, a.spec.minimum_notice, _array(tuple(a.uses)))
    return _line(str(line), "t", a.key, a.spec.name, *[None] * 5, *told, None)


def _line(*cells: str | None) -> str:
    return _ended("\t".join([cell or "" for cell in cells]))


def _ended(text: str) -> str:
    """One line of COPY's text. No cell holds a tab or the end of a line: all are validated, or made plain."""
    return text.replace("\\", "\\\\") + "\n" if "\\" in text else text + "\n"


def _plain(reason: str) -> str:
    """On one line, and nothing in it that PostgreSQL's text cannot hold: a reason may quote the name of a field."""
    return " ".join(reason.replace("\0", " ").split())


@lru_cache(maxsize=10_000)
def _array(keys: tuple[str, ...]) -> str:
    """PostgreSQL's way to write an array of keys, each once; none of them holds a quote or a backslash."""
    return '{"' + '","'.join(dict.fromkeys(keys)) + '"}' if keys else "{}"
