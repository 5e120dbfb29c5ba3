"""Two members made one by mistake: what each bears of what was spent since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.debt import debt_of
from app.domain.merging import Share, shares_of
from app.domain.months import Month
from app.domain.parting import Parting, Side, part
from tests.domain.heart_builders import FRIEND, MEMBER, op

MAY, JUNE = date(2026, 5, 29), date(2026, 6, 3)
M5, M6 = Month.of(MAY).index, Month.of(JUNE).index


def has(points: int, member: str = MEMBER) -> list[FoldItem]:
    return [FoldItem(op(1), member, MAY, (do.Gained(points=points, expires_in=12),))]


def takes(number: int, day: date, *effects: do.Effect) -> FoldItem:
    return FoldItem(op(number), MEMBER, day, effects)


def side(before: list[FoldItem], *since: FoldItem) -> Side:
    return Side(fold(before), fold([*before, *since]))


@pytest.mark.parametrize(
    ("kept", "gone", "moved"),
    [
        pytest.param(
            side(has(40), takes(2, MAY, do.Taken(points=170))), side(has(300)), {M5: 20 - 170},
            id="by what either brought",
        ),
        pytest.param(
            side(has(100), takes(2, MAY, do.Taken(points=50)), takes(3, JUNE, do.Taken(points=7))),
            side(has(100)), {M5: -25, M6: -3}, id="month by month, to the point",
        ),
        pytest.param(
            side(has(100)), side(has(100), takes(2, MAY, do.Taken(points=50))), {M5: 25},
            id="spent under the other's id",
        ),
        pytest.param(
            side(has(40), takes(2, MAY, do.Gained(points=900, expires_in=12)),
                 takes(3, MAY, do.Taken(points=800))),
            side(has(300)), {M5: -300}, id="nobody bears more than he brought",
        ),
        pytest.param(
            side(has(0), takes(2, MAY, do.Taken(points=50))), side(has(0)), {},
            id="nobody brought anything",
        ),
        pytest.param(
            side(has(40), takes(2, MAY, do.Taken(points=-5))), side(has(300)), {},
            id="what came back is his whose it was",
        ),
        pytest.param(side(has(40)), side(has(300)), {}, id="nothing was spent"),
    ],
)  # fmt: skip
def test_what_was_spent_since_is_split(kept: Side, gone: Side, moved: dict[int, int]) -> None:
    assert part(kept, gone, MAY) == Parting(moved)


@given(
    st.integers(0, 500), st.integers(0, 500),
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 200)), max_size=8),
)  # fmt: skip
def test_sums_are_conserved_and_nobody_owes_who_had_enough(
    mine: int, theirs: int, spent: list[tuple[bool, bool, int]]
) -> None:
    """Of points of one month; both together never owe more than they did as one."""
    since = [
        (is_kept, takes(number, JUNE if is_late else MAY, do.Taken(points=points)))
        for number, (is_kept, is_late, points) in enumerate(spent, start=10)
    ]
    kept = side(has(mine), *(item for is_kept, item in since if is_kept))
    gone = side(has(theirs), *(item for is_kept, item in since if not is_kept))
    found = part(kept, gone, MAY)
    after = [_bears(kept.after, found.moved, 1), _bears(gone.after, found.moved, -1)]
    assert all(points >= 0 for account in after for points in account.taken.values())
    total = sum(points for _, _, points in spent)
    assert sum(sum(account.taken.values()) for account in after) == total
    assert sum(debt_of(account, JUNE) for account in after) == max(0, total - mine - theirs)


def _bears(account: MemberAccount, moved: Mapping[int, int], sign: int) -> MemberAccount:
    items = [
        FoldItem(op(90 + at), MEMBER, Month(month).last_day, (do.Taken(points=sign * points),))
        for at, (month, points) in enumerate(moved.items())
    ]
    return fold(items, base=account)


def test_coupons_used_under_the_others_id_are_used_up() -> None:
    given = [FoldItem(op(1), FRIEND, MAY, tuple(
        do.CouponGiven(coupon=each, offer="welcome") for each in ("C1", "C2", "C3", "C4")
    ))]  # fmt: skip
    used = (do.CouponUsed(coupon="C1"), do.CouponUsed(coupon="C2"), do.CouponUsed(coupon="C9"))
    own = do.CouponGiven(coupon="C9", offer="welcome")
    kept = side(
        [], takes(2, MAY, own, *used),
        takes(3, MAY, do.CouponBack(coupon="C2", sale=op(2))),
    )  # fmt: skip
    gone = side(given, takes(4, MAY, do.CouponUsed(coupon="C3")))
    assert part(kept, gone, MAY) == Parting({}, used_of_gone=("C1",))
    assert part(gone, kept, MAY) == Parting({}, used_of_kept=("C1",))


def test_a_pack_that_came_back_under_the_others_id_stays_back() -> None:
    """The refund of the one person stands under the older id, the sale under the other."""
    bought = FoldItem(
        op(7), FRIEND, MAY, (do.PackBought(plan="year", tier="silver", months=12),)
    )  # fmt: skip
    back = do.PackBack(sale=op(7), plan="year")
    used = do.PackUsed(sale=op(7))
    kept, gone = side(has(0), takes(8, JUNE, used), takes(9, JUNE, back)), side([bought])
    found = part(kept, gone, MAY)
    shares = [Share(FRIEND, ()), Share(FRIEND, (back,), JUNE), Share(FRIEND, (used,))]
    assert list(shares_of(MEMBER, FRIEND, found, JUNE)) == shares
    told = [
        FoldItem(op(20 + place), FRIEND, share.day or JUNE, share.effects)
        for place, share in enumerate(shares)
    ]
    settled = side([bought], *told)
    assert settled.after.packs_back == kept.after.packs_back
    assert part(kept, settled, MAY) == Parting(), "said once"
    other_way = part(gone, kept, MAY)
    assert [each.effect for each in other_way.packs_of_kept] == [back, used]
