"""RabbitMQ's users, one for each part that a program plays, and what each may do."""

from __future__ import annotations

import base64
import hashlib
import secrets

EVENTS = r"^forewarn\.events$"
PERMISSIONS = {  # configure, write, read
    "worker": (".*", ".*", ".*"),
    "door": (EVENTS, EVENTS, "^$"),
    "monitoring": ("^$", EVENTS, "^$"),
    "admin": (".*", ".*", ".*"),
}


def definitions(passwords: dict[str, str]) -> dict[str, object]:
    """Users and permissions, as RabbitMQ imports them (https://www.rabbitmq.com/docs/definitions)."""
    users = [
        {
            "name": user,
            "password_hash": _hashed(password),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": "administrator" if user == "admin" else "",
        }
        for user, password in passwords.items()
    ]
    permissions = [
        {"user": user, "vhost": "/", "configure": configure, "write": write, "read": read}
        for user, (configure, write, read) in PERMISSIONS.items()
    ]
    return {"vhosts": [{"name": "/"}], "users": users, "permissions": permissions}


def _hashed(password: str) -> str:
    """Salted as in https://www.rabbitmq.com/docs/passwords#computing-password-hash."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
