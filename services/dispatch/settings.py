"""Settings of dispatch."""

from pydantic import Field, SecretStr

from forewarn.runtime.settings import ProviderHost, WorkerSettings


class DispatchSettings(WorkerSettings):
    """One channel's dispatch; it needs no database."""

    redis_url: SecretStr
    smtp_host: ProviderHost = "127.0.0.1"
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_connections: int = Field(16, ge=1, le=200)
