"""What must hold of a house when all is told, whatever happened on the way (DELIVERY §7)."""

from collections import Counter

from forewarn.dev.sandbox.mail import Mail
from tests.support.home import Home

POSITIONS = """
select w.notice_id, w.channel, n.occasion, n.serial, a.address, substr(b.outcomes, u.place::int, 1) as letter
from notice n
join notice_window w on w.notice_id = n.id
join batch b on b.window_id = w.id
cross join lateral unnest(b.ids) with ordinality as u (id, place)
join address a on a.subscriber_id = u.id and a.channel = w.channel
"""


def planned_once(home: Home) -> int:
    """Everybody has one position per notice and channel; how many positions there are."""
    places = Counter((row["notice_id"], row["channel"], row["address"]) for row in home.rows(POSITIONS))
    assert [place for place, count in places.items() if count > 1] == []
    return len(places)


def accepted_once(home: Home) -> list[Mail]:
    """No message was accepted twice, and each `accepted` in the record has its acceptance; all mails."""
    mails = home.mails()
    assert repeats(mails) == {}
    recorded = sorted((r["notice_id"], r["address"]) for r in home.rows(POSITIONS) if r["letter"] == "a")
    assert recorded == sorted((mail.notice, mail.recipients[0]) for mail in mails)
    return mails


def repeats(mails: list[Mail]) -> dict[str, int]:
    """Ids (notice and subscriber) that were accepted more than once, and how often."""
    counted = Counter(mail.id for mail in mails)
    return {id: count for id, count in counted.items() if count > 1}
