"""Servers given by URL: used as they are, neither started nor stopped."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Never
from urllib.parse import urlsplit, urlunsplit

import pika
import psycopg
import redis
from pika.exceptions import AMQPConnectionError, ChannelClosedByBroker
from psycopg import sql

from forewarn.dev.servers.private import ServerFailed

INTAKE = "forewarn.intake.v1"


class NotOurs(RuntimeError):
    """A server given by URL was to be started or stopped."""


class GivenServer:
    """Somebody else's server."""

    pid = None

    def __init__(self, name: str) -> None:
        self.name = name

    def start(self) -> Never:
        raise NotOurs(f"{self.name} was given by URL, not ours to start.")

    def stop(self) -> Never:
        raise NotOurs(f"{self.name} was given by URL, not ours to stop.")

    kill = restart = stop

    def close(self) -> None:
        """Leave it as it was found."""


class GivenPostgres(GivenServer):
    """A database of our own in a given PostgreSQL, dropped at the end."""

    def __init__(self, url: str) -> None:
        super().__init__("PostgreSQL")
        self._url = url
        self._database = f"forewarn_{secrets.token_hex(4)}"
        self.url = _with_database(url, self._database)
        self._run(sql.SQL("create database {}"))

    def close(self) -> None:
        self._run(sql.SQL("drop database if exists {} with (force)"))

    def _run(self, statement: sql.SQL) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True, connect_timeout=10) as connection:
                connection.execute(statement.format(sql.Identifier(self._database)))
        except psycopg.Error as error:
            raise ServerFailed(f"The PostgreSQL given by FOREWARN_DATABASE_URL: {error}") from error


class GivenRabbitMQ(GivenServer):
    """A given virtual host without queues of ours; what we declare there stays."""

    def __init__(self, url: str, management_url: str) -> None:
        super().__init__("RabbitMQ")
        self.management_url = management_url
        self._url = url
        self._refuse_if_used()

    def url(self, user: str) -> str:
        """The same for every user: whom to connect as was given."""
        return self._url

    def _refuse_if_used(self) -> None:
        try:
            with _pika_quiet(), pika.BlockingConnection(pika.URLParameters(self._url)) as connection:
                connection.channel().queue_declare(INTAKE, passive=True)
        except ChannelClosedByBroker as closed:
            if closed.reply_code == 404:
                return
            raise ServerFailed(f"The RabbitMQ given by FOREWARN_RABBITMQ_URL: {closed}") from closed
        except AMQPConnectionError as error:
            raise ServerFailed(f"The RabbitMQ given by FOREWARN_RABBITMQ_URL: {error!r}") from error
        raise ServerFailed(f"The vhost given by FOREWARN_RABBITMQ_URL is in use: it has a queue {INTAKE}.")


class GivenRedis(GivenServer):
    """A given Redis database that is empty; what we write there stays."""

    def __init__(self, url: str) -> None:
        super().__init__("Redis")
        self.url = url
        try:
            with redis.Redis.from_url(url) as connection:
                keys = connection.dbsize()
        except redis.RedisError as error:
            raise ServerFailed(f"The Redis given by FOREWARN_REDIS_URL: {error}") from error
        if keys:
            raise ServerFailed(f"The Redis database given by FOREWARN_REDIS_URL is in use: it has {keys} keys.")


@contextmanager
def _pika_quiet() -> Iterator[None]:
    """What pika raises says it all; it also logs it, seven lines and a traceback."""
    logger = logging.getLogger("pika")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _with_database(url: str, database: str) -> str:
    """The same server, user and options; another database."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ServerFailed("FOREWARN_DATABASE_URL must begin with postgresql://")
    return urlunsplit(parts._replace(path=f"/{database}"))
