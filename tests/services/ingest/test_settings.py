"""Settings of ingest: whose word the clock's is."""

import pytest
from pydantic import SecretStr

from services.ingest.settings import IngestSettings


@pytest.mark.parametrize(
    "url, user",
    [
        ("amqp://forewarn:secret@broker:5672/", "forewarn"),
        ("amqp://fore%2Fwarn:secret@broker/%2F", "fore/warn"),
        ("amqp://broker:5672/", "guest"),
    ],
)
def test_the_clock_s_user_is_the_one_that_workers_have_at_the_broker(url: str, user: str) -> None:
    own = SecretStr(url)

    settings = IngestSettings(rabbitmq_url=own, door_rabbitmq_url=SecretStr("amqp://door@broker"), database_url=own)

    assert settings.worker_user == user
