"""Metrics: figures for whoever watches the server, at /metrics.

Owns: the figures and their text. Does not own: when they change. No figure names a person or a
device.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

MEDIA_TYPE = CONTENT_TYPE_LATEST
MANY_WORKERS = "PROMETHEUS_MULTIPROC_DIR"
"""Where several workers put their figures together; the library reads this name."""
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Of one worker, or of all where they share a folder."""

    registry: CollectorRegistry
    requests: Counter
    took: Histogram
    ops: Counter
    waiting: Gauge

    @staticmethod
    def fresh() -> Metrics:
        """All figures at zero."""
        own = CollectorRegistry()
        pulls = Gauge(
            "zhanggui_waiting_pulls",
            "Pulls that wait for news",
            registry=own,
            multiprocess_mode="livesum",
        )
        return Metrics(
            registry=own,
            requests=Counter(
                "zhanggui_requests", "Answered requests", ("route", "status"), registry=own
            ),
            took=Histogram(
                "zhanggui_request_seconds",
                "Time to answer, without the wait of a pull",
                ("route",),
                registry=own,
                buckets=_SECONDS,
            ),
            ops=Counter("zhanggui_ops", "Pushed ops by outcome", ("outcome",), registry=own),
            waiting=pulls,
        )

    def text(self) -> bytes:
        """All figures in Prometheus' own format."""
        if not os.environ.get(MANY_WORKERS):
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library types it half
        return generate_latest(together)
