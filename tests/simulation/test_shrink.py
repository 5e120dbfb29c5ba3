"""Shrinking: a smaller world that fails still, and the lines that keep it."""

from __future__ import annotations

import tomllib

from sync.simulation.profile import STORM, Profile
from sync.simulation.scenario import Result
from sync.simulation.shrink import regression, shrunk


def _fails_by_doubling(profile: Profile) -> Result:
    violated = "twice" if profile.request_doubled and profile.tills > 1 else ""
    return Result(7, profile.name, violated)


def test_what_plays_no_part_is_left_out() -> None:
    small = shrunk(7, STORM, _fails_by_doubling)
    assert small.request_doubled and small.tills == 2
    assert not small.crash_at_commit and small.partition_every_ms is None
    assert small.hours == 12 and small.members == 1


def test_the_lines_to_keep_can_be_read_again() -> None:
    small = shrunk(7, STORM, _fails_by_doubling)
    [kept] = tomllib.loads(regression(7, STORM, small))["regression"]
    assert kept["profile"] == "storm" and kept["seed"] == 7
    assert kept["changes"]["tills"] == 2 and kept["changes"]["partition_every_ms"] is False
