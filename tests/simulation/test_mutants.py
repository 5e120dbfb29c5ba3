"""A test of the tester: each planted mistake is found, by an invariant, at a seed that is known.

What happens in a world changes with every change of the product; the seed may have to be looked
for again then: main.py simulate --seeds 1..500 --mutant NAME.
"""

from __future__ import annotations

import pytest

from sync.simulation.mutant import MUTANTS
from sync.simulation.profile import PROFILES
from sync.simulation.scenario import Templates, run_seed

TRIES = 6
NAMES = sorted(MUTANTS)
SEEDS: dict[str, int] = {}
"""Where the first seed of its profile does not show it."""


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_mistake_is_found(templates: Templates, name: str) -> None:
    mutant, first = MUTANTS[name], SEEDS.get(name, 1)
    for seed in range(first, first + TRIES):
        result = run_seed(seed, PROFILES[mutant.profile], templates, mutant.plant)
        if result.violated:
            return
    pytest.fail(f"{name} was not found in seeds {first} to {first + TRIES - 1}")
