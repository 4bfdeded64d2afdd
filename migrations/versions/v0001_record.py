"""The first record."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, function and role of the first version."""
    sql = Path(__file__).parents[1].joinpath("0001_record.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)  # no parameters: psycopg sends the file as one script
