"""Rungs of planned work: what became of each, and when the next is due."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """What became of each rung, and when an outage must be planned again."""
    sql = Path(__file__).parents[1].joinpath("0010_rungs.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
