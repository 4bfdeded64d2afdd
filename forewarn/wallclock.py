"""Between a moment and what the clock on the wall of a zone shows, also in the nights when it is changed.

Both ways keep the order: of two moments the later never gets the earlier wall-clock time, and the other way round.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the clock of that zone shows this (naive) time, in UTC.

    A time that it skips is the first moment after the gap; of a time that it shows twice, the first.
    """
    first, second = _readings(wall, zone)
    return _change(zone, second, first) if second < first else first


def wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of that zone shows at this moment, naive.

    While it shows an hour for the second time, this stands still at the end of that hour.
    """
    here = moment.astimezone(zone)
    wall = here.replace(tzinfo=None)
    if not here.fold:
        return wall
    first, second = _readings(wall, zone)
    return (_change(zone, first, second) + (wall - first.replace(tzinfo=None))).replace(tzinfo=None)


def _readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moment by the offset before a change of the clock, and by the one after it (PEP 495)."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment of the change of the clock that lies between these two, to the second."""
    before = before.replace(microsecond=0)
    old = before.astimezone(zone).utcoffset()

    def changed(seconds: int) -> bool:
        return (before + timedelta(seconds=seconds)).astimezone(zone).utcoffset() != old

    within = range(int((after - before).total_seconds()) + 1)
    return before + timedelta(seconds=bisect_left(within, True, key=changed))
