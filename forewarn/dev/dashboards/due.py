"""Which promise is due next, and how those before it ended."""

from forewarn.dev.dashboards.panels import GREEN, NAN, RED, YELLOW, Panel, Query, Row
from forewarn.dev.dashboards.promql import newest

SOONEST_FIRST = ((None, RED), (60, YELLOW), (300, GREEN))
BAD_FROM_ONE = ((None, GREEN), (1, RED))
LAST_HOUR = "forewarn_promises_last_hour"

DUE = Row(
    "What is due next",
    (
        Panel(
            "Next promise is due in",
            "Of the next update that readers were promised and do not have: until when, on which channel and side."
            " Negative: it is late. `forewarn status` names its outage.",
            "s",
            (
                Query(
                    f"bottomk(1, {newest('forewarn_promise_next_seconds', 'channel, side', 'min')})",
                    "{{channel}}, {{side}}",
                    instant=True,
                ),
            ),
            kind="stat",
            height=6,
            steps=SOONEST_FIRST,
            words={NAN: "none is open"},
            named=True,
        ),
        Panel(
            "Promises open",
            "Times that readers of open outages were given, and that have neither been kept nor missed.",
            "none",
            (Query(newest('forewarn_promises{state="open"}'), "open", instant=True),),
            kind="stat",
            width=4,
            height=6,
        ),
        Panel(
            "Missed in 15 min",
            "Promises of open outages that came due in the last 15 min and were missed, those apart of which nobody"
            " knows because their notice reached nobody.",
            "none",
            (
                Query(
                    "sum(" + newest('forewarn_promises_missed_lately{cause!="nobody_was_reached"}', "cause") + ")",
                    "missed",
                    instant=True,
                ),
            ),
            kind="stat",
            width=4,
            height=6,
            steps=BAD_FROM_ONE,
        ),
        Panel(
            "Next rung is due in",
            "Until the next reminder, start or other rung of planned work should leave. Negative: so long overdue.",
            "s",
            (Query(newest("forewarn_rung_next_seconds", pick="min"), "next", instant=True),),
            kind="stat",
            width=4,
            height=6,
            steps=((None, RED), (-60, YELLOW), (0, GREEN)),
            words={NAN: "none is to come"},
        ),
        Panel(
            "Rungs overdue",
            "Planned work whose next rung should have left more than a minute ago: the clock stands still, or the"
            " planner fails on it.",
            "none",
            (Query(newest("forewarn_rungs_overdue"), "overdue", instant=True),),
            kind="stat",
            width=4,
            height=6,
            steps=BAD_FROM_ONE,
        ),
        Panel(
            "Until each next promise is due",
            "The same by channel and side, as it comes nearer; it jumps up when the next words have gone round.",
            "s",
            (
                Query(
                    newest("forewarn_promise_next_seconds", "channel, side", "min"),
                    "{{channel}}, {{side}}",
                ),
            ),
            width=24,
            below_zero=True,
        ),
    ),
)

KEPT = Row(
    "Kept and missed",
    (
        Panel(
            "Kept, missed, moot, per hour",
            "Promises that came due in the hour before, of open and of closed outages. kept: the last reader had the"
            " next words in time. moot: nobody waited any more.",
            "none",
            (Query(f"sum by (state) ({newest(LAST_HOUR, 'state, cause')})", "{{state}}"),),
            stacked=True,
        ),
        Panel(
            "Missed by cause, per hour",
            "late: the way took longer than reckoned. not_told_in_time: no clock ran, or the holding notice was"
            " cancelled. paused: a person held it. nobody_was_reached: nobody knows of the promise.",
            "none",
            (Query(newest(f'{LAST_HOUR}{{state="missed"}}', "cause"), "{{cause}}"),),
            stacked=True,
        ),
        Panel(
            "Promises of open outages",
            "All that were made since they began: open, kept, missed, or moot.",
            "none",
            (Query(newest("forewarn_promises", "state"), "{{state}}"),),
            stacked=True,
        ),
    ),
)
