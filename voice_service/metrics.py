"""What operators may count. Labels are few and never name a person or a conversation."""

from typing import Final

from prometheus_client import Counter, Histogram

WEBHOOKS: Final = Counter(
    "voice_webhooks_total", "Webhook requests by how they were answered", ["outcome"]
)
WEBHOOK_SECONDS: Final = Histogram(
    "voice_webhook_seconds",
    "Seconds from a webhook's first byte to its answer",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
JOB_ATTEMPTS: Final = Counter(
    "voice_job_attempts_total", "Attempts at background jobs", ["job", "outcome"]
)
CONSULTATIONS: Final = Counter(
    "voice_consultations_total",
    "Finished conversations by verdict and outcome",
    ["verdict", "outcome"],
)
