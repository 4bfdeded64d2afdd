"""Laws of dispatch's settings: what cannot be used ends the process with what to set."""

import pytest

from services.dispatch.settings import Unusable, usable_provider


def test_what_shows_only_when_the_provider_is_opened_ends_the_process_as_faulty_settings_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, usable_provider():
        raise Unusable("AWS_REGION: SES needs a region")

    assert ended.value.code == 2
    assert capsys.readouterr().err == "The settings cannot be used:\n  AWS_REGION: SES needs a region\n"
