"""The view in tables: coupons, check-ins, entitlements, consents, and the rest.

Owns: what an account means on a day, case by case. Does not own: laws over all accounts.
"""

from datetime import timedelta

import pytest

from app.domain import effects as do
from app.domain.account import FoldItem, Mark, MemberAccount, covered, fold
from app.domain.money import Money
from app.domain.months import Month
from app.domain.view import CheckInState, HeldCoupon, UsedTwice, view
from tests.domain.heart_builders import MEMBER, PROGRAM, a_program, coupon_offer, item, on, op, seen


def test_usable_coupons_by_day_earliest_end_first() -> None:
    items = (
        item(1, on("2026-03-10"), do.CouponGiven(coupon="C-open", offer="welcome")),
        item(2, on("2026-03-10"), do.CouponGiven(coupon="C-30", offer="welcome", days=30)),
        item(3, on("2026-03-10"), do.CouponGiven(coupon="C-5", offer="welcome", days=5)),
        item(4, on("2026-03-20"), do.CouponGiven(coupon="C-later", offer="welcome")),
    )
    names = [coupon.coupon_id for coupon in seen("2026-03-15", *items).coupons]
    assert names == ["C-5", "C-30", "C-open"]
    assert seen("2026-03-16", *items).coupons[0] == HeldCoupon(
        "C-30", "welcome", on("2026-03-10"), on("2026-04-09")
    )


def test_a_coupon_of_the_second_fact_for_one_occasion_does_not_count() -> None:
    first = do.CouponGiven(coupon="C-1", offer="welcome", occasion="welcome")
    second = do.CouponGiven(coupon="C-2", offer="welcome", occasion="welcome")
    result = seen("2026-03-10", item(2, on("2026-03-09"), second), item(1, on("2026-03-10"), first))
    assert [coupon.coupon_id for coupon in result.coupons] == ["C-1"]


def test_one_coupon_code_of_two_facts_is_the_earlier_ones() -> None:
    early = item(1, on("2026-03-10"), do.CouponGiven(coupon="C-1", offer="welcome"))
    late = item(2, on("2026-03-01"), do.CouponGiven(coupon="C-1", offer="birthday"))
    for order in ((early, late), (late, early)):
        assert [each.offer_id for each in seen("2026-03-10", *order).coupons] == ["welcome"]


def test_a_second_use_is_an_exception_with_both_sales() -> None:
    uses = [item(number, on("2026-03-10"), do.CouponUsed(coupon="C-1")) for number in (1, 2)]
    assert seen("2026-03-10", *uses).exceptions == (UsedTwice("C-1", (op(1), op(2))),)


def test_a_prolonged_coupon_lives_to_the_day_of_its_first_return() -> None:
    items = (
        item(1, on("2026-03-10"), do.CouponGiven(coupon="C-1", offer="welcome", days=1)),
        item(2, on("2026-03-20"), do.CouponBack(coupon="C-1", sale=op(9), days=10)),
        item(3, on("2026-03-25"), do.CouponBack(coupon="C-1", sale=op(8), days=60)),
    )
    (coupon,) = seen("2026-03-26", *items).coupons
    assert coupon.expires == on("2026-03-30")


# ------------------------------------------------------------------ coming by


def checked(*days: str) -> list[FoldItem]:
    return [item(number, on(day), do.CheckIn()) for number, day in enumerate(days)]


@pytest.mark.parametrize(
    ("days", "state"),
    [
        pytest.param([], CheckInState(False, 1, 5), id="first"),
        pytest.param(["2026-03-09"], CheckInState(False, 2, 5), id="second-day"),
        pytest.param(["2026-03-08"], CheckInState(False, 1, 5), id="a-day-missed"),
        pytest.param(["2026-03-09", "2026-03-10"], CheckInState(True, 2, 5), id="done"),
        pytest.param(
            [f"2026-03-0{number}" for number in range(1, 10)], CheckInState(False, 10, 20),
            id="last-step-repeats",
        ),
    ],
)  # fmt: skip
def test_check_in_streaks(days: list[str], state: CheckInState) -> None:
    assert seen("2026-03-10", *checked(*days)).check_in == state


def test_after_31_days_in_a_row_a_new_cycle_begins() -> None:
    days = [(on("2026-03-10") - timedelta(days=back)).isoformat() for back in range(1, 32)]
    assert seen("2026-03-10", *checked(*days)).check_in == CheckInState(False, 1, 5)
    assert seen("2026-03-10", *checked(*days[:30])).check_in == CheckInState(False, 31, 20)


def test_without_the_rule_there_is_no_check_in() -> None:
    assert seen("2026-03-10", program=a_program(check_in=None)).check_in is None


