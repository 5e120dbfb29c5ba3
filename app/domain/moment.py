"""Moments: what the clocks of a machine said when something happened.

Owns: one reading of all clocks, and the shop's local time of it. Clocks never order anything and
never stop a sale (DESIGN.md "Clocks"). Does not own: reading clocks (a port), the business day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """Wall time, monotonic time since `boot_id`, and the last measured server offset.

    `offset_ms` is what has to be added to the wall time to get the server's; None = never measured.
    """

    wall_ms: int
    monotonic_ms: int
    boot_id: str
    offset_ms: int | None = None

    def local(self, zone: str) -> datetime:
        """The wall time in a time zone such as "Asia/Shanghai", to the millisecond."""
        since = timedelta(milliseconds=self.wall_ms)
        return (datetime(1970, 1, 1, tzinfo=UTC) + since).astimezone(ZoneInfo(zone))
