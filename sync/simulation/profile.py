"""Profiles: how bad a world is. Each is a set of probabilities and lengths; all are data.

Owns: calm, hot, storm, long-offline, month-end. Does not own: doing it (network.py, disk.py,
till.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sync.simulation.world import HOUR_MS, MINUTE_MS, SECOND_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Shares are probabilities per occasion; times are milliseconds."""

    name: str
    says: str
    tills: int = 3
    stores: int = 2
    members: int = 6
    hours: int = 48
    sale_every_ms: int = 32 * MINUTE_MS
    """Of one till, on average, while the shop is open."""
    delay_ms: tuple[int, int] = (20, 400)
    request_lost: float = 0.0
    answer_lost: float = 0.0
    request_doubled: float = 0.0
    """It arrives twice, the second time after another delay: this also swaps the order."""
    answer_cut: float = 0.0
    foreign_page: float = 0.0
    """A proxy answers with a page of its own, status 200."""
    partition_every_ms: int | None = None
    partition_ms: tuple[int, int] = (MINUTE_MS, HOUR_MS)
    crash_at_commit: float = 0.0
    """Half of them before the commit, half after it and before anybody hears of it."""
    disk_full: float = 0.0
    server_aborts: float = 0.0
    """The server's transaction is rolled back at its end, as PostgreSQL does with 40001."""
    server_crash: float = 0.0
    """After its commit, before the answer."""
    backup_restored: float = 0.0
    """Per till and run."""
    till_cloned: float = 0.0
    members_merged: float = 0.5
    """Per run: two members turn out to be one person."""
    server_restored: float = 0.0
    """Per run: from a copy some hours old."""
    joined_twice: float = 0.4
    """At a till that does not know the member: he joins once more, with the same number."""
    reviews: int = 2
    """So often head office's calendar is looked at in between."""
    goods_elsewhere: float = 0.3
    """Of what comes back: in another store than it was sold in."""
    clock_jump: float = 0.0
    """Per hour and till."""
    clock_jump_ms: int = 3 * HOUR_MS
    begins_days: int = 0
    """So many days later than other worlds. One that lies in two months has no ladder added up."""


CALM = Profile(
    name="calm",
    says="a chain with a good line: some delay, a lost answer now and then",
    answer_lost=0.03,
    request_lost=0.02,
    crash_at_commit=0.004,
    server_aborts=0.02,
    partition_every_ms=12 * HOUR_MS,
    partition_ms=(MINUTE_MS, 10 * MINUTE_MS),
)
HOT = Profile(
    name="hot",
    says="few members at many tills: everything meets in the same accounts",
    tills=4,
    members=2,
    sale_every_ms=36 * MINUTE_MS,
    answer_lost=0.1,
    request_doubled=0.1,
    server_aborts=0.1,
    partition_every_ms=6 * HOUR_MS,
    till_cloned=0.02,
    server_restored=0.05,
)
STORM = Profile(
    name="storm",
    says="everything breaks at once",
    request_lost=0.15,
    answer_lost=0.15,
    request_doubled=0.15,
    answer_cut=0.05,
    foreign_page=0.03,
    delay_ms=(20, 20 * SECOND_MS),
    partition_every_ms=5 * HOUR_MS,
    crash_at_commit=0.015,
    disk_full=0.015,
    server_aborts=0.1,
    server_crash=0.05,
    clock_jump=0.03,
    backup_restored=0.12,
    till_cloned=0.06,
    server_restored=0.15,
)
LONG_OFFLINE = Profile(
    name="long-offline",
    says="shops away for a day, then all of it at once",
    partition_every_ms=8 * HOUR_MS,
    partition_ms=(10 * HOUR_MS, 30 * HOUR_MS),
    answer_lost=0.1,
    request_doubled=0.05,
    crash_at_commit=0.006,
    clock_jump=0.01,
    backup_restored=0.1,
    server_restored=0.1,
)
MONTH_END = replace(
    STORM,
    name="month-end",
    says="everything breaks at once over the last night of November",
    begins_days=11,
)
PROFILES = {profile.name: profile for profile in (CALM, HOT, STORM, LONG_OFFLINE)}
"""By turns: which of them a seed has hangs on how many there are, so that there are no others."""
BY_NAME = PROFILES | {MONTH_END.name: MONTH_END}
