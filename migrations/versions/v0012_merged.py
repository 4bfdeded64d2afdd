"""Incidents that are one: which was merged into which, and whose notices those were before."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Columns that say of what each is part, and a table of groups."""
    sql = Path(__file__).parents[1].joinpath("0012_merged.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
