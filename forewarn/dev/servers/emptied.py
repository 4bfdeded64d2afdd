"""Servers as they came up: for a second house after a first one, whose workers have ended."""

import pika
import psycopg
import redis

from forewarn.contracts.names import QUEUES
from forewarn.dev.servers.group import Servers


def emptied(servers: Servers) -> None:
    """Take away everything of ours: the record, the queues with what waits in them, what Redis keeps.

    Also of servers given by URL: what is used of them was empty when we came.
    """
    urls = servers.urls
    with psycopg.connect(urls.database, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
    with pika.BlockingConnection(pika.URLParameters(urls.rabbitmq_worker)) as broker:
        channel = broker.channel()
        for queue in QUEUES:
            channel.queue_delete(queue)
    with redis.Redis.from_url(urls.redis) as keys:
        keys.flushdb()
