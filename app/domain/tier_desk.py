"""The lists of the tier desk: who is near a tier, due for review, falling, or has one for a time.

Owns: which of them a member stands on, and who has to be told that his tier ends. Pure. Does not
own: the effective tier and its gaps (tiers.py), the review itself (authority.py), the messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.account import MemberAccount
from app.domain.effects import Measure
from app.domain.months import Month
from app.domain.program import Program
from app.domain.tiers import (
    JUST_ENDS,
    MEASURES,
    NOTICE_DAYS,
    Standing,
    TierGap,
    TierNotice,
    gaps,
    line_of,
    notices,
    open_claims,
    rank_of,
    standing,
    tally_of,
    window_sum,
)

NEAR_PERCENT = 80
"""Who has so much of the way to the next tier stands on the list of those near it."""
_WHOLE = 100
DeskList = Literal["near", "due", "falling", "by_hand", "lent"]


@dataclass(frozen=True, slots=True)
class TierPlace:
    """What brings a member on the lists. `near`: percent of the way; the days are the last ones."""

    near: int | None = None
    due: date | None = None
    """His tier ends then by the rules, or ended and waits for its review."""
    falls: bool = False
    """It will not be kept as things stand."""
    by_hand: date | None = None
    """The end of what was given by hand, beginning later or now."""
    lent: date | None = None
    """The end of a trial that runs, or of a membership pack that ends soon, where he falls then."""

    @property
    def lists(self) -> tuple[DeskList, ...]:
        """Those he stands on."""
        found: list[DeskList] = []
        if self.near is not None:
            found.append("near")
        if self.due is not None:
            found.append("due")
            found += ["falling"] if self.falls else []
        if self.by_hand is not None:
            found.append("by_hand")
        if self.lent is not None:
            found.append("lent")
        return tuple(found)


NOWHERE = TierPlace()


def place_of(account: MemberAccount, program: Program, as_of: date) -> TierPlace:
    """Where a member stands on a day. Cheap for who has nothing: most of them."""
    has_given = account.grants or account.packs or account.trials
    if not (account.spend.raised or account.crossings or account.reviews or has_given):
        return NOWHERE
    now = standing(account, program, as_of)
    due, falls = _due(account, program, now, as_of)
    near, by_hand = _near(account, program, now, as_of), _by_hand(account, as_of)
    return TierPlace(near, due, falls, by_hand, _lent(now, as_of))


def way_to(
    account: MemberAccount, program: Program, now: Standing, as_of: date
) -> tuple[int, tuple[TierGap, ...]]:
    """Percent of the way to the next tier by its nearest way up, and what is missing."""
    sums = _sums(account, Month.of(as_of))
    for rank in range(now.rank + 1, len(program.tiers)):
        missing = gaps(program, rank, sums)
        if missing:
            return max(_percent(program, rank, gap, sums) for gap in missing), missing
    return 0, ()


def _percent(program: Program, rank: int, gap: TierGap, sums: Mapping[Measure, int]) -> int:
    line = line_of(program, program.tiers[rank].qualify, gap.measure)
    assert line is not None, "a gap has a line"
    return max(0, sums[gap.measure]) * _WHOLE // line


def _near(account: MemberAccount, program: Program, now: Standing, as_of: date) -> int | None:
    percent, _ = way_to(account, program, now, as_of)
    return percent if percent >= NEAR_PERCENT else None


def _due(
    account: MemberAccount, program: Program, now: Standing, as_of: date
) -> tuple[date | None, bool]:
    """The next end by the rules within the days it is said ahead, and whether he falls then."""
    today, soon = as_of.toordinal(), as_of.toordinal() + max(NOTICE_DAYS)
    ends = [
        claim
        for claim in open_claims(account, today)
        if claim.ends_softly and claim.until <= soon and rank_of(program, claim.tier) > 0
    ]
    if not ends:
        return None, False
    first = max(ends, key=lambda claim: (rank_of(program, claim.tier), claim.until))
    last_day = date.fromordinal(first.until)
    rank = rank_of(program, first.tier)
    # A later claim on the same tier, or on a higher one, keeps him up: nobody has to look at him.
    stays = any(
        rank_of(program, claim.tier) >= rank and claim.until > soon
        for claim in open_claims(account, today)
        if claim.ends_softly
    )
    if stays:
        return None, False
    missing = gaps(program, rank, _sums(account, Month.of(last_day)))
    return last_day, bool(missing)


def _by_hand(account: MemberAccount, as_of: date) -> date | None:
    """The last day of what was given by hand and has not ended."""
    today = as_of.toordinal()
    begun = {
        claim.until
        for claim in open_claims(account, today)
        if claim.source == "grant" and claim.until >= today
    }
    later = {
        grant.until
        for op_id, grant in account.grants.items()
        if op_id not in account.revoked and grant.from_day > today
    }
    last = max(begun | later, default=None)
    return None if last is None else date.fromordinal(last)


def _lent(now: Standing, as_of: date) -> date | None:
    """A trial is looked after as long as it runs, a pack when its end is near."""
    if now.until is None or now.source not in ("pack", "trial"):
        return None
    days_left = (now.until - as_of).days
    return now.until if now.source == "trial" or days_left <= max(NOTICE_DAYS) else None


def _sums(account: MemberAccount, month: Month) -> dict[Measure, int]:
    return {measure: window_sum(tally_of(account, measure), month.index) for measure in MEASURES}


def due_to_be_told(account: MemberAccount, program: Program, as_of: date) -> TierNotice | None:
    """What a member has to be told now about the end of his tier; None = nothing.

    Once for each pair of `days_ahead` (60, then 30) and `last_day`: whoever sends messages keeps
    which of them went out. The greeting at the till says the same at every visit.
    """
    now = standing(account, program, as_of)
    to_keep: tuple[TierGap, ...] = ()
    if now.until is not None and now.source not in JUST_ENDS:
        to_keep = gaps(program, now.rank, _sums(account, Month.of(now.until)))
    found = notices(now, to_keep, as_of)
    return found[0] if found else None
