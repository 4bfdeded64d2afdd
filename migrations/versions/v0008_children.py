"""Children of failures, and how long what failed is kept."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Whom a child is for, whose child it is, and when a failed event was forgotten."""
    sql = Path(__file__).parents[1].joinpath("0008_children.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
