"""The heart's budgets: folding 100,000 facts, and the view of a member with 36 months.

Owns: a long history made of effects, and its two figures. Does not own: fold and view.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from app.commands.bench.figures import Figure, median_ms, timed
from app.domain import effects as do
from app.domain.account import FoldItem, Mark, MemberAccount, fold
from app.domain.codes import CodeKind, random_code
from app.domain.ids import uuid7
from app.domain.program import Program
from app.domain.view import view

FACTS = 100_000
FACTS_OF_A_MEMBER = 1_800
MONTHS = 36
DAYS = 1_095
START = date(2023, 12, 1)
WALL_MS = 1_701_388_800_000
ROUNDS = 3


def _op(number: int) -> str:
    return uuid7(WALL_MS + number, number)


MEMBER = _op(0)


def a_history(count: int) -> list[FoldItem]:
    """Three years of one member: each fifth sale redeems, each tenth fact is a refund."""
    sales = count * 9 // 10
    items = [_sale(number, sales) for number in range(1, sales + 1)]
    for number in range(sales + 1, count + 1):
        sold = items[(number - sales - 1) * 9]
        undo = do.Undone(
            sale=sold.op_id,
            earned=(do.EarnedPart(points=39, expires_in=12),),
            spent=(do.SpentPart(points=33, expires_in=3),),
            spend_minor=3_980,
        )
        day = sold.day + timedelta(days=3)
        items.append(FoldItem(_op(number), MEMBER, day, (undo,), Mark("till-1", 1, number)))
    return items


def _sale(number: int, sales: int) -> FoldItem:
    effects: list[do.Effect] = [
        do.Visited(spend_minor=11_940, points_earned=118),
        do.Gained(points=118, expires_in=12),
    ]
    if number % 5 == 0:
        effects.append(do.Taken(points=100))
    if number % 400 == 0:
        coupon = random_code(CodeKind.COUPON, number).text
        effects += [
            do.CouponGiven(coupon=coupon, offer="welcome", days=30),
            do.CouponUsed(coupon=coupon),
        ]
    if number % 9_000 == 0:
        crossing = do.TierReached(
            tier="silver", months=12, measure="spend", line=2_000_000, return_days=7
        )
        effects.append(crossing)
    day = START + timedelta(days=number * DAYS // sales)
    return FoldItem(_op(number), MEMBER, day, tuple(effects), Mark("till-1", 1, number))


def measure_heart(program: Program, *, facts: int = FACTS) -> list[Figure]:
    """Fold (the best of three: it is one long sum) and view (the median)."""
    items = a_history(facts)
    folded = min(timed(partial(fold, items)) for _ in range(ROUNDS)) / 1e6
    account: MemberAccount = fold(a_history(min(facts, FACTS_OF_A_MEMBER)))
    as_of = START + timedelta(days=DAYS)
    views = [timed(partial(view, account, program, as_of)) for _ in range(200)]
    return [
        Figure("fold", folded, 2_000, "ms", {"facts": facts}),
        Figure("view", median_ms(views), 1, "ms", {"months": MONTHS, "runs": len(views)}),
    ]
