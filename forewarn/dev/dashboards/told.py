"""Who has been told, and who has not."""

from forewarn.dev.dashboards.panels import GREEN, NAN, RED, YELLOW, Panel, Query, Row
from forewarn.dev.dashboards.promql import largest, newest, rate

BAD_FROM_ONE = ((None, GREEN), (1, RED))
BY_WAY = 'label_join(forewarn_current_recipients, "way", ", ", "channel", "lane")'
NOT_REACHED = newest('forewarn_current_recipients{state=~"failed|unknown"}', "channel, lane, state")
REFUSED = 'sum(rate(forewarn_http_answers_total{server="door",status=~"5.."}[$__rate_interval]))'
DOOR_OPEN = (
    "(time() - max(forewarn_queues_timestamp_seconds) < bool 30)"
    ' * (sum(up{job="forewarn",service="ingest"}) >= bool 1)'
    f" * (({REFUSED} or vector(0)) < bool 0.02) or vector(0)"
)
BAD_WHEN_LOW = ((None, RED), (0.999, YELLOW), (1, GREEN))

NOW = Row(
    "Who has been told, and who has not",
    (
        Panel(
            "Incidents nobody was told of",
            "Open incidents without a single acceptance on any channel. Not counted: tests, and incidents that concern"
            " nobody or wait for a person. It should be 0 again within seconds of an incident's opening.",
            "none",
            (Query(newest('forewarn_incidents_open{told="no"}'), "untold", instant=True),),
            kind="stat",
            width=3,
            height=4,
            steps=BAD_FROM_ONE,
        ),
        Panel(
            "Oldest of them",
            "For how long the oldest open incident is known that nobody was told of; 0 s: there is none.",
            "s",
            (Query(newest("forewarn_untold_seconds"), "untold", instant=True),),
            kind="stat",
            width=3,
            height=4,
            steps=((None, GREEN), (30, YELLOW), (120, RED)),
        ),
        Panel(
            "Incidents told",
            "Open incidents of which at least one recipient was told.",
            "none",
            (Query(newest('forewarn_incidents_open{told="yes"}'), "told", instant=True),),
            kind="stat",
            width=3,
            height=4,
        ),
        Panel(
            "Failed, now",
            "Recipients of each outage's newest notices who were not reached: failed, or perhaps told (unknown). From"
            " 20 on it is hardly their addresses.",
            "none",
            (Query(f"sum by (channel) ({NOT_REACHED})", "{{channel}}", instant=True),),
            kind="stat",
            width=3,
            height=4,
            steps=((None, GREEN), (1, YELLOW), (20, RED)),
        ),
        Panel(
            "Accounted",
            "Share of the recipients of the newest notices, and of all in the air, that have a final outcome: accepted,"
            " suppressed, failed, unknown, or moved to another notice. 100 %: nobody is left, or still to be found.",
            "percentunit",
            (Query(newest("forewarn_accounted_ratio", "channel", "min"), "{{channel}}", instant=True),),
            kind="stat",
            width=3,
            height=4,
            steps=BAD_WHEN_LOW,
        ),
        Panel(
            "Sending is paused",
            "Pauses that stand: of everything, of a channel, of an outage. Nothing that they hold leaves.",
            "none",
            (Query(newest("forewarn_paused", "scope"), "{{scope}}", instant=True),),
            kind="stat",
            width=3,
            height=4,
            steps=BAD_FROM_ONE,
        ),
        Panel(
            "Next promise is due in",
            "Until the next update that readers were promised and do not have is due. Negative: it is late.",
            "s",
            (Query(newest("forewarn_promise_next_seconds", pick="min"), "next", instant=True),),
            kind="stat",
            width=3,
            height=4,
            steps=((None, RED), (60, YELLOW), (300, GREEN)),
            words={NAN: "none is open"},
        ),
        Panel(
            "Events can get in",
            "no: RabbitMQ has not answered for 30 s, no ingest answers, or the door refuses what it is told.",
            "none",
            (Query(DOOR_OPEN, "door", instant=True),),
            kind="stat",
            width=3,
            height=4,
            steps=((None, RED), (1, GREEN)),
            words={"0": "no", "1": "yes"},
        ),
        Panel(
            "What became of whom",
            "Recipients of each outage's newest notices and of all notices in the air, by channel and lane. open: not"
            " told yet. accepted: the provider took it. unknown: it may have. failed and suppressed were not told;"
            " moved are told by another notice.",
            "none",
            (Query(newest(BY_WAY, "way, state")),),
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
                Query(largest("forewarn_provider_cap_per_second", "provider"), "cap of {{provider}}"),
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
                Query(
                    rate('forewarn_uncalled_recipients_total{state!="moved"}', "channel, state, reason"),
                    "{{channel}}: {{state}} ({{reason}}), not called",
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
