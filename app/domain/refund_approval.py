"""What of a refund needs somebody else's yes, and for how much money.

Owns: the acts of a refund that a role may be limited in, those limits, and which of them a refund
meets. Does not own: who approves and how (services), other rights of staff (staff.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.money import ZERO, Money

RefundAct = Literal[
    "refund_amount", "refund_late", "refund_in_cash", "refund_own", "return_unlinked"
]
"""A sum above the limit; after the return window; cash for what was not paid in cash; goods from
one's own membership; goods without a sale that this till holds."""


@dataclass(frozen=True, slots=True)
class ApprovalNeeded:
    """This act, with this effect on money, needs an approval."""

    act: RefundAct
    money: Money


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes that was given: to which acts, up to which sum, and by whom (staff ids)."""

    acts: frozenset[RefundAct]
    money: Money
    by: tuple[str, ...]

    def covers(self, need: ApprovalNeeded) -> bool:
        """Whether the yes was given to this, and not to a smaller sum."""
        return bool(self.by) and need.act in self.acts and need.money <= self.money


@dataclass(frozen=True, slots=True)
class RefundLimits:
    """What a role may do by itself; `amount` None = any sum."""

    amount: Money | None
    acts: frozenset[RefundAct] = frozenset()


CAREFUL = RefundLimits(Money(20_000))
REFUND_LIMITS = {
    "cashier": CAREFUL,
    "supervisor": RefundLimits(Money(200_000), frozenset({"refund_late", "refund_in_cash"})),
    "manager": RefundLimits(None, frozenset({"refund_late", "refund_in_cash", "return_unlinked"})),
}
"""By role; every other role is as careful as a cashier."""


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What of a refund a limit may meet."""

    back: Money
    is_late: bool = False
    cash_instead: Money = ZERO
    """Of the cash given back what was not paid in cash."""
    is_own: bool = False
    is_unlinked: bool = False


def approvals_needed(refund: RefundFacts, limits: RefundLimits) -> tuple[ApprovalNeeded, ...]:
    """Every approval a refund needs under these limits; none: it may be done."""
    met: list[tuple[RefundAct, bool, Money]] = [
        ("return_unlinked", refund.is_unlinked, refund.back),
        ("refund_own", refund.is_own, refund.back),
        ("refund_late", refund.is_late, refund.back),
        ("refund_in_cash", bool(refund.cash_instead), refund.cash_instead),
    ]
    needed = [ApprovalNeeded(act, money) for act, is_met, money in met
              if is_met and act not in limits.acts]  # fmt: skip
    if limits.amount is not None and refund.back > limits.amount:
        needed.append(ApprovalNeeded("refund_amount", refund.back))
    return tuple(needed)


def not_covered(
    needed: tuple[ApprovalNeeded, ...], approval: Approval | None
) -> tuple[ApprovalNeeded, ...]:
    """The needs that no yes was given to yet."""
    return tuple(need for need in needed if approval is None or not approval.covers(need))
