"""What the planner counts."""

from prometheus_client import Counter, Gauge

DEBTS = Counter("forewarn_debts_total", "Debts that the clock had to take on, by arrow.", ["arrow"])
SNAPSHOT_AT = Gauge("forewarn_snapshot_timestamp_seconds", "When the newest control snapshot was written.")
DEAD_LETTERS = Counter("forewarn_dead_letters_total", "Dead letters read, by actor.", ["actor"])
