"""Referrals in a referrer's account: who counts, who waits, which step is due; and the rules."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from app.domain import effects as do
from app.domain.account import FoldItem, MemberAccount, fold, merge
from app.domain.occasions import first_order_back, first_order_of
from app.domain.program import Referral, ReferralStep
from app.domain.referral import (
    FriendMark,
    any_rewarded,
    can_be_referred,
    counted_friends,
    due_steps,
    friend_marks,
    may_have_reached,
    referral_progress,
    waiting_friends,
)
from app.domain.view import view
from tests.domain.heart_builders import MEMBER, PROGRAM, a_program, op
from tests.domain.program_texts import HEAD, NAME, TIERS, problems
from tests.domain.sale_strategies import SOLD

STEPS = (
    ReferralStep(friends=2, points=200),
    ReferralStep(friends=4, points=500, offers=("welcome",)),
)
RULES = a_program(referral=Referral(steps=STEPS, per_year=5))
LATER = SOLD + timedelta(days=30)


def friend(number: int) -> str:
    return f"friend-{number}"


def won(number: int, *, usable_in: int = 8, back: bool = False) -> FoldItem:
    """What the authority noted of one friend: his first order, and that it all came back."""
    mark = do.OccasionGain(
        occasion=first_order_of(friend(number)), points=0, expires_in=0, usable_in_days=usable_in
    )
    gone = do.OccasionGain(occasion=first_order_back(friend(number)), points=0, expires_in=0)
    return FoldItem(op(number), MEMBER, SOLD, (mark, gone) if back else (mark,))


def codes() -> count[int]:
    return count(1)


def given(account: MemberAccount, number: int) -> MemberAccount:
    """The account with the steps that are due, and how many there were."""
    coupons = (f"C-{each}" for each in codes())
    gifts = due_steps(account, RULES, LATER, expires_in=12, fresh_coupons=coupons)
    assert len(gifts) == number
    items = [FoldItem(op(900 + each.friends), MEMBER, LATER, each.effects) for each in gifts]
    return fold(items, base=account)


def test_a_friend_waits_until_his_order_can_no_longer_come_back() -> None:
    account = fold([won(1), won(2), won(3, back=True)])
    last_day = SOLD + timedelta(days=7)
    assert waiting_friends(account, last_day) == {friend(1), friend(2)}
    assert counted_friends(account, last_day) == frozenset()
    assert counted_friends(account, LATER) == {friend(1), friend(2)}
    assert waiting_friends(account, LATER) == frozenset()
    assert any_rewarded(account, ["somebody", friend(3)]), "given once, whatever came of it"
    assert not any_rewarded(account, ["somebody"])
    counts_from = last_day + timedelta(days=1)
    assert friend_marks(account) == {
        friend(1): FriendMark(counts_from, came_back=False),
        friend(2): FriendMark(counts_from, came_back=False),
        friend(3): FriendMark(counts_from, came_back=True),
    }


def test_each_step_is_given_once_and_a_merge_doubles_none() -> None:
    mine = given(fold([won(1), won(2)]), 1)
    assert view(mine, RULES, LATER).balance == 200
    given(mine, 0)
    theirs = given(fold([won(3), won(4)]), 1)
    one = merge(mine, theirs)
    assert view(one, RULES, LATER).balance == 200, "the same step of both is one"
    whole = given(one, 1)
    assert view(whole, RULES, LATER).balance == 700
    assert [each.offer_id for each in view(whole, RULES, LATER).coupons] == ["welcome"]
    given(whole, 0)


def test_a_step_is_not_reached_with_orders_that_came_back_or_friends_who_are_one() -> None:
    account = fold([won(1), won(2, back=True)])
    assert may_have_reached(account, RULES.referral), "two marks are worth a look"
    given(account, 0)
    twins = fold([won(1), won(2)])

    def same(member: str) -> str:
        return friend(1) if member == friend(2) else member

    assert counted_friends(twins, LATER, same) == {friend(1)}
    himself = fold([won(1)])
    assert counted_friends(himself, LATER, lambda _member: MEMBER) == frozenset()


def test_nothing_is_due_without_a_rule_or_before_a_step() -> None:
    account = fold([won(1), won(2)])
    plain = a_program(referral=None)
    assert due_steps(account, plain, LATER, expires_in=12, fresh_coupons=iter(())) == ()
    assert referral_progress(account, plain, LATER) is None
    assert not may_have_reached(account, None)
    assert not may_have_reached(account, Referral())
    assert not may_have_reached(fold([won(1)]), RULES.referral)


def test_progress_names_the_next_step_and_the_year() -> None:
    account = given(fold([won(1), won(2), won(3, usable_in=60)]), 1)
    seen = referral_progress(account, RULES, LATER)
    assert seen is not None
    assert (seen.counted, seen.waiting, seen.given_this_year, seen.per_year) == (2, 1, 3, 5)
    assert (seen.next_step, seen.missing, seen.is_full) == (STEPS[1], 2, False)
    many = given(fold([won(number) for number in range(1, 6)]), 2)
    done = referral_progress(many, RULES, LATER)
    assert done is not None
    assert (done.next_step, done.missing, done.is_full) == (None, 0, True)


def test_nobody_refers_himself_under_whatever_id() -> None:
    assert can_be_referred(["a", "b"], ["c"])
    assert not can_be_referred(["a", "b"], ["c", "b"])
    assert PROGRAM.referral is not None


COUPON = f"""
[[offers]]
id = "five"
{NAME}trigger = "coupon"
effect = {{ kind = "amount_off", amount = "5" }}

[[offers]]
id = "always"
{NAME}effect = {{ kind = "amount_off", amount = "5" }}
threshold = {{ amount = "50" }}
"""


def steps(*each: str) -> str:
    return "steps = [" + ", ".join(f"{{ {one} }}" for one in each) + "]"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("per_year = 0", ("referral.per_year", "never_rewarded")),
        ('join_points = 0\nfirst_order_share = "0"', ("referral.join_points", "gives_nothing")),
        ('first_order_share = "1.5"', ("referral.first_order_share", "above_one")),
        (steps("friends = 5"), ("referral.steps[0]", "gives_nothing")),
        (steps("friends = 5, points = 9", "friends = 5, points = 10"),
         ("referral.steps[1].friends", "step_is_no_more")),
        (steps("friends = 9, points = 9", "friends = 3, points = 10"),
         ("referral.steps[1].friends", "step_is_no_more")),
        ("per_year = 2\n" + steps("friends = 21, points = 9"),
         ("referral.steps[0].friends", "out_of_reach")),
        (steps('friends = 5, offers = ["none"]'), ("referral.steps[0].offers", "unknown_offer")),
        (steps('friends = 5, offers = ["always"]'), ("referral.steps[0].offers", "not_a_coupon")),
    ],
)  # fmt: skip
def test_a_referral_nobody_could_understand_is_refused(
    body: str, expected: tuple[str, str]
) -> None:
    assert expected in problems(f"{HEAD}{TIERS}{COUPON}\n[referral]\n{body}\n")


def test_steps_that_make_sense_are_taken() -> None:
    body = steps("friends = 5, points = 200", 'friends = 10, offers = ["five"]')
    assert problems(f"{HEAD}{TIERS}{COUPON}\n[referral]\n{body}\n") == []
    assert problems(f'{HEAD}{TIERS}\n[referral]\nfirst_order_share = "0"\njoin_points = 5\n') == []
