"""Which events show that their source lives."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """`event.alive`."""
    sql = Path(__file__).parents[1].joinpath("0003_alive.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
