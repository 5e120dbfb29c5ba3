"""The exact test of a difference between two groups (Fisher's), in whole numbers.

Owns: how likely a difference at least this large would be by chance alone. Does not own: which
groups, and what is said about it (campaign_result.py). No tables and no approximation: a shop's
groups are small, and where they are the usual formula promises too much.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

CLEAR_BELOW = Fraction(1, 20)
"""A difference is called clear where chance alone would make one as large less often than this."""


@dataclass(frozen=True, slots=True)
class Group:
    """So many of so many."""

    came: int
    of: int

    @property
    def rate(self) -> Fraction:
        return Fraction(self.came, self.of) if self.of else Fraction(0)


def chance_of(first: Group, second: Group) -> Fraction:
    """The two-sided chance: of all ways to share those who came, the ones no likelier than this.

    1 where one group is empty, or where all came or nobody: then nothing tells them apart.
    """
    came = first.came + second.came
    everybody = first.of + second.of
    if not (first.of and second.of and came) or came == everybody:
        return Fraction(1)
    lowest = max(0, came - second.of)
    highest = min(came, first.of)
    ways = comb(first.of, lowest) * comb(second.of, came - lowest)
    seen, no_likelier, total = 0, 0, 0
    weights = []
    for count in range(lowest, highest + 1):
        weights.append(ways)
        total += ways
        if count == first.came:
            seen = ways
        # The next number of ways out of this one: whole at every step.
        ways = ways * (first.of - count) * (came - count)
        ways //= (count + 1) * (second.of - came + count + 1)
    no_likelier = sum(each for each in weights if each <= seen)
    return Fraction(no_likelier, total)


def can_be_clear(first: Group, second: Group) -> bool:
    """Whether so many who came could tell the groups apart at all, however they were shared."""
    came = first.came + second.came
    fewest = max(0, came - second.of)
    most = min(came, first.of)
    ends = (
        chance_of(Group(each, first.of), Group(came - each, second.of)) for each in (fewest, most)
    )
    return any(is_clear(each) for each in ends)


def is_clear(chance: Fraction) -> bool:
    """Whether a difference is more than chance makes often enough."""
    return chance < CLEAR_BELOW
