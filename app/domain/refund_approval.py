"""Which limited acts a refund is, and for how much money each.

Owns: that. Does not own: what a role may do of an act (rights.py), asking for a yes (services).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.money import ZERO, Money
from app.domain.rights import Act, Allowed, Rights, judge_act


@dataclass(frozen=True, slots=True)
class RefundAct:
    """A limited act that a refund is, with its effect on money."""

    act: Act
    money: Money


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What of a refund a limit may meet."""

    back: Money
    is_late: bool = False
    """After the return window."""
    cash_instead: Money = ZERO
    """Of the cash given back what was not paid in cash."""
    is_own: bool = False
    """Goods from the membership of whoever takes them back."""
    is_unlinked: bool = False
    """No sale here names the goods: that yes is for its sum too."""


def acts_of(refund: RefundFacts) -> tuple[RefundAct, ...]:
    """Every limited act a refund is, the gravest first; the sum always."""
    if refund.is_unlinked:
        return (RefundAct("return_unlinked", refund.back),)
    met: list[tuple[Act, bool, Money]] = [
        ("refund_own", refund.is_own, refund.back),
        ("refund_late", refund.is_late, refund.back),
        ("refund_in_cash", bool(refund.cash_instead), refund.cash_instead),
        ("refund_amount", True, refund.back),
    ]
    return tuple(RefundAct(act, money) for act, is_met, money in met if is_met)


def beyond(acts: Sequence[RefundAct], rights: Rights, role_id: str) -> tuple[RefundAct, ...]:
    """Those of the acts that a role may not do by itself."""
    return tuple(
        each
        for each in acts
        if not isinstance(judge_act(rights, role_id, each.act, each.money.minor), Allowed)
    )
