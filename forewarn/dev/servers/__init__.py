"""Real servers for this machine's own use: PostgreSQL, RabbitMQ and Redis that leave nothing behind."""

from forewarn.dev.servers.group import Servers, Urls, private_servers
from forewarn.dev.servers.private import ServerFailed

__all__ = ["ServerFailed", "Servers", "Urls", "private_servers"]
