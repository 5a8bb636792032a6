"""What an operator watches, in Prometheus form."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from assistant.types import Answer


class Metrics:
    """Counters of one application; a registry of its own, so that two applications in one process do not clash."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter("assistant_answers", "Answers by verdict", ["verdict"], registry=self.registry)
        self.dropped = Counter("assistant_dropped_statements", "Statements left out by the check", registry=self.registry)
        self.seconds = Histogram(
            "assistant_answer_seconds",
            "Time from question to whole answer",
            buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
            registry=self.registry,
        )
        self.requests = Counter("assistant_http_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry)
        self.feedback = Counter("assistant_feedback", "Readers' judgements", ["helpful"], registry=self.registry)
        self.passages = Gauge("assistant_passages", "Passages in the generation in use", registry=self.registry)
        self.unstored = Counter("assistant_unstored_turns", "Turns that could not be stored", registry=self.registry)

    def count(self, answer: Answer) -> None:
        """Count one answer."""
        self.answers.labels(answer.verdict.value).inc()
        self.dropped.inc(answer.dropped)
        self.seconds.observe(answer.timings_ms.get("total", 0.0) / 1000)
