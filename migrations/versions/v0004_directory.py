"""A directory of a million people, and what stays of whoever leaves it."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """References checked by sets; `departed` and `suppression_kept`."""
    sql = Path(__file__).parents[1].joinpath("0004_directory.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
