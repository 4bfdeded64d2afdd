"""What a policy says: the whole of it, what differs from the shipped defaults, and the hash that notices record."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from forewarn.contracts.policy import Policy, load_policy
from forewarn.contracts.sheet import read_sheet


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it counts; `differs` from the shipped default, `given`: written down."""

    path: tuple[str, ...]
    value: Any
    differs: bool
    given: bool


def effective(policy: Policy) -> dict[str, Any]:
    """Every setting, as JSON has it."""
    return policy.model_dump(mode="json")


def differences(policy: Policy) -> dict[str, Any]:
    """What differs from the shipped defaults, as JSON has it; as a file it makes this policy again.

    Lists and tables count as a whole, as they do in a file.
    """
    found: dict[str, Any] = {}
    for setting in differing(policy):
        section = found
        for name in setting.path[:-1]:
            section = section.setdefault(name, {})
        section[setting.path[-1]] = setting.value
    return found


def differing(policy: Policy) -> list[Setting]:
    """The settings that differ from the shipped defaults."""
    return [setting for setting in settings_of(policy) if setting.differs]


def settings_of(policy: Policy) -> list[Setting]:
    """Every setting, in the order of the model."""
    return list(_settings(policy, Policy()))


def redundant(path: Path) -> list[str]:
    """Places in a file that say what holds without them: worth a hint, no fault. Raises BadPolicy."""
    policy, sheet = load_policy(path), read_sheet(path)
    settings = (setting for setting in settings_of(policy) if setting.given and not setting.differs)
    return [str(sheet.fault(setting.path, "is the default anyway", at_key=True)) for setting in settings]


def policy_hash(policy: Policy) -> str:
    """16 hex digits; the same settings in the same order have the same hash."""
    return blake2b(policy.model_dump_json().encode(), digest_size=8).hexdigest()


def _settings(section: BaseModel, shipped: BaseModel, above: tuple[str, ...] = ()) -> Iterator[Setting]:
    whole = section.model_dump(mode="json")
    for name in type(section).model_fields:
        mine, theirs, path = getattr(section, name), getattr(shipped, name), (*above, name)
        if isinstance(mine, BaseModel):
            yield from _settings(mine, theirs, path)
        else:
            yield Setting(path, whole[name], mine != theirs, name in section.model_fields_set)
