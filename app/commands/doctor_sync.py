"""The part of `main.py doctor` about sync: a file's figures as a support person reads them.

Owns: their names and times as text. Does not own: reading them (store/sync_look.py).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from app.store.sync_look import SyncLook


def sync_facts(look: SyncLook) -> dict[str, Any]:
    """As JSON tells them; no secret, nobody's data, times with their zone."""
    enrolled = look.enrolled
    return {
        "enrolled": None if enrolled is None else _timed(asdict(enrolled)),
        "queue": dict(look.queue),
        "oldest_pending": time_text(look.oldest_pending_ms),
        "most_attempts": look.most_attempts,
        "forked_epochs": look.forked_epochs,
        "streams": [_timed(asdict(each)) for each in look.streams],
        "link": [_timed(asdict(each)) for each in look.link],
        "refused": [_timed(asdict(each)) for each in look.refused],
        "grants": look.grants,
        "open_reservations": look.open_reservations,
        "unequal_days": look.unequal_days,
    }


def time_text(wall_ms: int | None) -> str | None:
    """A moment of the wall clock, in UTC."""
    if wall_ms is None:
        return None
    return datetime.fromtimestamp(wall_ms / 1000, UTC).isoformat(timespec="seconds")


def _timed(figures: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds as times: nobody reads the others."""
    return {
        name.removesuffix("_ms"): time_text(value) if name.endswith("_ms") else value
        for name, value in figures.items()
    }
