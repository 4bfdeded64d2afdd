"""Whose call is in the air, as the marks in Redis say: whoever may be told twice when its caller dies."""

import time

import redis

from forewarn.contracts.names import marks_key
from forewarn.delivery import IN_AIR, IN_AIR_AGAIN
from tests.chaos.scene import Person, Scene

Place = tuple[int, int]
"""A batch, and a position in it."""

OPEN = "select id from batch where position('.' in outcomes) > 0"

PEOPLE_OF = """
select w.notice_id, w.channel, u.id as subscriber_id, u.place - 1 as place, b.id as batch_id
from batch b join notice_window w on w.id = b.window_id
cross join lateral unnest(b.ids) with ordinality as u (id, place)
where b.id = any(%s)
"""


def unanswered_for_good(scene: Scene) -> set[Person]:
    """Whose call will never be answered: in the air when its caller died, and still when all others have ended.

    To be asked at once after the death, and before a lease (10 s) lapses.
    """
    at_death = in_the_air(scene)
    time.sleep(scene.form.latency_ms / 1000 + 0.5)
    return people_at(scene, at_death & in_the_air(scene))


def in_the_air(scene: Scene) -> set[Place]:
    """Every position whose call has begun and has no answer."""
    batches = [row["id"] for row in scene.rows(OPEN)]
    if not batches:
        return set()
    with redis.Redis.from_url(scene.house.servers.urls.redis, decode_responses=True) as client:
        marks = client.mget([marks_key(batch) for batch in batches])
    return {
        (batch, place)
        for batch, letters in zip(batches, marks, strict=True)
        for place, letter in enumerate(letters or "")
        if letter in IN_AIR + IN_AIR_AGAIN
    }


def people_at(scene: Scene, places: set[Place]) -> set[Person]:
    """Who stands there."""
    rows = scene.rows(PEOPLE_OF, sorted({batch for batch, _ in places}))
    return {
        (row["notice_id"], row["channel"], row["subscriber_id"])
        for row in rows
        if (row["batch_id"], row["place"]) in places
    }
