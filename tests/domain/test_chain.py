"""The chain of facts: it finds lies.

Owns: proofs of chain.py. Does not own: the bytes (test_facts.py).
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from app.domain import facts as ft
from app.domain.chain import GENESIS, Broken, Intact, chain_hash, verify_chain
from tests.domain.heart_builders import a_sale


def a_chain(count: int) -> list[tuple[int, bytes, bytes]]:
    links, head = [], GENESIS
    for dseq in range(1, count + 1):
        data = ft.canonical_bytes(a_sale(dseq))
        head = sha256(head + data).digest()
        links.append((dseq, data, head))
    return links


def test_an_untouched_chain_is_intact() -> None:
    links = a_chain(3)
    assert verify_chain(links) == Intact(3, links[-1][2])
    assert verify_chain(links[1:], start=links[0][2], first_dseq=2) == Intact(2, links[-1][2])
    assert verify_chain([]) == Intact(0, GENESIS)
    assert chain_hash(GENESIS, links[0][1]) == links[0][2]


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        pytest.param(lambda links: links[:1] + links[2:], Broken(2, "gap"), id="one-lost"),
        pytest.param(lambda links: [links[0], *links], Broken(2, "gap"), id="doubled"),
        pytest.param(
            lambda links: [links[0], (2, links[1][1] + b" ", links[1][2]), links[2]],
            Broken(2, "hash"), id="bytes-changed",
        ),
        pytest.param(
            lambda links: [(1, links[0][1], bytes(32)), *links[1:]], Broken(1, "hash"),
            id="hash-changed",
        ),
    ],
)  # fmt: skip
def test_a_harmed_chain_says_where(harm: Callable[[Any], Any], found: Broken) -> None:
    assert verify_chain(harm(a_chain(3))) == found
