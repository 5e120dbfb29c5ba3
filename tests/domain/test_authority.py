"""The authority's calendar: reviews after a tier's end, reviews opened again, birthdays.

Owns: cases of authority.py with the view that follows. Does not own: settlement.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from app.domain import effects as do
from app.domain import program as pg
from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.authority import (
    BirthdayGift,
    NoBirthdayGift,
    NoReview,
    Review,
    issue_birthday,
    reopen_reviews,
    review_tier,
)
from app.domain.member import BirthdayOn
from app.domain.months import Month
from app.domain.view import view
from tests.domain.heart_builders import PROGRAM, a_program, coupons, item, on, op, words


def gold_until_march(spend_later: int = 0, later: str = "2026-08-10") -> MemberAccount:
    """Gold by one sale in March 2025, then something spent inside the next window."""
    reached = do.TierReached(tier="gold", months=12, measure="spend", line=5_000_000, return_days=7)
    items = [item(1, on("2025-03-10"), do.Visited(spend_minor=5_500_000), reached)]
    if spend_later:
        items.append(item(2, on(later), do.Visited(spend_minor=spend_later)))
    return fold(items)


def reviewed(account: MemberAccount, day: str, number: int = 50) -> tuple[Review, MemberAccount]:
    review = review_tier(account, PROGRAM, on(day))
    assert isinstance(review, Review)
    return review, fold([item(number, on(day), review.effect)], base=account)


@pytest.mark.parametrize("day", ["2026-03-31", "2026-04-02"], ids=["not-ended", "two-days-after"])
def test_no_review_before_the_third_day_after_the_months_end(day: str) -> None:
    assert review_tier(gold_until_march(), PROGRAM, on(day)) == NoReview()


@pytest.mark.parametrize(
    ("spend", "month", "after"),
    [
        pytest.param(0, "2025-03-20", "gold", id="the-crossing-month-still-counts"),
        pytest.param(-600_000, "2025-03-20", "silver", id="one-step-down"),
        pytest.param(-5_500_000, "2025-03-20", "silver", id="soft-landing-never-two-steps"),
        pytest.param(9_000_000, "2026-04-01", "gold", id="spend-after-the-window-does-not-count"),
    ],
)
def test_reviews(spend: int, month: str, after: str) -> None:
    """The review of March 2026 looks at March 2025 to March 2026."""
    account = gold_until_march()
    if spend < 0:
        # Refunds long after the return window: the crossing stands, the review counts them.
        undo = do.Undone(sale=op(1), spend_minor=-spend)
        account = fold(
            [item(9, on("2025-09-01"), undo)], base=account, days={op(1): on("2025-03-10")}
        )
    elif spend:
        account = gold_until_march(spend, month)
    review, account = reviewed(account, "2026-04-03")
    assert (review.before, review.after, review.ended) == ("gold", after, Month.parse("2026-03"))
    assert not review.reopened
    now = view(account, PROGRAM, on("2026-04-03"))
    assert (now.tier, now.tier_source) == (after, "review")
    assert now.tier_until == on("2027-03-31")
    assert review_tier(account, PROGRAM, on("2026-04-04")) == NoReview()


def test_a_review_written_late_still_counts_from_the_month_it_reviews() -> None:
    review, account = reviewed(gold_until_march(), "2026-07-15")
    assert review.effect.ended_back == 4
    assert view(account, PROGRAM, on("2026-07-15")).tier_until == on("2027-03-31")


def test_years_without_a_review_are_caught_up_one_by_one() -> None:
    account, steps = gold_until_march(), []
    for number in range(50, 55):
        answer = review_tier(account, PROGRAM, on("2029-01-10"))
        if isinstance(answer, NoReview):
            break
        steps.append((str(answer.ended), answer.after))
        account = fold([item(number, on("2029-01-10"), answer.effect)], base=account)
    assert steps == [("2026-03", "gold"), ("2027-03", "silver"), ("2028-03", "regular")]


def test_entry_tiers_trials_and_grants_have_no_review() -> None:
    items = [
        item(1, on("2025-03-10"), do.TierGiven(tier="gold", days=30)),
        item(2, on("2025-03-10"), do.TierReached(tier="silver", months=12, days=30)),
        item(3, on("2025-03-10"), do.TierReached(tier="regular", months=1)),
    ]
    assert review_tier(fold(items), PROGRAM, on("2026-09-01")) == NoReview()


def test_a_review_can_qualify_by_visits() -> None:
    program = a_program(
        tiers=(
            pg.Tier(id="regular", name=words("普通")),
            pg.Tier(id="silver", name=words("银卡"), qualify=pg.Qualify(visits=2)),
        )
    )
    reached = do.TierReached(tier="silver", months=12, measure="visits", line=2, return_days=7)
    items = [
        item(1, on("2025-03-01"), do.Visited(spend_minor=1)),
        item(2, on("2025-03-10"), do.Visited(spend_minor=1), reached),
    ]
    review = review_tier(fold(items), program, on("2026-04-03"))
    assert isinstance(review, Review)
    assert review.after == "silver"
    assert dict(review.sums)["visits"] == 2


# ------------------------------------------------------------------ opened again


def lowered_once() -> MemberAccount:
    """Gold to silver in April 2026: 4.9 million in the window."""
    undo = do.Undone(sale=op(1), spend_minor=600_000)
    account = fold(
        [item(9, on("2025-09-01"), undo)], base=gold_until_march(), days={op(1): on("2025-03-10")}
    )
    review, account = reviewed(account, "2026-04-03")
    assert review.after == "silver"
    return account


def late(day: str, *effects: do.Effect) -> FoldItem:
    return item(60, on(day), *effects)


def test_a_sale_that_arrives_after_the_review_opens_it_upwards_at_once() -> None:
    account = fold([late("2026-03-30", do.Visited(spend_minor=100_000))], base=lowered_once())
    (again,) = reopen_reviews(account, PROGRAM, on("2026-04-20"))
    assert (again.after, again.reopened, again.effect.notice_days) == ("gold", True, 0)
    account = fold([item(61, on("2026-04-20"), again.effect)], base=account)
    assert view(account, PROGRAM, on("2026-04-20")).tier == "gold"
    assert reopen_reviews(account, PROGRAM, on("2026-04-21")) == ()


def test_a_sale_dated_after_the_reviewed_month_changes_nothing() -> None:
    account = fold([late("2026-04-01", do.Visited(spend_minor=900_000))], base=lowered_once())
    assert reopen_reviews(account, PROGRAM, on("2026-04-20")) == ()


def kept_once() -> MemberAccount:
    """Gold kept in April 2026: 2 million in March 2026 beside the 3.1 of before."""
    reached = do.TierReached(tier="gold", months=12)
    items = [
        item(1, on("2025-03-10"), do.Visited(spend_minor=3_100_000), reached),
        item(2, on("2026-03-29"), do.Visited(spend_minor=2_000_000)),
    ]
    review, account = reviewed(fold(items), "2026-04-03")
    assert review.after == "gold"
    return account


@pytest.mark.parametrize(
    ("sale", "sold", "refunded", "opened"),
    [
        pytest.param(op(2), "2026-03-29", "2026-04-02", True, id="inside-the-return-window"),
        pytest.param(op(2), "2026-03-29", "2026-04-05", False, id="dated-after-the-review"),
        pytest.param(op(1), "2025-03-10", "2025-11-05", False, id="outside-the-return-window"),
    ],
)
def test_a_refund_that_arrives_later_opens_a_review_downwards_with_notice(
    sale: str, sold: str, refunded: str, opened: bool
) -> None:
    undo = late(refunded, do.Undone(sale=sale, spend_minor=2_000_000))
    account = fold([undo], base=kept_once(), days={sale: on(sold)})
    answer = reopen_reviews(account, PROGRAM, on("2026-04-20"))
    if not opened:
        assert answer == ()
        return
    (again,) = answer
    assert (again.after, again.effect.notice_days) == ("silver", 60)
    account = fold([item(61, on("2026-04-20"), again.effect)], base=account)
    assert view(account, PROGRAM, on("2026-06-18")).tier == "gold"
    assert view(account, PROGRAM, on("2026-06-19")).tier == "silver"
    assert reopen_reviews(account, PROGRAM, on("2026-04-21")) == ()


def test_reviews_of_tiers_that_ended_since_stay_closed() -> None:
    account = fold([late("2026-03-30", do.Visited(spend_minor=100_000))], base=lowered_once())
    assert reopen_reviews(account, PROGRAM, on("2027-04-01")) == ()


# ------------------------------------------------------------------ birthdays

BORN = BirthdayOn(11, 3)


def gift(
    on_day: BirthdayOn | None,
    as_of: str,
    account: MemberAccount | None = None,
    program: pg.Program = PROGRAM,
) -> BirthdayGift | NoBirthdayGift:
    day = on(as_of)
    fresh: Iterator[str] = coupons()
    member = view(account or MemberAccount(), program, day)
    return issue_birthday(member, program, on_day, day, fresh_coupons=fresh)


def test_a_birthday_gift_comes_once_in_the_month_of_the_birthday() -> None:
    answer = gift(BORN, "2026-11-01")
    assert isinstance(answer, BirthdayGift)
    assert answer.day == date(2026, 11, 3)
    account = fold([item(1, on("2026-11-01"), *answer.effects)])
    now = view(account, PROGRAM, on("2026-11-02"))
    assert now.balance == 100
    assert [coupon.offer_id for coupon in now.coupons] == ["birthday"]
    assert gift(BORN, "2026-11-30", account) == NoBirthdayGift("already_given")
    assert isinstance(gift(BORN, "2027-11-01", account), BirthdayGift)


@pytest.mark.parametrize(
    ("born", "as_of", "rule", "reason"),
    [
        pytest.param(BORN, "2026-11-01", pg.BirthdayGift(), "no_rule", id="no-rule"),
        pytest.param(None, "2026-11-01", None, "no_birthday", id="unknown"),
        pytest.param(BORN, "2026-10-31", None, "not_this_month", id="the-day-before"),
        pytest.param(
            BORN, "2026-11-01", pg.BirthdayGift(points=1, tier="silver"), "tier_too_low",
            id="for-silver-and-above",
        ),
    ],
)  # fmt: skip
def test_no_birthday_gift(
    born: BirthdayOn | None, as_of: str, rule: pg.BirthdayGift | None, reason: Any
) -> None:
    program = PROGRAM if rule is None else a_program(birthday=rule)
    assert gift(born, as_of, program=program) == NoBirthdayGift(reason)


def test_a_gift_may_be_only_coupons() -> None:
    program = a_program(birthday=pg.BirthdayGift(offers=("birthday",)))
    answer = gift(BORN, "2026-11-01", program=program)
    assert isinstance(answer, BirthdayGift)
    assert [type(effect) for effect in answer.effects] == [do.CouponGiven]
