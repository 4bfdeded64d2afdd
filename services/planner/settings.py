"""Settings of the planner."""

from pathlib import Path

from pydantic import Field, SecretStr

from forewarn.runtime.settings import Patience, RecordSettings


class PlannerSettings(RecordSettings, Patience):
    """The planner, its clock and its desk."""

    redis_url: SecretStr
    desk_port: int = Field(8081, ge=0, le=65535)
    texts_dir: Path | None = None
    tick_seconds: float = Field(0.25, gt=0, le=5)
