"""How soon somebody was told, and everybody."""

from forewarn.dev.dashboards.panels import Panel, Query, Row
from forewarn.dev.dashboards.promql import newest, quantile

HOW_SOON = Row(
    "How soon",
    (
        Panel(
            "Event to first acceptance",
            "From an event's arrival at the door (or the end of a hold) to the first recipient whom a provider took;"
            " half of the notices and 95 % of them stayed below. A notice counts once, when all of it has ended. so"
            " far: one is in the air that nobody was told by yet, for so long.",
            "s",
            (
                Query(newest("forewarn_unheard_seconds", "channel, side"), "so far {{channel}} {{side}}"),
                Query(quantile(0.5, "forewarn_first_acceptance_seconds", "channel, side"), "50 % {{channel}} {{side}}"),
                Query(
                    quantile(0.95, "forewarn_first_acceptance_seconds", "channel, side"), "95 % {{channel}} {{side}}"
                ),
            ),
        ),
        Panel(
            "Event to last acceptance",
            "The same to the last recipient: so long the last one waited.",
            "s",
            (
                Query(quantile(0.5, "forewarn_last_acceptance_seconds", "channel, side"), "50 % {{channel}} {{side}}"),
                Query(quantile(0.95, "forewarn_last_acceptance_seconds", "channel, side"), "95 % {{channel}} {{side}}"),
            ),
        ),
        Panel(
            "On the way inside",
            "95 % of events were on record this long after they arrived at the door; 95 % of settlements were in the"
            " ledger this long after the acceptance that they carry.",
            "s",
            (
                Query(quantile(0.95, "forewarn_intake_lag_seconds"), "door to record"),
                Query(quantile(0.95, "forewarn_settle_lag_seconds"), "acceptance to ledger"),
            ),
        ),
    ),
)
