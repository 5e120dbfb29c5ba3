"""Debt: points an account took that never were there.

Owns: how many are still missing on a day. Does not own: the replay of the months (replay.py),
gifts (gifts.py), who is told of it (the server's exceptions, exception_case.py).
"""

from __future__ import annotations

from datetime import date

from app.domain.account import MemberAccount
from app.domain.gifts import gains, winners
from app.domain.replay import replay
from app.domain.tiers import cancelled_crossings


def debt_of(account: MemberAccount, as_of: date) -> int:
    """Points taken that never were there, and were not recovered since."""
    counted = winners(account, cancelled_crossings(account))
    return sum(debt.points for debt in replay(gains(account, counted), account.taken, as_of).debts)
