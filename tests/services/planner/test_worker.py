"""Starting the planner: what it cannot use is said at once."""

from pathlib import Path

import pytest

from services.planner.settings import PlannerSettings
from services.planner.worker import Worker, usable_texts

NOWHERE = {"database_url": "postgresql://nowhere", "rabbitmq_url": "amqp://nowhere", "redis_url": "redis://nowhere"}


def test_texts_that_cannot_be_used_end_it_with_a_line_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "first.j2").write_text("{% if %}")
    settings = PlannerSettings.model_validate(NOWHERE | {"texts_dir": tmp_path})

    with pytest.raises(SystemExit) as ended, usable_texts():
        Worker(settings)

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith("The texts cannot be used: ") and "first.j2, line 1" in said
