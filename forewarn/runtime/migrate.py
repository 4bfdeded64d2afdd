"""Bring a database to the newest version of the record."""

from pathlib import Path

import alembic.command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrate(database_url: str) -> None:
    """Run every migration not yet run, in one transaction; a database that is newest stays untouched."""
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('forewarn migrate'))")
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
