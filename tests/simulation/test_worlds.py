"""A hundred worlds of all profiles, smaller ones than main.py simulate runs; and those that failed.

The full size (48 hours, 150 facts) is main.py simulate's: here every world lives a third of a day,
with half the customers.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync.simulation.profile import BY_NAME, MONTH_END, PROFILES, Profile
from sync.simulation.scenario import Templates, run_seed

HOURS = 8
SEEDS = range(1, 101)
PARTS = 10
REGRESSIONS = tomllib.loads(
    (Path(__file__).parent / "regressions.toml").read_text(encoding="utf-8")
)["regression"]


def small(name: str) -> Profile:
    """A world of a few seconds."""
    profile = PROFILES[name]
    return replace(profile, hours=HOURS, sale_every_ms=2 * profile.sale_every_ms)


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, marks=[pytest.mark.no_cover] if part else [], id=str(part))
        for part in range(PARTS)
    ],
)  # the first ten worlds count the lines of all
def test_nothing_is_violated_in_a_hundred_worlds(templates: Templates, part: int) -> None:
    names = list(PROFILES)
    for seed in SEEDS[part::PARTS]:
        result = run_seed(seed, small(names[seed % len(names)]), templates)
        assert result.is_good, (result.profile, seed, result.violated)
        assert result.tills >= 3 and result.stores == 2 and result.facts > 0


@pytest.mark.no_cover
def test_nothing_is_violated_over_the_end_of_a_month(templates: Templates) -> None:
    profile = replace(MONTH_END, hours=30, sale_every_ms=2 * MONTH_END.sale_every_ms)
    for seed in (1, 2):
        result = run_seed(seed, profile, templates)
        assert result.is_good, (seed, result.violated)
        assert result.facts > 0


@pytest.mark.no_cover
@pytest.mark.parametrize("kept", REGRESSIONS, ids=lambda kept: f"{kept['profile']}-{kept['seed']}")
def test_what_failed_once_holds(templates: Templates, kept: dict[str, Any]) -> None:
    changes: dict[str, Any] = {
        name: None if value is False else value for name, value in kept["changes"].items()
    }
    profile = replace(BY_NAME[kept["profile"]], **changes)
    result = run_seed(kept["seed"], profile, templates)
    assert result.is_good, result.violated


def test_a_seed_goes_the_same_way_again(templates: Templates) -> None:
    profile = small("storm")
    first, again = (run_seed(5, profile, templates) for _ in range(2))
    other = run_seed(6, profile, templates)
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert first.trace == again.trace
