"""A monitoring system that knows RabbitMQ and nothing of Forewarn: run as a program of its own."""

import json
import sys

import pika

url, component = sys.argv[1:]
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
channel.confirm_delivery()
event = {
    "source": "probe-eu",
    "key": f"probe/{component}",
    "status": "investigating",
    "severity": "major",
    "components": [{"component": component, "impact": "down"}],
    "symptoms": "probe fra-2 sees HTTP 503 from payout-api-5d",
}
channel.basic_publish("forewarn.events", "", json.dumps(event).encode(), pika.BasicProperties(message_id="probe-1"))
connection.close()
