"""What the pages say is there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from forewarn.contracts.policy import Policy, load_policy
from forewarn.contracts.policy_file import redundant, settings_of
from forewarn.mode import Mode
from services.dispatch.settings import DispatchSettings
from services.ingest.settings import IngestSettings
from services.planner.settings import PlannerSettings

ROOT = Path(__file__).parents[1]
ROOMS = "forewarn|services|migrations|tests|docs|schemas|deploy"
KINDS = "py|sql|lua|j2|md|json|yaml|yml|env"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def in_yaml(value: Any) -> str:
    """The value on one line, as a policy file has it."""
    return yaml.safe_dump(value, default_flow_style=True, width=1000, sort_keys=False).partition("\n")[0]


@pytest.mark.parametrize("kind", [IngestSettings, PlannerSettings, DispatchSettings])
def test_every_setting_is_explained(kind: type[BaseSettings]) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    missing = [name for name in kind.model_fields if f"FOREWARN_{name.upper()}" not in page]

    assert missing == []


def test_the_policy_shown_is_a_policy_that_says_no_default(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    shown = tmp_path / "policy.yaml"
    shown.write_text("\n".join(line[4:] for line in page.splitlines() if line.startswith("    ")))

    assert load_policy(shown).company.signed_by == "Dana Roth, Norhaven"
    assert redundant(shown) == []


def test_every_setting_of_the_policy_is_explained_once_with_its_default() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    rows = [f"| `{'.'.join(setting.path)}` | `{in_yaml(setting.value)}` | " for setting in settings_of(Policy())]

    assert [row for row in rows if page.count(row) != 1] == []


@pytest.mark.parametrize(
    ("heading", "word"),
    [("Delivery modes", mode) for mode in Mode]
    + [("When customers hear", rule) for rule in ("now", "person", "after 3m unless dismissed")],
)
def test_every_delivery_mode_and_release_rule_has_a_row_of_its_own(heading: str, word: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    section = page.partition(f"# {heading}")[2].partition("\n#")[0]

    assert section.count(f"\n| `{word}` | ") == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_stands(page: Path) -> None:
    text = page.read_text()
    named = set(re.findall(rf"`((?:{ROOMS})/[\w./]+\.(?:{KINDS}))`", text))
    linked = {str((page.parent / link).resolve().relative_to(ROOT)) for link in re.findall(r"\]\(([\w./-]+)\)", text)}

    gone = sorted(name for name in named | linked if not (ROOT / name).exists())

    assert gone == []
