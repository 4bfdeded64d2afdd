"""How everybody ended who was not simply told, and how many of them neither the directory nor the fault explains."""

from collections import Counter
from collections.abc import Collection, Mapping

from forewarn.delivery import ACCEPTED, LETTERS, MOVED, OPEN, Reason, State, letter_of
from forewarn.runtime.postgres import Connection
from tests.chaos.scene import Person

Ends = Mapping[str, int]
"""How many ended so, by the reason's name; `moved` has none."""

BY_WISH = [letter_of(reason) for reason in (Reason.UNSUBSCRIBED, Reason.BOUNCED)]

OTHERWISE = """
select w.notice_id, w.channel, u.id as subscriber_id, u.letter,
  u.letter = any(%(by_wish)s) and exists (select from suppression x
    where x.subscriber_id = u.id and x.channel = w.channel)
  or u.letter = %(moved)s and exists (select from notice c
    join notice_window cw on cw.notice_id = c.id join batch cb on cb.window_id = cw.id
    where c.outage_id = n.outage_id and u.id = any(cb.ids) and (c.serial > n.serial
      or cw.channel <> w.channel and substr(cb.outcomes, array_position(cb.ids, u.id), 1) = %(accepted)s)) as explained
from batch b join notice_window w on w.id = b.window_id join notice n on n.id = w.notice_id
cross join lateral unnest(b.ids, string_to_array(b.outcomes, null)) as u (id, letter)
where u.letter not in (%(open)s, %(accepted)s)
"""


def unexplained(connection: Connection, perhaps_told: Collection[Person], may_end: Ends) -> Ends:
    """Who ended otherwise than accepted, beyond what explains it, by reason.

    Explained are: who unsubscribed or bounced, as the directory says; who was moved and has a place in a later notice,
    or was told by another channel meanwhile;
    who is unknown and among those whose call went unanswered (`perhaps_told`); and as many as `may_end` has.
    """
    letters = {"by_wish": BY_WISH, "moved": MOVED, "open": OPEN, "accepted": ACCEPTED}
    ended = Counter[str]()
    for row in connection.execute(OTHERWISE, letters).fetchall():
        state, reason = LETTERS[row["letter"]]
        unanswered = (row["notice_id"], row["channel"], row["subscriber_id"]) in perhaps_told
        if not (row["explained"] or (state is State.UNKNOWN and unanswered)):
            ended[(reason or state).value] += 1
    return dict(ended - Counter({str(reason): times for reason, times in may_end.items()}))
