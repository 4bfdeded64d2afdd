"""Who has been told, and who has not; and how soon."""

from forewarn.dev.dashboards.panels import GREEN, NAN, RED, YELLOW, Panel, Query, Row
from forewarn.dev.dashboards.promql import newest, quantile, rate

BAD_FROM_ONE = ((None, GREEN), (1, RED))
BAD_WHEN_LOW = ((None, RED), (0.999, YELLOW), (1, GREEN))

NOW = Row(
    "Who has been told, and who has not",
    (
        Panel(
            "Incidents nobody was told of",
            "Open incidents without a single acceptance on any channel. Not counted: tests, and incidents that concern"
            " nobody or wait for a person. It should be 0 again within seconds of an incident's opening.",
            "none",
            (Query('max(forewarn_incidents_open{told="no"})', "untold", instant=True),),
            kind="stat",
            width=4,
            height=4,
            steps=BAD_FROM_ONE,
        ),
        Panel(
            "Oldest of them",
            "For how long the oldest open incident is known that nobody was told of; 0 s: there is none.",
            "s",
            (Query("max(forewarn_untold_seconds)", "untold", instant=True),),
            kind="stat",
            width=4,
            height=4,
            steps=((None, GREEN), (30, YELLOW), (120, RED)),
        ),
        Panel(
            "Incidents told",
            "Open incidents of which at least one recipient was told.",
            "none",
            (Query('max(forewarn_incidents_open{told="yes"})', "told", instant=True),),
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            "Accounted",
            "Share of the recipients of the newest notices, and of all in the air, that have a final outcome: accepted,"
            " suppressed, failed, unknown, or moved to another notice. 100 %: nobody is left.",
            "percentunit",
            (Query("min by (channel) (forewarn_accounted_ratio)", "{{channel}}", instant=True),),
            kind="stat",
            width=4,
            height=4,
            steps=BAD_WHEN_LOW,
        ),
        Panel(
            "Sending is paused",
            "Pauses that stand: of everything, of a channel, of an outage. Nothing that they hold leaves.",
            "none",
            (Query(newest("forewarn_paused", "scope"), "{{scope}}", instant=True),),
            kind="stat",
            width=4,
            height=4,
            steps=BAD_FROM_ONE,
        ),
        Panel(
            "Next promise is due in",
            "Until the next update that readers were promised is due. Negative: it is late.",
            "s",
            (Query("min(forewarn_promise_next_seconds)", "next", instant=True),),
            kind="stat",
            width=4,
            height=4,
            steps=((None, RED), (60, YELLOW), (300, GREEN)),
            words={NAN: "none is open"},
        ),
        Panel(
            "What became of whom",
            "Recipients of each outage's newest notices and of all notices in the air, by channel and lane. open: not"
            " told yet. accepted: the provider took it. unknown: it may have. failed and suppressed were not told;"
            " moved are told by another notice.",
            "none",
            (Query('max by (way, state) (label_join(forewarn_current_recipients, "way", ", ", "channel", "lane"))'),),
            kind="table",
            width=8,
            matrix=("way", "state"),
        ),
        Panel(
            "Not told yet",
            "Recipients without an outcome, by channel and lane. It falls at the pace that the provider's cap allows.",
            "none",
            (Query(newest('forewarn_current_recipients{state="open"}', "channel, lane"), "{{channel}}, {{lane}}"),),
            stacked=True,
        ),
        Panel(
            "Told per second, and the cap",
            "Recipients a second whom a provider took over, by channel, beside what each provider's permits allow.",
            "ops",
            (
                Query(rate('forewarn_recipients_total{state="accepted"}', "channel"), "told by {{channel}}"),
                Query(newest("forewarn_provider_cap_per_second", "provider"), "cap of {{provider}}"),
            ),
        ),
        Panel(
            "Not told, by reason",
            "Recipients a second that ended otherwise than accepted. suppressed is as it should be; failed is not.",
            "ops",
            (
                Query(
                    rate('forewarn_recipients_total{state!="accepted"}', "channel, state, reason"),
                    "{{channel}}: {{state}} ({{reason}})",
                ),
            ),
            width=12,
            stacked=True,
        ),
        Panel(
            "Incidents, told and untold",
            "Open incidents by whether anybody was told; nobody: it concerns nobody, or waits for a person.",
            "none",
            (Query(newest("forewarn_incidents_open", "told"), "told: {{told}}"),),
            width=12,
            stacked=True,
        ),
    ),
)

HOW_SOON = Row(
    "How soon",
    (
        Panel(
            "Event to first acceptance",
            "From an event's arrival at the door (or the end of a hold) to the first recipient whom a provider took;"
            " half of the notices and 95 % of them stayed below. A notice counts once, when all of it has ended.",
            "s",
            (
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
