"""What can be set is written down."""

import re
from pathlib import Path

from forewarn.dev.sandbox.behaviour import Behaviour
from forewarn.dev.sandbox.ses.behaviour import SesBehaviour
from forewarn.dev.sandbox.webhook.behaviour import WebhookBehaviour

PAGE = Path(__file__).parents[4] / "docs" / "sandbox.md"


def test_every_setting_stands_in_the_column_of_its_side() -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.read_text().splitlines() if line.startswith("|")]
    at = next(place for place, row in enumerate(rows) if row[0].strip() == "SMTP" and len(row) == 4)
    cells = list(zip(*rows[at:], strict=True))
    columns = [set(re.findall(r"`(\w+)`", " ".join(column))) for column in cells[:3]]

    assert columns == [
        Behaviour.model_fields.keys() - {"ses", "webhook"},
        SesBehaviour.model_fields.keys(),
        WebhookBehaviour.model_fields.keys(),
    ]
