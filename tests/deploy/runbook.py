"""The runbook's entries for alerts, and the commands in them."""

import re
from pathlib import Path

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"


def entries() -> dict[str, list[str]]:
    """The commands of each entry below "Alerts", by its heading."""
    section = RUNBOOK.read_text().partition("\n## Alerts\n")[2].partition("\n## ")[0]
    _, *parts = re.split(r"^### (\w+)$", section, flags=re.MULTILINE)
    return {
        name: re.findall(r"^    (\S.*)$", text, re.MULTILINE)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }
