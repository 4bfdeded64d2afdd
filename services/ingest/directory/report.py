"""Sum up an import from what the database counted."""

from typing import Any

import psycopg
from psycopg.rows import tuple_row

from forewarn.contracts.api import Fault, ImportReport, Refusal

MOST_FAULTS = 1000

# The first lines that were refused, each with all its reasons, and how many lines there are.
FAULTS = """
select line, string_agg(distinct reason, '; '), count(*) over ()
from staged_fault group by line order by line limit %s
"""
UNREAD = """
select count(*) filter (where key is null), min(line) filter (where key is null), count(key) from {staged}
"""
REMOVED = "select count(*) from gone"


def report(connection: psycopg.Connection[Any], read: int, counts: str, pruned: bool) -> ImportReport:
    """What was done, by the query that counts what was added, changed and left."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        added, changed, unchanged = cursor.execute(counts).fetchone() or (0, 0, 0)
        (removed,) = (cursor.execute(REMOVED).fetchone() if pruned else None) or (0,)
        faults = cursor.execute(FAULTS, [MOST_FAULTS]).fetchall()
    return ImportReport(
        read=read,
        added=added,
        changed=changed,
        unchanged=unchanged,
        removed=removed,
        faulty=faults[0][2] if faults else 0,
        faults=[Fault(line=line, reason=reason) for line, reason, _ in faults],
    )


def not_to_prune_by(connection: psycopg.Connection[Any], staged: str) -> Refusal | None:
    """Why nothing may be called gone: of some lines it is not known whom they name, or the file names nothing."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        count, first, named = cursor.execute(UNREAD.format(staged=staged)).fetchone() or (0, 0, 0)
        if not count:
            return (
                None if named else Refusal(reason="the file names nobody and nothing: a prune would remove everything")
            )
        (why,) = cursor.execute("select reason from staged_fault where line = %s", [first]).fetchone() or ("",)
    what = "1 line" if count == 1 else f"{count:,} lines"
    return Refusal(reason=f"{what} could not be read (line {first}: {why}): mend them, or import without --prune")