def test_entitlements_left_in_their_periods() -> None:
    ticks = [
        item(number, on(day), do.EntitlementTicked(entitlement=what))
        for number, (day, what) in enumerate(
            [("2026-03-11", "parking"), ("2026-02-11", "parking"), ("2026-02-11", "tasting"),
             ("2026-03-11", "lounge"), ("2025-01-01", "tour"), ("2026-03-12", "parking"),
             ("2026-03-12", "parking")], start=2
        )
    ]  # fmt: skip
    result = seen(
        "2026-03-12", item(1, on("2026-03-10"), do.TierGiven(tier="silver", days=9)), *ticks
    )
    left = {each.entitlement.id: each.left for each in result.entitlements}
    assert left == {"parking": 0, "tasting": 0, "lounge": 1, "tour": 0}


def test_a_use_given_back_counts_on_the_day_it_was_ticked_off_and_once() -> None:
    silver = item(1, on("2026-03-10"), do.TierGiven(tier="silver", days=60))
    march = item(2, on("2026-03-31"), do.EntitlementTicked(entitlement="parking"))
    april = item(3, on("2026-04-01"), do.EntitlementTicked(entitlement="parking"))
    back = do.EntitlementBack(entitlement="parking", of=op(2), uses=("",))
    given_back = item(4, on("2026-04-02"), back)
    told_twice = item(5, on("2026-04-03"), back)

    def parking(day: str, *items: FoldItem) -> int:
        result = seen(day, silver, *items)
        return {each.entitlement.id: each.left for each in result.entitlements}["parking"]

    assert parking("2026-03-31", march) == 1
    assert parking("2026-03-31", march, given_back) == 2
    assert parking("2026-04-03", march, april, given_back) == 1, "of the new month nothing is"
    assert parking("2026-03-31", march, told_twice, given_back) == 2
    assert parking("2026-03-31", given_back) == 2, "no more than there were"
    assert seen("2026-04-03", silver, given_back).awaiting == 1, "until its tick is known"
    assert seen("2026-04-03", silver, given_back, march).awaiting == 0


def test_consents_stand_until_a_withdrawal_names_them_whatever_arrives_later() -> None:
    first = do.ConsentGiven(consent="k1", purpose="marketing", text_version="3", text_hash="a")
    second = do.ConsentGiven(consent="k2", purpose="marketing", text_version="3", text_hash="a")
    ended = item(1, on("2026-03-10"), do.ConsentsEnded(consents=("k1",)))
    assert seen("2026-03-11", ended, item(2, on("2026-03-09"), first)).consents == frozenset()
    again = item(3, on("2026-03-11"), second)
    assert seen("2026-03-11", ended, again).consents == {"marketing"}


# ------------------------------------------------------------------ the rest


def test_spend_by_month_covers_the_window_and_lowers_the_month_of_the_sale() -> None:
    sale = item(1, on("2026-01-31"), do.Visited(spend_minor=5970, points_earned=59))
    refund = item(2, on("2026-02-03"), do.Undone(sale=op(1), spend_minor=1990))
    result = seen("2026-03-10", sale, refund)
    assert min(result.spend_by_month) == Month.parse("2025-03")
    assert max(result.spend_by_month) == Month.parse("2026-03")
    assert result.spend_by_month[Month.parse("2026-01")] == Money(3980)
    assert result.spend_in_window == Money(3980)
    assert (result.visits_in_window, result.points_in_window) == (1, 59)


def test_an_empty_account_is_a_member_of_the_entry_tier_without_history() -> None:
    result = view(MemberAccount(), PROGRAM, on("2026-03-10"), birthday=(3, 8))
    assert (result.member_id, result.tier, result.joined) == ("", "regular", on("2026-03-10"))
    assert (result.visits, result.last_visit, result.birthday) == (0, None, (3, 8))


def test_joined_and_last_visit_are_the_first_and_the_last_known() -> None:
    items = (
        item(1, on("2026-03-10"), do.Joined(), do.Visited(spend_minor=1)),
        item(2, on("2026-03-08"), do.Joined(), do.Visited(spend_minor=1)),
    )
    result = seen("2026-03-12", *items)
    assert (result.joined, result.last_visit) == (on("2026-03-08"), on("2026-03-10"))
    assert (result.member_id, result.visits) == (MEMBER, 2)


def test_marks_say_which_facts_a_confirmed_account_already_holds() -> None:
    marked = [
        FoldItem(op(number), MEMBER, on("2026-03-10"), (), Mark("till-1", 2, number))
        for number in (5, 3)
    ]
    account = fold(marked)
    assert covered(account, MEMBER, [Mark("till-1", 2, 4)])
    assert covered(account, MEMBER, [Mark("till-1", 3, 1), Mark("till-1", 2, 5)])
    assert not covered(account, MEMBER, [Mark("till-1", 2, 6), Mark("till-2", 2, 1)])
    assert not covered(account, "someone else", [Mark("till-1", 2, 1)])


def test_coupon_offers_of_the_program_are_found() -> None:
    assert PROGRAM.offer("welcome") == coupon_offer("welcome")
