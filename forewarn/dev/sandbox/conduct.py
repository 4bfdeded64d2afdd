"""The behaviour in force: which rule fires now, and how often it still will."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from forewarn.dev.sandbox.behaviour import Behaviour, Drop, Greeting, Refusal, RefuseStage, Stage, TimeOut

R = TypeVar("R", Refusal, TimeOut, Drop)


@dataclass(slots=True)
class _Armed(Generic[R]):
    rule: R
    left: int | None

    def fires(self, stage: RefuseStage | Stage, recipients: Sequence[str]) -> bool:
        if self.left == 0 or self.rule.stage != stage:
            return False
        if not any(self.rule.to_regex.search(recipient) for recipient in recipients):
            return False
        if self.left is not None:
            self.left -= 1
        return True

    def remaining(self) -> R:
        return self.rule.model_copy(update={"times": self.left})


class Conduct:
    """The behaviour in force, with what its rules have left; of those that match, the first fires."""

    def __init__(self) -> None:
        self.adopt(Behaviour())

    def adopt(self, behaviour: Behaviour) -> None:
        """Replace the whole behaviour, counts included."""
        self._set = behaviour
        self._refuse = [_Armed(rule, rule.times) for rule in behaviour.refuse]
        self._time_out = [_Armed(rule, rule.times) for rule in behaviour.time_out]
        self._drop = [_Armed(rule, rule.times) for rule in behaviour.drop]

    def remaining(self) -> Behaviour:
        """The behaviour still in force: `times` counts down, and a spent rule is gone."""
        return self._set.model_copy(
            update={
                "refuse": _unspent(self._refuse),
                "time_out": _unspent(self._time_out),
                "drop": _unspent(self._drop),
            }
        )

    @property
    def busy(self) -> bool:
        return self._set.greeting is Greeting.BUSY

    @property
    def latency_seconds(self) -> float:
        return self._set.latency_ms / 1000

    def refusal(self, stage: RefuseStage, recipients: Sequence[str]) -> Refusal | None:
        return _first(self._refuse, stage, recipients)

    def time_out(self, stage: Stage, recipients: Sequence[str]) -> TimeOut | None:
        return _first(self._time_out, stage, recipients)

    def drop(self, stage: Stage, recipients: Sequence[str]) -> Drop | None:
        return _first(self._drop, stage, recipients)


def _first(armed: Iterable[_Armed[R]], stage: RefuseStage | Stage, recipients: Sequence[str]) -> R | None:
    return next((each.rule for each in armed if each.fires(stage, recipients)), None)


def _unspent(armed: Iterable[_Armed[R]]) -> tuple[R, ...]:
    return tuple(each.remaining() for each in armed if each.left != 0)
