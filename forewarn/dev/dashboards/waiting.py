"""What waits: backlog, queues, debts."""

from forewarn.dev.dashboards.panels import Panel, Query, Row
from forewarn.dev.dashboards.promql import largest, newest

COUNTED = "forewarn_queue_messages and on (instance) forewarn_queues_timestamp_seconds > time() - 30"

BACKLOG = Row(
    "What waits",
    (
        Panel(
            "Backlog by lane",
            "Recipients of notices in the air that have no outcome yet. urgent overtakes normal and bulk.",
            "none",
            (Query(newest("forewarn_backlog_recipients", "lane"), "{{lane}}"),),
            stacked=True,
        ),
        Panel(
            "Age of the backlog by lane",
            "For how long the oldest notice that is not accounted for has been in the air.",
            "s",
            (Query(newest("forewarn_backlog_age_seconds", "lane"), "{{lane}}"),),
        ),
        Panel(
            "Windows to expand",
            "Parts of audiences whose people are not found yet; each becomes up to some hundred batches.",
            "none",
            (Query(newest("forewarn_backlog_windows", "lane"), "{{lane}}"),),
        ),
        Panel(
            "Messages ready in queues",
            "Messages of RabbitMQ that nobody has taken yet; on a ladder they wait for their time. No line: it is"
            " away.",
            "none",
            (Query(largest(COUNTED, "queue"), "{{queue}}"),),
        ),
        Panel(
            "Debts",
            "What a row says is owed: plans of new revisions, windows to expand, windows to publish, open batches. The"
            " clock pays each again after 5 s, doubling; batches after 10 min.",
            "none",
            (Query(newest("forewarn_debts", "arrow"), "{{arrow}}"),),
        ),
        Panel(
            "Age of the oldest debt",
            "Since when the oldest debt of each kind is owed.",
            "s",
            (Query(newest("forewarn_debt_age_seconds", "arrow"), "{{arrow}}"),),
        ),
    ),
)
