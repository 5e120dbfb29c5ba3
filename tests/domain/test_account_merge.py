"""Merging two members' accounts: everything is added, all ids stay, no side is preferred.

Owns: cases of account.merge. Does not own: when members may be merged (an authority's rule).
"""

from app.domain import effects as do
from app.domain.account import FoldItem, Mark, fold, merge
from app.domain.view import view
from tests.domain.heart_builders import FRIEND, MEMBER, PROGRAM, item, on, op

DAY = on("2026-11-21")


def test_points_coupons_spend_and_history_go_along() -> None:
    older = fold(
        [
            item(1, DAY, do.Joined(), do.Gained(points=100, expires_in=12)),
            item(2, DAY, do.Visited(spend_minor=5970), do.CheckIn()),
            item(3, DAY, do.CouponGiven(coupon="C-1", offer="welcome")),
        ]
    )
    younger = fold(
        [
            item(4, DAY, do.Gained(points=20, expires_in=12), member=FRIEND),
            item(5, DAY, do.Taken(points=30), do.Visited(spend_minor=30), member=FRIEND),
        ]
    )
    for merged in (merge(older, younger), merge(younger, older)):
        now = view(merged, PROGRAM, DAY)
        assert merged.includes == {MEMBER, FRIEND}
        assert (now.member_id, now.balance, now.visits) == (MEMBER, 90, 2)
        assert now.spend_in_window.minor == 6000
        assert [coupon.coupon_id for coupon in now.coupons] == ["C-1"]


def test_sums_that_meet_at_zero_leave_no_key() -> None:
    gain, loss = (do.Gained(points=points, expires_in=12) for points in (40, -40))
    held, taken_back = (
        do.SaleShare(sale=op(9), points=points, expires_in=12, usable_in_days=8)
        for points in (26, -26)
    )
    days = {op(9): DAY}
    merged = merge(
        fold([item(1, DAY, gain, held)], days=days),
        fold([item(2, DAY, loss, taken_back)], days=days),
    )
    assert (merged.gained, merged.held) == ({}, {})


def test_of_one_welcome_gift_on_each_side_the_first_counts() -> None:
    first, second = (do.OccasionGain(occasion="welcome", points=50, expires_in=12) for _ in "ab")
    one, other = fold([item(1, DAY, first)]), fold([item(2, DAY, second, member=FRIEND)])
    assert view(merge(other, one), PROGRAM, DAY).balance == 50


def test_one_coupon_code_on_both_sides_is_the_earlier_ones() -> None:
    one = fold([item(1, DAY, do.CouponGiven(coupon="C-1", offer="welcome"))])
    other = fold([item(2, DAY, do.CouponGiven(coupon="C-1", offer="birthday"), member=FRIEND)])
    for merged in (merge(one, other), merge(other, one)):
        assert merged.coupons["C-1"].offer == "welcome"


def test_marks_stay_apart_by_member_and_take_the_highest() -> None:
    def marked(number: int, member: str, dseq: int) -> FoldItem:
        return FoldItem(op(number), member, DAY, (), Mark("till-1", 1, dseq))

    one = fold([marked(1, MEMBER, 5), marked(2, FRIEND, 2)])
    other = fold([marked(3, MEMBER, 3), marked(4, FRIEND, 9)])
    expected = {MEMBER: {"till-1": {1: 5}}, FRIEND: {"till-1": {1: 9}}}
    assert merge(one, other).marks == merge(other, one).marks == expected
