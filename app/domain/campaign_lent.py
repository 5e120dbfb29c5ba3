"""What a tier that a campaign lends takes off a sale, beyond what its member has of his own.

Owns: pricing a sale at both tiers, and which tier would have been his own at that sale. Does not
own: which sales (campaign_trial.py before it runs, services and server after), pricing
(pricing.py). Before and after mean the same: a member of silver who tries gold costs what gold
gives more than silver, and nothing any more once gold is his own.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_view

from msgspec.structs import replace

from app.domain.account import MemberAccount
from app.domain.facts import SaleRecorded
from app.domain.pricing import price
from app.domain.program import Program
from app.domain.quote import Quote
from app.domain.repricing import inputs_of
from app.domain.tiers import rank_of, standing


@dataclass(frozen=True, slots=True)
class Lent:
    """Money and points of one sale beyond what his own tier gives."""

    cost_minor: int = 0
    points: int = 0


def lent_in(fact: SaleRecorded, program: Program, own: str, tier: str) -> Lent:
    """The same basket at his own tier and at the one he tries; nothing where his is as high."""
    inputs = inputs_of(fact, program)
    view = inputs.view
    if view is None or rank_of(program, own) >= rank_of(program, tier):
        return Lent()
    before, after = (
        price(inputs.basket, each, program, inputs.at, inputs.context)
        for each in (
            replace_view(view, tier=own),
            replace_view(view, tier=tier, own_tier=own),
        )
    )
    return Lent(worth(before) - worth(after), after.points_earned - before.points_earned)


def lent_cost(
    fact: SaleRecorded, program: Program | None, account: MemberAccount, tier: str
) -> int:
    """What lending the tier took off this sale. `account`: as it is now; `program`: the version
    the sale names, and nothing can be said where it is not known."""
    if program is None or fact.seen is None or fact.seen.tier != tier:
        return 0
    return lent_in(fact, program, own_tier(fact, program, account, tier), tier).cost_minor


def own_tier(fact: SaleRecorded, program: Program, account: MemberAccount, tier: str) -> str:
    """What he would have had at this sale without trying the tier: what he reached before it (an
    id tells when it was made), was given or has paid for."""
    without = replace(
        account,
        trials={each: tried for each, tried in account.trials.items() if tried.tier != tier},
        crossings={sale: each for sale, each in account.crossings.items() if sale < fact.op_id},
    )
    return standing(without, program, fact.day).tier


def worth(quote: Quote) -> int:
    """What is paid before points: an offer takes off money, not the way it is paid."""
    return quote.total.minor + quote.points_redeemed_amount.minor
