"""Threads by lane: a batch that waits for its permit waits in a thread, and holds up nobody urgent."""

from concurrent.futures import ThreadPoolExecutor

import dramatiq

from forewarn.contracts.names import dispatch_queue
from forewarn.notice import Channel, Lane
from forewarn.runtime.broker import QuorumBroker, actors_alive, actors_ready

OTHERS = frozenset(Lane) - {Lane.URGENT}


class Lanes:
    """So many threads for urgent batches of a channel, and as many for all others; each thread has one batch."""

    def __init__(self, broker: QuorumBroker, channel: Channel, threads: int) -> None:
        self._workers = [
            dramatiq.Worker(broker, queues={dispatch_queue(channel, lane) for lane in lanes}, worker_threads=threads)
            for lanes in ({Lane.URGENT}, OTHERS)
        ]

    def start(self) -> None:
        for worker in self._workers:
            worker.start()

    def stop(self, seconds: float) -> None:
        """Let every batch that was begun end, and give back the others."""
        with ThreadPoolExecutor(len(self._workers)) as pool:
            list(pool.map(lambda worker: worker.stop(timeout=int(seconds * 1000)), self._workers))

    @property
    def alive(self) -> bool:
        return all(map(actors_alive, self._workers))

    @property
    def ready(self) -> bool:
        return all(map(actors_ready, self._workers))
