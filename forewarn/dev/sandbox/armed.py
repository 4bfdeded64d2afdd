"""Rules in force: which of them fires now, and how often it still will."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from forewarn.dev.sandbox.rules import Rule

R = TypeVar("R", bound=Rule)


class Armed(Generic[R]):
    """Rules of one kind, in their order; of those that match, the first fires and counts."""

    def __init__(self, rules: Iterable[R]) -> None:
        self._rules = list(rules)
        self._left = [rule.times for rule in self._rules]

    def __bool__(self) -> bool:
        """Whether any rule can still fire."""
        return any(left != 0 for left in self._left)

    def first(self, recipients: Sequence[str], stage: str | None = None) -> R | None:
        """The rule that fires for any of these recipients, at this stage if rules of the kind have one."""
        for place, rule in enumerate(self._rules):
            left = self._left[place]
            if left == 0 or (stage is not None and getattr(rule, "stage", stage) != stage):
                continue
            if any(rule.to_regex.search(recipient) for recipient in recipients):
                self._left[place] = None if left is None else left - 1
                return rule
        return None

    def unspent(self) -> tuple[R, ...]:
        """What can still fire, with what is left of its times."""
        rules = zip(self._rules, self._left, strict=True)
        return tuple(rule.model_copy(update={"times": left}) for rule, left in rules if left != 0)
