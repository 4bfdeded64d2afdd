"""What became of the rungs of planned work, and whether the clock is in time."""

from forewarn.dev.dashboards.panels import GREEN, RED, YELLOW, Panel, Query, Row
from forewarn.dev.dashboards.promql import newest, quantile, rate

RUNGS = newest("forewarn_rungs_last_day", "class, fate")
BREACHES, LATE = (newest(f"forewarn_rungs_{how}_last_day", "class") for how in ("short", "late"))

PLANNED = Row(
    "Planned work, the last day",
    (
        Panel(
            "Rungs by fate",
            "Each side and channel of a rung counts. told: a notice left for it. compressed: a later one told it, too."
            " lapsed: it came too late for any.",
            "none",
            (Query(f"sum by (fate) ({RUNGS})", "{{fate}}", instant=True),),
            kind="stat",
            width=6,
            height=5,
        ),
        Panel(
            "Breaches",
            "Rungs told at shorter notice than the class of their work asks for; they say so to their readers.",
            "none",
            (Query(f"sum({BREACHES})", "short notice", instant=True),),
            kind="stat",
            width=6,
            height=5,
            steps=((None, GREEN), (1, YELLOW)),
        ),
        Panel(
            "Fell due late",
            "Rungs whose time had come while no clock looked; they were told when one did, or lapsed.",
            "none",
            (Query(f"sum({LATE})", "late", instant=True),),
            kind="stat",
            width=6,
            height=5,
            steps=((None, GREEN), (1, RED)),
        ),
        Panel(
            "Work with a lapsed rung",
            "Planned work of which nothing told a rung: it was entered after it was over, or our clock stood for long.",
            "none",
            (Query(newest("forewarn_lapsed_last_day"), "lapsed", instant=True),),
            kind="stat",
            width=6,
            height=5,
            steps=((None, GREEN), (1, YELLOW), (4, RED)),
        ),
        Panel(
            "Rungs by class and fate",
            "Rungs that ended in the day before, by the class of the work and what became of them.",
            "none",
            (Query(RUNGS),),
            kind="table",
            matrix=("class", "fate"),
        ),
        Panel(
            "Short notice by class",
            "Breaches in the day before: told later than the class of the work asks for.",
            "none",
            (Query(BREACHES, "{{class}}"),),
            stacked=True,
        ),
        Panel(
            "Fell due late, by class",
            "Rungs of the day before whose time had come while no clock looked.",
            "none",
            (Query(LATE, "{{class}}"),),
            stacked=True,
        ),
    ),
)

IN_TIME = Row(
    "Is the clock in time",
    (
        Panel(
            "How late rounds begin",
            "Half of the clock's rounds began no later than this after they were due, and 95 % of them. Whatever falls"
            " due waits for a round of debts.",
            "s",
            (
                Query(quantile(0.5, "forewarn_clock_lateness_seconds", "loop"), "50 % {{loop}}"),
                Query(quantile(0.95, "forewarn_clock_lateness_seconds", "loop"), "95 % {{loop}}"),
            ),
        ),
        Panel(
            "Rounds per second",
            "Of all planners; 0: the clock stands still.",
            "ops",
            (Query(rate("forewarn_clock_ticks_total", "loop"), "{{loop}}"),),
        ),
        Panel(
            "Age of the oldest debt",
            "Since when what fell due is owed, by its arrow; the clock pays each again after 5 s, doubling.",
            "s",
            (Query(newest("forewarn_debt_age_seconds", "arrow"), "{{arrow}}"),),
        ),
    ),
)
