"""Settings of ingest."""

from pydantic import Field, SecretStr

from forewarn.runtime.settings import RecordSettings


class IngestSettings(RecordSettings):
    """The door's own user at the broker is what makes its headers believed."""

    door_rabbitmq_url: SecretStr
    door_user: str = "door"
    door_port: int = Field(8080, ge=0, le=65535)
    body_cap_bytes: int = Field(1024 * 1024, ge=1024)
    confirm_seconds: float = Field(5, gt=0)
