"""The laws of pricing on some hundreds of random sales; `run.py` does ten thousand.

The sales are the same every time, so a failure names the seed that shows it again.
"""

from __future__ import annotations

import pytest
from tests.domain.laws.asking import ask_price

from tests.domain.laws.run import run

BLOCK = 100
BLOCKS = 8


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_law_holds(block: int) -> None:
    tally = run(range(block * BLOCK, (block + 1) * BLOCK), ask_price)
    assert not tally.sentences, "\n".join(tally.sentences[:10])
    assert tally.telling, "\n".join(tally.lines())
