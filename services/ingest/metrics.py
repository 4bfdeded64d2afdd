"""What ingest counts."""

from prometheus_client import Counter

EVENTS = Counter("forewarn_events_total", "Events taken in, by what became of them.", ["format", "verdict"])
