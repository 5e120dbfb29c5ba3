"""What an account shows after facts were folded into it: spent beyond, used twice, given twice.

Owns: looking at an account after its fold, and naming the op each finding belongs to. Pure.
Does not own: the fold, the replay and the debt (app.domain), pieces (settled_piece.py), keeping the
findings (exception_case.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain import effects as do
from app.domain.account import FoldItem, MemberAccount
from app.domain.debt import debt_of
from app.domain.gifts import open_uses
from app.domain.occasions import trial_of
from sync.server.exception_case import Finding
from sync.server.folding import LockedAccount

_SPENDING = (do.Taken, do.Exchanged)


def findings(account: LockedAccount) -> Iterator[Finding]:
    """What this transaction brought about in an account. Notes the debt as it is now."""
    yield from _overdraft(account)
    for item in account.items:
        for effect in item.effects:
            if isinstance(effect, do.CouponUsed):
                yield from _coupon(account.after, item, effect)
            elif isinstance(effect, do.OccasionGain):
                yield from _occasion(account.after, item, effect.occasion, effect.points)
            elif isinstance(effect, do.TierTried):
                yield from _occasion(account.after, item, trial_of(effect.tier), 0)
            elif isinstance(effect, do.CouponGiven) and effect.occasion is not None:
                yield from _occasion(account.after, item, effect.occasion, 0)


def may_overdraw(items: Sequence[FoldItem]) -> bool:
    """Whether anything in them can leave less than nothing: most sales cannot."""
    return any(
        isinstance(effect, _SPENDING) or _claws(effect) for item in items for effect in item.effects
    )


def _claws(effect: do.Effect) -> bool:
    match effect:
        case do.Undone(earned=earned) if earned:
            return True
        case do.Redone(spent=spent) if spent:
            return True
        case do.Gained(points=points) | do.SaleShare(points=points):
            return points < 0
        case _:
            return False


def _overdraft(account: LockedAccount) -> Iterator[Finding]:
    items, known = account.items, account.debt
    if not items or not (known or may_overdraw(items)):
        return
    account.debt = debt_of(account.after, max(item.day for item in items))
    beyond = account.debt - known
    if beyond <= 0:
        return
    # The last that took is the one that went beyond: the others were covered when it came.
    lowering = [item for item in items if may_overdraw([item])]
    last = lowering[-1] if lowering else items[-1]
    by = "spending" if any(isinstance(each, _SPENDING) for each in last.effects) else "clawback"
    # In the account of this version, which is written at the end: later ones may have paid it.
    text = (("by", by), ("version", str(account.version + 1)))
    yield Finding("overdraft", account.member, last.op_id, last.day, points=-beyond, text=text)


def _coupon(after: MemberAccount, item: FoldItem, effect: do.CouponUsed) -> Iterator[Finding]:
    uses = sorted(open_uses(after, effect.coupon))
    if len(uses) > 1:
        text = (("coupon", effect.coupon), ("sales", " ".join(uses)))
        yield Finding(
            "coupon_used_twice", min(after.includes), item.op_id, item.day,
            about=f"{effect.coupon}:{item.op_id}", text=text,
        )  # fmt: skip


def _occasion(
    after: MemberAccount, item: FoldItem, occasion: str, points: int
) -> Iterator[Finding]:
    given = sorted(after.occasions.get(occasion, {}))
    if len(given) > 1:
        # The smallest id counts: whatever this one gave is not there if it is another.
        lost = 0 if given[0] == item.op_id else -points
        text = (("occasion", occasion), ("facts", " ".join(given)))
        yield Finding(
            "occasion_given_twice", min(after.includes), item.op_id, item.day, points=lost,
            about=f"{occasion}:{item.op_id}", text=text,
        )  # fmt: skip
