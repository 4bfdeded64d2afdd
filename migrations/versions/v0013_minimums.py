"""Minimum notice: what accounts ask for, and which notices are for them alone."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Columns of accounts, notices and rungs."""
    sql = Path(__file__).parents[1].joinpath("0013_minimums.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
