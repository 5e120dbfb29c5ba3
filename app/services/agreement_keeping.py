"""Proof of agreement: when this till and its server count together.

Owns: that it happens every hour, and once more after a Z whose facts all arrived. Does not own:
counting and what follows (the port), what people read of it (sync_state.py), when it looks (the
caretaker).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.server_answer import Compared
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop

EVERY_MS = 3_600_000
AGAIN_MS = 600_000
"""After a try that nobody answered."""


@dataclass(slots=True)
class LastCompared:
    """The last time both counted since this till was started. `at_ms`: monotonic."""

    at_ms: int | None = None
    z_number: int = 0


def tend_agreement(*, shop: Shop, lane: Lane, last: LastCompared) -> bool:
    """Count together where it is time; whether both did. Off the lane. Changes: `last`, and by the
    port what is known of days and what is pending."""
    if not shop.server.contact().is_there:
        return False
    now_ms = shop.now().monotonic_ms
    z_number, is_drained = lane.run(_newest_z)
    is_time = last.at_ms is None or now_ms - last.at_ms >= EVERY_MS
    if not is_time and not (is_drained and z_number != last.z_number):
        return False
    if is_drained:
        last.z_number = z_number
    is_compared = isinstance(shop.server.compare(), Compared)
    last.at_ms = now_ms if is_compared else now_ms - EVERY_MS + AGAIN_MS
    return is_compared


def _newest_z(work: UnitOfWork) -> tuple[int, bool]:
    """The number of the last Z here, and whether the server answered everything."""
    closed = work.shifts.closed(1)
    number = closed[0].number if closed else 0
    return number, not work.outbox.count().pending
