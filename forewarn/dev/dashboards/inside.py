"""What a person must mend, and the machinery."""

from forewarn.dev.dashboards.panels import Panel, Query, Row
from forewarn.dev.dashboards.promql import newest, quantile, rate

PROMISES = Row(
    "Promises, and what a person must mend",
    (
        Panel(
            "Promises of open outages",
            "By when readers were told to hear more: open, kept, missed, or moot because nobody waits.",
            "none",
            (Query(newest("forewarn_promises", "state"), "{{state}}"),),
        ),
        Panel(
            "Dead letters",
            "Messages that failed for good, by what they were for. A batch's open recipients ended as failed (dead);"
            " all else is a row, and is paid by the clock.",
            "none",
            (Query("sum by (actor) (increase(forewarn_dead_letters_total[$__rate_interval]))", "{{actor}}"),),
        ),
        Panel(
            "Failed events",
            "Events that could not be carried out and wait for a person: `forewarn failed list`.",
            "none",
            (Query(newest("forewarn_failed_events"), "failed"),),
        ),
    ),
)

MACHINERY = Row(
    "The machinery",
    (
        Panel(
            "Age of the control snapshot",
            "Dispatch knows pauses, stops and unsubscribes from it. It is written each second; older than a few: no"
            " clock runs, or Redis is away, and nothing is sent without one.",
            "s",
            (
                Query("time() - max(forewarn_snapshot_timestamp_seconds)", "snapshot"),
                Query("time() - max(forewarn_watch_timestamp_seconds)", "the watch's last look"),
                Query("time() - max(forewarn_queues_timestamp_seconds)", "its last count of queues"),
            ),
        ),
        Panel(
            "The clock's rounds",
            "Rounds a second of the two loops: the snapshot's and the debts'. 0: the clock stands still.",
            "ops",
            (Query(rate("forewarn_clock_ticks_total", "loop"), "{{loop}}"),),
        ),
        Panel(
            "The clock's lateness",
            "95 % of the rounds began no later than this after they were due.",
            "s",
            (Query(quantile(0.95, "forewarn_clock_lateness_seconds", "loop"), "{{loop}}"),),
        ),
        Panel(
            "Events per second",
            "Events taken in, by what became of them.",
            "ops",
            (Query(rate("forewarn_events_total", "verdict"), "{{verdict}}"),),
            width=6,
            stacked=True,
        ),
        Panel(
            "Answers over HTTP",
            "Answers a second of the door and the desk, by status.",
            "ops",
            (Query(rate("forewarn_http_answers_total", "server, status"), "{{server}} {{status}}"),),
            width=6,
            stacked=True,
        ),
        Panel(
            "Connections to PostgreSQL",
            "Of all ingest and planner processes: used, idle, and how many wait for one.",
            "none",
            (Query("sum by (state) (forewarn_pool_connections)", "{{state}}"),),
            width=6,
            stacked=True,
        ),
        Panel(
            "Memory",
            "Resident memory of each worker.",
            "bytes",
            (Query('process_resident_memory_bytes{job="forewarn"}', "{{service}} {{instance}}"),),
            width=6,
        ),
        Panel(
            "Processor time",
            "Seconds of processor time a second, of each worker: 1 is a whole core.",
            "none",
            (Query('rate(process_cpu_seconds_total{job="forewarn"}[$__rate_interval])', "{{service}} {{instance}}"),),
            width=12,
        ),
        Panel(
            "Workers that answer",
            "Workers whose metrics are scraped, by service; 0: none of them answers.",
            "none",
            (Query('sum by (service) (up{job="forewarn"})', "{{service}}"),),
            width=12,
        ),
    ),
)
