"""A test of the tester: each planted mistake is found, by an invariant, at a seed that is known.

What happens in a world changes with every change of the product; the seed may have to be looked
for again then: main.py simulate --seeds 1..500 --mutant NAME.
"""

from __future__ import annotations

import pytest

from sync.simulation.mutant import MUTANTS
from sync.simulation.profile import PROFILES
from sync.simulation.scenario import Templates, run_seed

LEAST = 21
FOUND = {
    "beyond-cursor": 1,
    "clock-orders": 2,
    "cursor-before-apply": 1,
    "delete-before-ack": 1,
    "folded-again": 1,
    "grant-to-two": 1,
    "no-dedupe": 1,
    "no-fsync": 1,
    "number-unclaimed": 7,
    "one-side-of-two": 1,
    "pieces-kept-twice": 5,
    "pieces-twice": 4,
    "points-apart": 1,
    "review-is-final": 9,
    "stale-pull": 1,
    "survivor-by-arrival": 11,
    "uses-as-a-set": 11,
}
"""Where each is seen soon. Those that need many worlds are looked for by main.py simulate."""
TRIES = 6


def test_there_are_mistakes_enough() -> None:
    assert len(MUTANTS) >= LEAST and FOUND.keys() <= MUTANTS.keys()


@pytest.mark.no_cover  # worlds without a mistake (test_worlds.py) count the lines
@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_planted_mistake_is_found(templates: Templates, name: str) -> None:
    mutant, first = MUTANTS[name], FOUND[name]
    for seed in range(first, first + TRIES):
        result = run_seed(seed, PROFILES[mutant.profile], templates, mutant.plant)
        if result.violated:
            return
    pytest.fail(f"{name} was not found in seeds {first} to {first + TRIES - 1}")
