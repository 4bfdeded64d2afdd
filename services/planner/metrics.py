"""What the planner counts, and what its watch reads of the record. Tests of people are left out, as everywhere."""

from prometheus_client import Counter, Gauge, Histogram

# -- counted as it happens ------------------------------------------------------------------------------
DEBTS = Counter("forewarn_debts_taken_on_total", "Debts that the clock had to take on, by arrow.", ["arrow"])
DEAD_LETTERS = Counter("forewarn_dead_letters_total", "Dead letters read, by actor.", ["actor"])
TEXTS_GIVEN_WAY = Counter(
    "forewarn_texts_given_way_total",
    "Variants of notices told in the prepared words, because an own text could not tell them, by why.",
    ["reason"],
)
SNAPSHOT_AT = Gauge("forewarn_snapshot_timestamp_seconds", "When the newest control snapshot was written.")
CLOCK_TICKS = Counter("forewarn_clock_ticks_total", "Rounds of the clock's loops.", ["loop"])
CLOCK_FAULTS = Counter(
    "forewarn_clock_faults_total", "Steps of the clock that raised what nobody expected, by step.", ["step"]
)
CLOCK_LATENESS = Histogram(
    "forewarn_clock_lateness_seconds",
    "How much later than due a round of the clock's loops began.",
    ["loop"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60),
)
SETTLE_LAG = Histogram(
    "forewarn_settle_lag_seconds",
    "From the last acceptance that a settlement carries to its commit in the ledger.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)

# -- each notice once, when it has drained on a channel ---------------------------------------------------
_TOLD_BUCKETS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
FIRST_ACCEPTANCE = Histogram(
    "forewarn_first_acceptance_seconds",
    "From the event's arrival, or the moment a hold ended, to a notice's first acceptance.",
    ["channel", "side"],
    buckets=_TOLD_BUCKETS,
)
LAST_ACCEPTANCE = Histogram(
    "forewarn_last_acceptance_seconds",
    "From the event's arrival, or the moment a hold ended, to a notice's last acceptance.",
    ["channel", "side"],
    buckets=_TOLD_BUCKETS,
)

# -- read of the record by the watch, services/planner/watch.py --------------------------------------------
WATCHED_AT = Gauge("forewarn_watch_timestamp_seconds", "When the watch last read the record whole.")
QUEUES_AT = Gauge("forewarn_queues_timestamp_seconds", "When the watch last counted the messages in RabbitMQ's queues.")
UNHEARD_SECONDS = Gauge(
    "forewarn_unheard_seconds",
    "How long the oldest notice in the air that nobody was told by has taken so far, pauses apart; 0: none.",
    ["channel", "side"],
)
INCIDENTS_OPEN = Gauge("forewarn_incidents_open", "Open incidents, by whether anybody was told.", ["told"])
UNTOLD_SECONDS = Gauge("forewarn_untold_seconds", "Age of the oldest open incident that nobody was told of; 0: none.")
CURRENT = Gauge(
    "forewarn_current_recipients",
    "Recipients of each outage's newest notices and of all that are in the air, by what became of them.",
    ["channel", "lane", "state"],
)
ACCOUNTED = Gauge("forewarn_accounted_ratio", "Share of these recipients with a final outcome.", ["channel"])
WAITING = Gauge(
    "forewarn_waiting_recipients",
    "Recipients of notices in the air that have no outcome yet and that no pause holds.",
    ["channel"],
)
BACKLOG = Gauge("forewarn_backlog_recipients", "Recipients of notices in the air that have no outcome yet.", ["lane"])
BACKLOG_WINDOWS = Gauge("forewarn_backlog_windows", "Windows whose people are not found yet.", ["lane"])
BACKLOG_AGE = Gauge(
    "forewarn_backlog_age_seconds", "Since when the oldest notice that is not drained has been in the air.", ["lane"]
)
OWED = Gauge("forewarn_debts", "What is owed now, by arrow.", ["arrow"])
OWED_AGE = Gauge("forewarn_debt_age_seconds", "Age of the oldest debt, by arrow; 0: none.", ["arrow"])
PROMISES = Gauge("forewarn_promises", "Promises of open outages, by state.", ["state"])
PROMISES_LAST_HOUR = Gauge(
    "forewarn_promises_last_hour",
    "Promises that came due in the last hour, as people read time, by how they ended; a missed one by its cause.",
    ["state", "cause"],
)
PROMISES_MISSED_LATELY = Gauge(
    "forewarn_promises_missed_lately",
    "Promises of open outages that came due in the last 15 min and were missed, by cause.",
    ["cause"],
)
PROMISE_NEXT = Gauge(
    "forewarn_promise_next_seconds",
    "Until the next open promise whose answer has not gone round is due, as people read time; NaN: there is none.",
    ["channel", "side"],
)
RUNG_NEXT = Gauge(
    "forewarn_rung_next_seconds",
    "Until the next rung of open planned work is due to leave, as people read time; NaN: none is to come.",
)
RUNGS_OVERDUE = Gauge(
    "forewarn_rungs_overdue", "Open planned work whose next rung should have left more than a minute ago."
)
RUNGS_LAST_DAY = Gauge(
    "forewarn_rungs_last_day",
    "Rungs of planned work that ended in the last day, by the class of the work and what became of them.",
    ["class", "fate"],
)
RUNGS_SHORT = Gauge(
    "forewarn_rungs_short_last_day",
    "Rungs told in the last day at shorter notice than the class of the work asks: breaches.",
    ["class"],
)
RUNGS_LATE = Gauge(
    "forewarn_rungs_late_last_day", "Rungs of the last day whose time had come, and our clock stood.", ["class"]
)
LAPSED = Gauge("forewarn_lapsed_last_day", "Planned work of which a rung lapsed in the last day, told by nothing.")
DOUBLE_ROLES = Gauge("forewarn_double_roles", "Open outages whose communicator responds to them too, by their word.")
PAUSED = Gauge("forewarn_paused", "Pauses that stand, by what they hold.", ["scope"])
PAUSED_SECONDS = Gauge("forewarn_paused_seconds", "For how long the oldest has stood, as people read time.", ["scope"])
PAGES_IN_VAIN = Gauge(
    "forewarn_pages_in_vain",
    "Pages to communicators of open outages that ended in 15 min and reached nobody for certain.",
)
FAILED_EVENTS = Gauge("forewarn_failed_events", "Events that could not be carried out and wait for a person.")
QUEUE_MESSAGES = Gauge("forewarn_queue_messages", "Messages ready in a queue of RabbitMQ.", ["queue"])
