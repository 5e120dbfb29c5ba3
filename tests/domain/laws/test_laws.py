"""The laws of pricing on some hundreds of random sales; `run.py` does ten thousand.

The sales are the same every time, so a failure names the seed that shows it again.
"""

from __future__ import annotations

import pytest

from app.domain.program_check import check_program
from tests.domain.laws.asking import ask_price
from tests.domain.laws.generator import draw
from tests.domain.laws.run import run

# The tests by hand reach every branch of the domain (tests/check.py asks them to): counting lines
# once more here would only double the time.
pytestmark = pytest.mark.no_cover

BLOCK = 100
BLOCKS = 8


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_law_holds(block: int) -> None:
    tally = run(range(block * BLOCK, (block + 1) * BLOCK), ask_price)
    assert not tally.sentences, "\n".join(tally.sentences[:10])
    assert tally.telling, "\n".join(tally.lines())


def test_the_programs_drawn_are_programs_a_shop_may_publish() -> None:
    for seed in range(BLOCK):
        assert not check_program(draw(seed).program), f"seed {seed}"
