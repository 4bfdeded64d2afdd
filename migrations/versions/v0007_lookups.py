"""Cheaper windows again."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """The accounts of an account team, looked up by components, and a cheaper recipient."""
    sql = Path(__file__).parents[1].joinpath("0007_lookups.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
