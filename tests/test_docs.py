"""What the pages say is there."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic_settings import BaseSettings

from forewarn.contracts.policy import Policy
from services.dispatch.settings import DispatchSettings
from services.ingest.settings import IngestSettings
from services.planner.settings import PlannerSettings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("kind", [IngestSettings, PlannerSettings, DispatchSettings])
def test_every_setting_is_explained(kind: type[BaseSettings]) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    missing = [name for name in kind.model_fields if f"FOREWARN_{name.upper()}" not in page]

    assert missing == []


def test_the_policy_shown_is_a_policy() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    shown = "\n".join(line[4:] for line in page.splitlines() if line.startswith("    "))

    assert Policy.model_validate(yaml.safe_load(shown)).company.signed_by == "Dana Roth, Acme"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_stands(page: Path) -> None:
    text = page.read_text()
    named = set(
        re.findall(r"`((?:forewarn|services|migrations|tests|docs|schemas)/[\w./]+\.(?:py|sql|lua|j2|md|json))`", text)
    )
    linked = {str((page.parent / link).resolve().relative_to(ROOT)) for link in re.findall(r"\]\(([\w./-]+)\)", text)}

    gone = sorted(name for name in named | linked if not (ROOT / name).exists())

    assert gone == []
