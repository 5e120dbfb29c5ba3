"""The ladder: which tier a member stands on, added up as a clerk would, and as an account says it.

Owns: both sums, on a day of the world and on one after its reviews. Does not own: tiers and reviews
(app.domain), when the calendar is looked at (server.py). All sales of a world lie in one month and
all its refunds within the return window: money spent is money spent. Of a world that lies in two
nobody asks (profile.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from app.domain.account import account_of
from app.domain.money import Money, parse_amount
from app.domain.tiers import rank_of, standing
from sync.simulation.program import the_program
from sync.simulation.tally import LATER, Numbers

TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Steps:
    """Places on the ladder, 0 = the entry tier: today, and when reviews are in force."""

    today: int
    later: int


@cache
def _lines() -> tuple[int, ...]:
    """What had to be spent for each place but the first, in minor units."""
    amounts = [parse_amount(each.qualify.spend or "0", 2) for each in the_program().tiers[1:]]
    return tuple(each.minor for each in amounts if isinstance(each, Money))


def earned_step(spend_minor: int) -> int:
    """The highest place whose line is reached."""
    return sum(1 for line in _lines() if spend_minor >= line)


def rank(tier: str) -> int:
    """Its place."""
    return rank_of(the_program(), tier)


def expected_steps(numbers: Numbers) -> Steps:
    """A line that was crossed counts while the money is not brought back; a review settles it."""
    stand = [rank(tier) for _, tier, line in numbers.crossings if numbers.spend_minor >= line]
    today = max(stand, default=0)
    in_force = [each for each in numbers.reviews if not each[3]]
    if not in_force:
        return Steps(today, max(0, today - 1))
    return Steps(today, rank(max(in_force)[1]))


@lru_cache(maxsize=4096)
def steps_in(data: bytes) -> Steps | None:
    """As the product judges an account; None while something in it waits for its sale."""
    account, program = account_of(data), the_program()
    if account.awaiting:
        return None
    today, later = (standing(account, program, day) for day in (TODAY, LATER))
    return Steps(today.rank, later.rank)


def wrong_at_the_end(numbers: Numbers) -> str:
    """What the last pass of the calendar, which saw everything, left behind; empty = nothing."""
    earned = earned_step(numbers.spend_minor)
    if not numbers.reviews:
        stands = expected_steps(numbers).today
        return f"stands at {stands} and was never reviewed" if stands else ""
    _, tier, before, _ = max(numbers.reviews)
    if earned <= rank(tier) <= max(earned, rank(before) - 1):
        return ""
    return f"was reviewed to {tier} from {before}, and has earned {earned}"
