"""The behaviour of the model of SES in force."""

import time
from collections.abc import Sequence

from forewarn.dev.sandbox.armed import Armed
from forewarn.dev.sandbox.bucket import Bucket
from forewarn.dev.sandbox.rules import Cut, Moment, Silence
from forewarn.dev.sandbox.ses.behaviour import CallFault, EntryRefusal, SesBehaviour, SesStatus, Short, Throttle

Verdict = tuple[SesStatus, str]
"""What is said of one entry, and why if it was not accepted."""

ACCEPTED: Verdict = (SesStatus.SUCCESS, "")
_THROTTLED: Verdict = (SesStatus.ACCOUNT_THROTTLED, "Maximum sending rate exceeded.")


class SesConduct:
    """What each call meets; counts are kept here."""

    def __init__(self, behaviour: SesBehaviour) -> None:
        self._set = behaviour
        self._refuse = Armed(behaviour.refuse)
        self._fail = Armed(behaviour.fail)
        self._time_out = Armed(behaviour.time_out)
        self._drop = Armed(behaviour.drop)
        self._short = Armed(behaviour.short)
        self._bucket = Bucket(behaviour.max_send_rate, time.monotonic) if behaviour.max_send_rate else None

    def remaining(self) -> SesBehaviour:
        """The behaviour still in force; a spent rule is gone."""
        return self._set.model_copy(
            update={
                "refuse": self._refuse.unspent(),
                "fail": self._fail.unspent(),
                "time_out": self._time_out.unspent(),
                "drop": self._drop.unspent(),
                "short": self._short.unspent(),
            }
        )

    @property
    def checks(self) -> bool:
        return self._set.checks

    @property
    def sending_enabled(self) -> bool:
        return self._set.sending_enabled

    @property
    def latency_seconds(self) -> float:
        return self._set.latency_ms / 1000

    @property
    def lag_seconds(self) -> float:
        return self._set.lag_ms / 1000

    @property
    def max_send_rate(self) -> float | None:
        return self._set.max_send_rate

    def fault(self, recipients: Sequence[str]) -> CallFault | None:
        return self._fail.first(recipients) if self._fail else None

    def time_out(self, stage: Moment, recipients: Sequence[str]) -> Silence | None:
        return self._time_out.first(recipients, stage) if self._time_out else None

    def drop(self, stage: Moment, recipients: Sequence[str]) -> Cut | None:
        return self._drop.first(recipients, stage) if self._drop else None

    def short(self, recipients: Sequence[str]) -> Short | None:
        return self._short.first(recipients) if self._short else None

    def throttles(self, entries: int) -> bool:
        """Whether the rate refuses the whole call."""
        return self._bucket is not None and self._set.throttle is Throttle.CALL and not self._bucket.take_all(entries)

    def verdicts(self, recipients: Sequence[Sequence[str]]) -> list[Verdict]:
        """What the rules and the rate say of each entry, in order."""
        found = [self._refused(to) for to in recipients] if self._refuse else [ACCEPTED] * len(recipients)
        if self._bucket is None or self._set.throttle is Throttle.CALL:
            return found
        accepted = [place for place, verdict in enumerate(found) if verdict is ACCEPTED]
        for place in accepted[self._bucket.take_some(len(accepted)) :]:
            found[place] = _THROTTLED
        return found

    def _refused(self, recipients: Sequence[str]) -> Verdict:
        rule: EntryRefusal | None = self._refuse.first(recipients)
        if rule is None or rule.status is SesStatus.SUCCESS:
            return ACCEPTED
        return rule.status, rule.error
