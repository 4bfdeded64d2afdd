"""Zones and moments for laws of time: anywhere, and near the nights in which clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),  # a gap at midnight, in front of a Friday
    ("Africa/Cairo", datetime(2026, 10, 29, 21, tzinfo=UTC)),  # the hour before midnight twice
    ("Antarctica/Troll", datetime(2026, 3, 29, 1, tzinfo=UTC)),  # two hours
    ("Antarctica/Troll", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a whole day, which was a Friday
]
ZONES = st.sampled_from(
    ["UTC", "Asia/Kathmandu", "Asia/Tokyo", "America/St_Johns", *(name for name, _ in CHANGES)]
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def _near(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone, and a moment up to a week from a change of its clock."""
    zone, change = draw(st.sampled_from(CHANGES))
    far = draw(st.sampled_from([timedelta(hours=2), timedelta(days=1), timedelta(days=7)]))
    return ZoneInfo(zone), change + draw(st.timedeltas(-far, far))


NEAR = _near()
