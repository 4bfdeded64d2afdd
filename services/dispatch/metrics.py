"""What dispatch counts. Tests are counted apart: no service level should move when somebody tries something out."""

from prometheus_client import Counter, Histogram

RECIPIENTS = Counter("forewarn_recipients_total", "Recipients that ended, by how.", ["channel", "state", "reason"])
TEST_RECIPIENTS = Counter("forewarn_test_recipients_total", "Recipients of tests that ended.", ["channel", "state"])
BATCHES = Counter("forewarn_batches_total", "Batch messages worked on, by what became of them.", ["channel", "result"])
PROVIDER_ANSWERS = Counter(
    "forewarn_provider_answers_total", "What a provider said of recipients, tests apart.", ["provider", "answer"]
)
SEND_SECONDS = Histogram(
    "forewarn_batch_send_seconds",
    "Time to work on one batch message.",
    ["channel", "lane"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
