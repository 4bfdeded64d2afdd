"""Tokens: shown once, stored hashed, named."""

import secrets
from hashlib import sha256

from forewarn.access import Bearer, TokenRole
from forewarn.runtime.postgres import Connection

PREFIX = "fw_"


def issue(connection: Connection, name: str, role: TokenRole, source: str) -> str:
    """Make a token; an older one of the same name is replaced. Its text is returned once and never stored."""
    token = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        "insert into token (name, hash, role, source) values (%s, %s, %s, %s)"
        " on conflict (name) do update set hash = excluded.hash, role = excluded.role,"
        " source = excluded.source, revoked_at = null",
        (name, digest(token), role, source),
    )
    return token


def bearer_of(connection: Connection, token: str) -> Bearer | None:
    """Who holds the token, or None for an unknown or revoked one."""
    row = connection.execute(
        "select name, role, source from token where hash = %s and revoked_at is null", (digest(token),)
    ).fetchone()
    return Bearer(row["name"], TokenRole(row["role"]), row["source"]) if row else None


def digest(token: str) -> bytes:
    """SHA-256: a token has 256 random bits, so nothing slower is needed."""
    return sha256(token.encode()).digest()
