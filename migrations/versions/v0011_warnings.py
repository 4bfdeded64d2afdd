"""What communicators are warned of, whom a page went to, and whether it was accepted."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """A row for each warning."""
    sql = Path(__file__).parents[1].joinpath("0011_warnings.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
