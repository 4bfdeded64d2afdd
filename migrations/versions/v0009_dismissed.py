"""Who said of a failed event that nothing more is to be done about it."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """When, by whom and why a failed event was dismissed."""
    sql = Path(__file__).parents[1].joinpath("0009_dismissed.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
