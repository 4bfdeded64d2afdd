"""What ingest counts."""

from prometheus_client import Counter, Histogram

EVENTS = Counter("forewarn_events_total", "Events taken in, by what became of them.", ["format", "verdict"])
INTAKE_LAG = Histogram(
    "forewarn_intake_lag_seconds",
    "From an event's arrival at the door to the record's commit.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
