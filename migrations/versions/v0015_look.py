"""When planned work is looked at again."""

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """A moment beside that of the next rung, and its index."""
    sql = Path(__file__).parents[1].joinpath("0015_look.sql").read_text()
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
