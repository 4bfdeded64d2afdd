"""Laws of order: one notice in the air per side, so that nobody reads an update before what it updates."""

from itertools import pairwise

import pytest

from tests.support.home import Home, an_event
from tests.support.laws import POSITIONS, accepted_once, planned_once

WORDS = """
select n.id as notice, n.serial, n.occasion, a.address, c.told
from notice n
join notice_window w on w.notice_id = n.id
join batch b on b.window_id = w.id
join content c on c.id = b.content_id
cross join lateral unnest(b.ids) u (id)
join address a on a.subscriber_id = u.id and a.channel = w.channel
"""


@pytest.mark.slow
def test_quick_updates_are_read_in_order_and_those_that_waited_are_replaced(home: Home) -> None:
    home.import_demo()
    home.sandbox.behave(latency_ms=250)

    home.post(an_event())
    for cause in ("A disk.", "A full disk.", "A full disk in rack 4."):
        home.post({"about": "INC-1", "status": "identified", "cause": cause})
    home.sandbox.wait_for(3, 20)
    for action in ("We are cleaning up.", "We are nearly there."):
        home.post({"about": "INC-1", "status": "monitoring", "action": action})
    home.told({"about": "INC-1", "status": "resolved"})

    serial = {row["id"]: row["serial"] for row in home.rows("select id, serial from notice")}
    mails = accepted_once(home)
    for reader in {mail.recipients[0] for mail in mails}:
        heard = [serial[mail.notice] for mail in mails if mail.recipients[0] == reader and mail.notice]
        assert all(earlier < later for earlier, later in pairwise(heard)), (reader, heard)
    replaced = home.rows("select from notice_channel where replaced_by is not null")
    assert replaced, "what waited was replaced by what is newer"
    words = home.rows(WORDS)
    introduced = [row["address"] for row in words if not row["told"]]
    assert len(introduced) == len(set(introduced)) == 12, "everybody is introduced to the outage once"
    last = {mail.recipients[0]: mail.notice for mail in mails}
    resolved = {row["id"] for row in home.rows("select id from notice where occasion = 'resolved'")}
    assert set(last.values()) <= resolved and len(last) == 12
    assert planned_once(home) == len(home.rows(POSITIONS))
