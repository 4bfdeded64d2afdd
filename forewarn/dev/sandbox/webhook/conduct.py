"""The behaviour of the model of a webhook's endpoint in force."""

from forewarn.dev.sandbox.armed import Armed
from forewarn.dev.sandbox.rules import Cut, Moment, Silence
from forewarn.dev.sandbox.webhook.behaviour import Verification, WebhookAnswer, WebhookBehaviour


class WebhookConduct:
    """What each call meets; `url` is host and path."""

    def __init__(self, behaviour: WebhookBehaviour) -> None:
        self._set = behaviour
        self._answer = Armed(behaviour.answer)
        self._verify = Armed(behaviour.verify)
        self._time_out = Armed(behaviour.time_out)
        self._drop = Armed(behaviour.drop)

    def remaining(self) -> WebhookBehaviour:
        """The behaviour still in force; a spent rule is gone."""
        return self._set.model_copy(
            update={
                "answer": self._answer.unspent(),
                "verify": self._verify.unspent(),
                "time_out": self._time_out.unspent(),
                "drop": self._drop.unspent(),
            }
        )

    @property
    def latency_seconds(self) -> float:
        return self._set.latency_ms / 1000

    def answer(self, url: str) -> WebhookAnswer | None:
        return self._answer.first([url])

    def verification(self, url: str) -> Verification | None:
        return self._verify.first([url])

    def time_out(self, stage: Moment, url: str) -> Silence | None:
        return self._time_out.first([url], stage)

    def drop(self, stage: Moment, url: str) -> Cut | None:
        return self._drop.first([url], stage)
