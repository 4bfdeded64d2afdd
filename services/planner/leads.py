"""The moment that lies a lead before another, on the calendars that count and the organiser's wall clock (T8, T11)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from forewarn.calendars import Calendar
from forewarn.lead import Lead, Unit
from forewarn.wallclock import moment_of, wall_of
from services.planner.rungs import Before


def before_on(zone: ZoneInfo, *calendars: Calendar) -> Before:
    """Business days, weeks, months and years keep the time on the wall; hours and minutes are counted.

    Of several calendars the one by which it is earliest: so many business days are left on each of them.
    """

    def before(moment: datetime, lead: Lead) -> datetime:
        match lead.unit:
            case Unit.BUSINESS_DAYS:
                return min(calendar.business_days_before(moment, lead.count, zone) for calendar in calendars)
            case Unit.MINUTES:
                return moment - timedelta(minutes=lead.count)
            case Unit.HOURS:
                return moment - timedelta(hours=lead.count)
            case Unit.WEEKS:
                span = relativedelta(weeks=lead.count)
            case Unit.MONTHS:
                span = relativedelta(months=lead.count)
            case Unit.YEARS:
                span = relativedelta(years=lead.count)
        return moment_of(wall_of(moment, zone) - span, zone)

    return before
