"""The law run: `python -m tests.domain.laws.run --count 10000`.

Owns: pricing many random sales, counting, and the exit code (1 on any broken law or when the
sales were too tame to prove anything). Does not own: the laws (checks.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.domain.laws.adapter import case_of
from tests.domain.laws.asking import ask_price
from tests.domain.laws.brute_force import best, contested_groups, greedy
from tests.domain.laws.checks import Ask, broken_laws
from tests.domain.laws.generator import draw

SHARE_PERCENT_MIN = 20
"""Of the sales: greedy not the cheapest, and as many with two contested exclusive groups."""


@dataclass
class Tally:
    """What a run has seen so far."""

    sales: int = 0
    greedy_dearer: int = 0
    two_groups: int = 0
    with_coupons: int = 0
    broken_sales: int = 0
    sentences: list[str] = field(default_factory=list)

    @property
    def telling(self) -> bool:
        """Whether the sales were hard enough for the run to mean something."""
        wanted = self.sales * SHARE_PERCENT_MIN
        return self.greedy_dearer * 100 >= wanted and self.two_groups * 100 >= wanted

    def lines(self) -> list[str]:
        """The counts as text."""
        return [
            f"baskets                       {self.sales}",
            f"greedy is not the cheapest    {self._share(self.greedy_dearer)}",
            f"two exclusive groups          {self._share(self.two_groups)}",
            f"coupons used                  {self._share(self.with_coupons)}",
            f"baskets with a broken law     {self.broken_sales}",
        ]

    def _share(self, count: int) -> str:
        return f"{count} ({100 * count / max(1, self.sales):.1f} %)"


def run(seeds: Iterable[int], ask: Ask, *, stop_at: int | None = None) -> Tally:
    """Price the sales of the seeds; stop early after so many sales with a broken law."""
    tally = Tally()
    for seed in seeds:
        sale = draw(seed)
        case = case_of(sale)
        choice = best(case)
        tally.sales += 1
        tally.greedy_dearer += greedy(case).total > choice.total
        tally.two_groups += contested_groups(case) >= 2
        tally.with_coupons += bool(choice.coupons)
        sentences = broken_laws(sale, ask)
        tally.sentences += sentences
        tally.broken_sales += bool(sentences)
        if stop_at is not None and tally.broken_sales >= stop_at:
            break
    return tally


def main(arguments: list[str] | None = None) -> int:
    """Run, print the counts, and say by the exit code whether every law held."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.domain.laws.run",
        description="Price random baskets and hold every law of pricing against each.",
        epilog="exit code 1: a law was broken, or too few of the baskets were hard",
    )
    parser.add_argument("--count", type=int, default=10_000, help="how many baskets")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--show", type=int, default=20, help="how many broken laws to print")
    options = parser.parse_args(arguments)
    tally = run(range(options.start, options.start + options.count), ask_price)
    sys.stdout.write("\n".join([*tally.sentences[: options.show], *tally.lines(), ""]))
    if not tally.telling:
        sys.stdout.write(f"fewer than {SHARE_PERCENT_MIN} % of the baskets were hard\n")
    return 0 if tally.telling and not tally.broken_sales else 1


if __name__ == "__main__":
    raise SystemExit(main())
