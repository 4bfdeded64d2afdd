"""The statements that find the members of a window, one for each way, and the room that they are planned in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from forewarn.runtime.postgres import queries
from services.planner.strides import Way

SQL: dict[str, str] = queries(Path(__file__).parent / "sql")

Run = Callable[..., Any]


def members(way: Way) -> str:
    """The beginning of a statement, up to `member`; what is asked for are its parameters, so it is planned for them."""
    people = SQL["by_ids"] if way is Way.MANY else SQL["by_reach"]
    return SQL["past"] + SQL[way.value] + people + SQL["member"]


@contextmanager
def roomy(run: Run, way: Way) -> Iterator[None]:
    """Memory for a window, and plans that statistics cannot spoil.

    Of many ids every table is read once, by hash: nested loops are twice as slow, and PostgreSQL takes them where it
    expects fewer rows. All other ways are nested loops already, by `offset 0`. Undone after, for what follows.
    """
    nested = "off" if way is Way.MANY else "on"
    set_all = "select set_config('enable_nestloop', %s, true), set_config('enable_mergejoin', %s, true)"
    run(f"{set_all}, set_config('enable_memoize', 'off', true), set_config('work_mem', '64MB', true)", (nested, nested))
    yield
    run(f"{set_all}, set_config('enable_memoize', 'on', true), set_config('work_mem', '4MB', true)", ("on", "on"))
