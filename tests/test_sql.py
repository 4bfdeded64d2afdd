"""Time that people read comes from forewarn_now(); no SQL asks the database's clock behind its back (DESIGN, Time)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("forewarn", "services", "migrations")

BARE = re.compile(
    r"(?<![\w.])(now|transaction_timestamp|statement_timestamp|timeofday)\s*\("
    r"|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b"
    r"|'now'",
    re.IGNORECASE,
)
ALLOWED = re.compile(r"create function forewarn_now\(\).*?\$\$.*?\$\$", re.DOTALL)


def sql_of(path: Path) -> Iterator[str]:
    """The SQL in a file, without comments and without the definition of forewarn_now."""
    text = path.read_text()
    if path.suffix == ".sql":
        yield ALLOWED.sub("", re.sub(r"--[^\n]*", "", text))
        return
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def bare_clocks(path: Path) -> list[str]:
    return [sql.strip()[:80] for sql in sql_of(path) if BARE.search(sql)]


FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*")) if path.suffix in (".sql", ".py")]


def test_no_sql_asks_a_bare_clock() -> None:
    found = {str(path.relative_to(ROOT)): bare for path in FILES if (bare := bare_clocks(path))}

    assert found == {}
    assert any(path.suffix == ".sql" for path in FILES), "there is SQL to look at"


@pytest.mark.parametrize(
    "sql", ["select now()", "at > NOW ()", "current_timestamp", "transaction_timestamp()", "'now'::timestamptz"]
)
def test_a_bare_clock_is_seen(sql: str) -> None:
    assert BARE.search(sql)


@pytest.mark.parametrize("sql", ["forewarn_now()", "clock_timestamp()", "select known from t", "knows_now"])
def test_a_clock_with_a_name_is_not(sql: str) -> None:
    assert not BARE.search(sql)


def test_the_one_definition_may_ask() -> None:
    text = (ROOT / "migrations" / "0001_record.sql").read_text()

    assert "transaction_timestamp()" in text
    assert "transaction_timestamp()" not in ALLOWED.sub("", text)
