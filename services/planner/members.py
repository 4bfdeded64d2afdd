"""The statements that find the members of a window, one for each way, and the room that they are planned in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from forewarn.runtime.postgres import queries
from services.planner.strides import Way

SQL: dict[str, str] = queries(Path(__file__).parent / "sql")

SET = """
select set_config('enable_mergejoin', %(merge)s, true), set_config('enable_hashjoin', %(rest)s, true),
  set_config('enable_nestloop', %(rest)s, true), set_config('enable_memoize', %(rest)s, true),
  set_config('work_mem', %(memory)s, true)
"""

Run = Callable[..., Any]


def members(way: Way) -> str:
    """The beginning of a statement, up to `member`; what is asked for are its parameters, so it is planned for them."""
    if way is Way.MOVED:
        return SQL["past"] + SQL["moved"] + SQL["looked_up"] + SQL["member"]
    people = SQL["by_ids"] if way is Way.MANY else SQL["by_reach"] + SQL["looked_up"]
    return SQL["past"] + SQL[way.value] + people + SQL["member"]


@contextmanager
def roomy(run: Run, way: Way) -> Iterator[None]:
    """Memory for a window, and plans that statistics cannot spoil.

    Of many ids every table is read once, in order of ids, by merge join: hashes take memory and a little more time,
    nested loops twice as much, and PostgreSQL takes these where it expects fewer rows. All other ways are nested loops
    already, by `offset 0`. Undone after, for what follows.
    """
    merge, rest = ("on", "off") if way is Way.MANY else ("off", "on")
    run(SET, {"merge": merge, "rest": rest, "memory": "64MB"})
    yield
    run(SET, {"merge": "on", "rest": "on", "memory": "4MB"})
