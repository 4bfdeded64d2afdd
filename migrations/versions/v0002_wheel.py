"""A hand on the wheel."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Release, pauses, stops, promises, corrections, quiet hours, acts."""
    sql = Path(__file__).parents[1].joinpath("0002_wheel.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)  # no parameters: psycopg sends the file as one script
