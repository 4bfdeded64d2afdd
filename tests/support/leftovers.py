"""What a test leaves under way in a house: messages on its queues, batches that are being sent."""

import pika
import redis
from pika.exceptions import ChannelClosedByBroker

from forewarn.contracts.names import QUEUES, lease_key
from forewarn.dev.servers import Urls

LEASES = lease_key(0).replace("0", "*")


def cleared(urls: Urls) -> bool:
    """Whether nothing was under way; messages that waited are gone now, batches end by themselves."""
    with pika.BlockingConnection(pika.URLParameters(urls.rabbitmq_worker)) as connection:
        waited = [queue for queue in QUEUES if _purged(connection, queue)]
    with redis.Redis.from_url(urls.redis) as client:
        return not waited and not list(client.scan_iter(LEASES))


def _purged(connection: pika.BlockingConnection, queue: str) -> int:
    """How many messages waited; none on a queue that was not declared yet."""
    channel = connection.channel()
    try:
        waited = int(channel.queue_declare(queue, passive=True).method.message_count)
        if waited:
            channel.queue_purge(queue)
    except ChannelClosedByBroker as fault:
        assert fault.reply_code == 404, fault
        return 0
    channel.close()
    return waited
