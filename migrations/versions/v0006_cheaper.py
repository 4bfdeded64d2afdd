"""Cheaper windows."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A cheaper recipient, and a cheaper compression of batches."""
    sql = Path(__file__).parents[1].joinpath("0006_cheaper.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
