"""Standing points: what the points of all accounts come to on a day, gone through one by one.

Owns: adding an account to those sums. Does not own: the sums (figures.py), the replay of one
account (replay.py), going through accounts in small units (services).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.domain.account import MemberAccount
from app.domain.figures import Standing
from app.domain.gifts import gains, winners
from app.domain.replay import replay
from app.domain.tiers import cancelled_crossings


@dataclass(slots=True)
class StandingSums:
    """Running sums; `standing` is what they come to."""

    as_of: date
    joined_on: dict[date, int] = field(default_factory=dict)
    outstanding: dict[int, int] = field(default_factory=dict)
    held: int = 0
    debt: int = 0
    consumed: int = 0
    lapsed: int = 0

    def add_member(self, joined: date) -> None:
        """One more member, whether or not anything ever happened to his account."""
        self.joined_on[joined] = self.joined_on.get(joined, 0) + 1

    def add_account(self, account: MemberAccount) -> None:
        """What one account holds, owes, has used and has let lapse."""
        counted = tuple(gains(account, winners(account, cancelled_crossings(account))))
        left = replay(counted, account.taken, self.as_of)
        for bucket in left.buckets:
            month = bucket.expires.index
            self.outstanding[month] = self.outstanding.get(month, 0) + bucket.points.count
        alive = sum(bucket.points.count for bucket in left.buckets)
        held = sum(each.points for each in left.held)
        debt = sum(each.points for each in left.debts)
        consumed = sum(max(0, taken) for taken in account.taken.values()) - debt
        gained = sum(each.points for each in counted)
        self.held += held
        self.debt += debt
        self.consumed += consumed
        self.lapsed += max(0, gained - consumed - alive - held)

    def standing(self) -> Standing:
        """As the accounts that were added stood."""
        return Standing(
            self.as_of, dict(self.joined_on), dict(self.outstanding), self.held, self.debt,
            self.consumed, self.lapsed,
        )  # fmt: skip
