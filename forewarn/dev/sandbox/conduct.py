"""The behaviour in force, with what its rules have left."""

from collections.abc import Sequence

from forewarn.dev.sandbox.armed import Armed
from forewarn.dev.sandbox.behaviour import Behaviour, Drop, Greeting, Refusal, RefuseStage, Stage, TimeOut
from forewarn.dev.sandbox.ses.conduct import SesConduct
from forewarn.dev.sandbox.webhook.conduct import WebhookConduct


class Conduct:
    """SMTP's part at the top, SES and webhooks apart; of the rules that match, the first fires."""

    def __init__(self) -> None:
        self.adopt(Behaviour())

    def adopt(self, behaviour: Behaviour) -> None:
        """Replace the whole behaviour, counts included."""
        self._set = behaviour
        self._refuse = Armed(behaviour.refuse)
        self._time_out = Armed(behaviour.time_out)
        self._drop = Armed(behaviour.drop)
        self.ses = SesConduct(behaviour.ses)
        self.webhook = WebhookConduct(behaviour.webhook)

    def remaining(self) -> Behaviour:
        """The behaviour still in force: `times` counts down, and a spent rule is gone."""
        return self._set.model_copy(
            update={
                "refuse": self._refuse.unspent(),
                "time_out": self._time_out.unspent(),
                "drop": self._drop.unspent(),
                "ses": self.ses.remaining(),
                "webhook": self.webhook.remaining(),
            }
        )

    @property
    def busy(self) -> bool:
        return self._set.greeting is Greeting.BUSY

    @property
    def latency_seconds(self) -> float:
        return self._set.latency_ms / 1000

    def refusal(self, stage: RefuseStage, recipients: Sequence[str]) -> Refusal | None:
        return self._refuse.first(recipients, stage)

    def time_out(self, stage: Stage, recipients: Sequence[str]) -> TimeOut | None:
        return self._time_out.first(recipients, stage)

    def drop(self, stage: Stage, recipients: Sequence[str]) -> Drop | None:
        return self._drop.first(recipients, stage)
