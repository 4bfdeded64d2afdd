"""Expanding at speed."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Indexes for small audiences, the way of a window, two functions."""
    sql = Path(__file__).parents[1].joinpath("0005_expand.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
