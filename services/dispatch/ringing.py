"""Threads for pages: none waits behind a million mails."""

import dramatiq

from forewarn.contracts.names import PAGE_QUEUE
from forewarn.runtime.broker import QuorumBroker, actors_alive, actors_ready

THREADS = 2


class Ringing:
    """Works on pages beside the lanes of a channel; the actor must stand on the broker."""

    def __init__(self, broker: QuorumBroker) -> None:
        self._worker = dramatiq.Worker(broker, queues={PAGE_QUEUE}, worker_threads=THREADS)

    def start(self) -> None:
        self._worker.start()

    def stop(self, seconds: float) -> None:
        """Let every page that was begun end, and give back the others."""
        self._worker.stop(timeout=int(seconds * 1000))

    @property
    def alive(self) -> bool:
        return actors_alive(self._worker)

    @property
    def ready(self) -> bool:
        return actors_ready(self._worker)
