"""Alembic's migrations: one SQL file and one small revision module each."""
