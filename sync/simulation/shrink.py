"""Shrinking: a failing world made as small as it still fails.

Owns: which smaller worlds are tried, and the lines that keep the result. Does not own:
running them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from sync.simulation.profile import Profile
from sync.simulation.scenario import Result

TRIES_MAX = 60
_OFF: dict[str, Any] = {
    "request_lost": 0.0, "answer_lost": 0.0, "request_doubled": 0.0, "answer_cut": 0.0,
    "foreign_page": 0.0, "partition_every_ms": None, "crash_at_commit": 0.0, "disk_full": 0.0,
    "server_aborts": 0.0, "server_crash": 0.0, "backup_restored": 0.0, "till_cloned": 0.0,
    "server_restored": 0.0, "clock_jump": 0.0, "goods_elsewhere": 0.0,
    "joined_twice": 0.0, "reviews": 0,
}  # fmt: skip


def shrunk(seed: int, profile: Profile, run: Callable[[Profile], Result]) -> Profile:
    """The smallest world found in which something is violated still."""
    tries = 0
    smaller = True
    while smaller and tries < TRIES_MAX:
        smaller = False
        for tried in _smaller(profile):
            tries += 1
            if not run(tried).is_good:
                profile, smaller = tried, True
                break
            if tries >= TRIES_MAX:
                break
    return profile


def _smaller(profile: Profile) -> Iterator[Profile]:
    """Fewer hours, tills, sales and members; then each kind of fault left out."""
    if profile.hours > 12:
        yield replace(profile, hours=max(12, profile.hours // 2))
    if profile.tills > 1:
        yield replace(profile, tills=profile.tills - 1)
    if profile.sale_every_ms < 6 * 3_600_000:
        yield replace(profile, sale_every_ms=profile.sale_every_ms * 2)
    if profile.members > 1:
        yield replace(profile, members=profile.members // 2)
    for name, off in _OFF.items():
        if getattr(profile, name) != off:
            yield replace(profile, **{name: off})


def regression(seed: int, before: Profile, after: Profile) -> str:
    """A table for tests/simulation/regressions.toml."""
    lines = ["[[regression]]", f'profile = "{before.name}"', f"seed = {seed}"]
    changes = [
        f"{each.name} = {'false' if value is None else value}"
        for each in fields(after)
        if (value := getattr(after, each.name)) != getattr(before, each.name)
    ]
    return "\n".join([*lines, "[regression.changes]", *changes])
