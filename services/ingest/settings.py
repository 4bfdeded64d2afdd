"""Settings of ingest."""

from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr

from forewarn.runtime.settings import RecordSettings, WebhookKeys


class IngestSettings(RecordSettings):
    """The door's own user at the broker is what makes its headers believed, the workers' user what makes the clock."""

    door_rabbitmq_url: SecretStr
    door_user: str = "door"
    door_port: int = Field(8080, ge=0, le=65535)
    body_cap_bytes: int = Field(1024 * 1024, ge=1024)
    confirm_seconds: float = Field(5, gt=0)
    webhook_keys: WebhookKeys = ()

    @property
    def worker_user(self) -> str:
        """Whom our own clock publishes as."""
        return unquote(urlsplit(self.rabbitmq_url.get_secret_value()).username or "guest")
