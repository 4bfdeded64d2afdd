"""A page to whoever takes an outage over by somebody else's word."""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """One more kind of warning, and an index that finds hand-overs."""
    sql = Path(__file__).parents[1].joinpath("0014_handed.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
