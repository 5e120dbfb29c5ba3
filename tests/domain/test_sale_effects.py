"""What a paid basket does to its member: points by month, a tier line, gifts, rebates; joining.

Owns: cases of sale_effects.py and joining.py. Does not own: how many points a basket earns.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from msgspec import structs

from app.domain import effects as do
from app.domain import program as pg
from app.domain.account import fold
from app.domain.joining import (
    BeyondWelcome,
    CheckedInToday,
    NoCheckIn,
    beyond_welcome,
    check_in,
    join_effects,
)
from app.domain.money import Money
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.sale_effects import SaleOutcome, sale_outcome, spent_parts
from app.domain.view import AccountView, CheckInState, view
from tests.domain.heart_builders import (
    MEMBER,
    PROGRAM,
    a_program,
    a_quote,
    a_quote_line,
    coupons,
    item,
    on,
    op,
    words,
)

DAY = on("2026-11-21")
MONTH = Month.of(DAY)


def a_member(**changes: Any) -> AccountView:
    return replace(AccountView(member_id=MEMBER, tier="regular", joined=DAY), **changes)


def outcome_of(member: AccountView, program: pg.Program = PROGRAM, **changes: Any) -> SaleOutcome:
    lines = changes.pop("lines", (a_quote_line(),))
    quote = a_quote(*lines, **({"tier": member.tier} | changes))
    return sale_outcome(quote, member, program, DAY, fresh_coupons=coupons())


def bucket(expires_in: int, points: int) -> PointsBucket:
    return PointsBucket(MONTH.plus(expires_in), Points(points))


def test_a_plain_sale_visits_and_gains_for_the_tiers_months() -> None:
    outcome = outcome_of(a_member())
    assert outcome.effects == (
        do.Visited(spend_minor=5970, points_earned=59),
        do.Gained(points=59, expires_in=12),
    )
    assert (outcome.earned_expires_in, outcome.earned_usable_in_days) == (12, None)
    assert (outcome.reached, outcome.coupons, outcome.spent_from) == (None, (), {})


def test_gold_points_live_longer() -> None:
    outcome = outcome_of(a_member(tier="gold"))
    assert do.Gained(points=59, expires_in=24) in outcome.effects


def test_a_sale_that_earns_nothing_gains_nothing() -> None:
    outcome = outcome_of(a_member(), lines=(a_quote_line(points_earned=0),))
    assert outcome.effects == (do.Visited(spend_minor=5970),)


@pytest.mark.parametrize(("earned", "held"), [(2000, None), (2001, 8)])
def test_a_sale_that_earns_much_holds_all_its_points_for_the_return_window(
    earned: int, held: int | None
) -> None:
    outcome = outcome_of(a_member(), lines=(a_quote_line(points_earned=earned),))
    assert outcome.earned_usable_in_days == held
    expected: do.Effect = do.Gained(points=earned, expires_in=12)
    if held:
        expected = do.HeldGain(points=earned, expires_in=12, usable_in_days=8)
    assert expected in outcome.effects


def test_points_spent_and_coupons_used_are_effects_of_the_one_fact() -> None:
    member = a_member(buckets=(bucket(2, 500),))
    lines = (a_quote_line(points_spent=300),)
    outcome = outcome_of(member, lines=lines, coupons_used=("C-1", "C-2"))
    assert do.Taken(points=300) in outcome.effects
    assert do.CouponUsed(coupon="C-1") in outcome.effects
    assert do.CouponUsed(coupon="C-2") in outcome.effects


def test_lines_in_order_take_the_oldest_month_first() -> None:
    member = a_member(
        buckets=(bucket(0, 150), bucket(3, 100), bucket(8, 400)), prolonged={MONTH.plus(3): 60}
    )
    lines = [
        a_quote_line("2", points_spent=100),
        a_quote_line("1", points_spent=0),
        a_quote_line("3", points_spent=200),
    ]
    assert spent_parts(lines, member, DAY, beyond_in=12) == {
        "2": (do.SpentPart(points=100, expires_in=0),),
        "3": (
            do.SpentPart(points=50, expires_in=0),
            do.SpentPart(points=60, expires_in=3, prolonged=True),
            do.SpentPart(points=40, expires_in=3),
            do.SpentPart(points=50, expires_in=8),
        ),
    }


def test_points_beyond_the_balance_are_owed_to_later_earnings() -> None:
    member = a_member(buckets=(bucket(1, 30),))
    assert spent_parts([a_quote_line(points_spent=100)], member, DAY, beyond_in=12) == {
        "1": (do.SpentPart(points=30, expires_in=1), do.SpentPart(points=70, expires_in=12))
    }


# ------------------------------------------------------------------ crossing


def test_a_crossing_upgrades_at_once_and_gives_its_gift() -> None:
    member = a_member(spend_in_window=Money(1_994_030))
    outcome = outcome_of(member)
    assert outcome.reached == do.TierReached(
        tier="silver", months=12, measure="spend", line=2_000_000, return_days=7
    )
    (gift,) = outcome.coupons
    assert (gift.offer, gift.days, gift.occasion) == ("silver-gift", 30, "tier_up:silver:2026")
    assert outcome.effects[-2:] == (outcome.reached, gift)
    account = fold([item(1, on("2026-10-01"), do.Visited(spend_minor=1_994_030)),
                    item(2, DAY, *outcome.effects)])  # fmt: skip
    after = view(account, PROGRAM, DAY)
    assert (after.tier, after.tier_until) == ("silver", on("2027-11-30"))
    assert [coupon.offer_id for coupon in after.coupons] == ["silver-gift"]


def test_one_fen_below_the_line_is_no_crossing() -> None:
    assert outcome_of(a_member(spend_in_window=Money(1_994_029))).reached is None


def test_a_tier_one_has_is_not_reached_again() -> None:
    member = a_member(tier="silver", spend_in_window=Money(3_000_000))
    assert outcome_of(member).reached is None


def test_the_gift_of_a_tier_comes_once_a_year() -> None:
    member = a_member(
        spend_in_window=Money(1_994_030), occasions=frozenset({"tier_up:silver:2026"})
    )
    outcome = outcome_of(member)
    assert outcome.reached is not None
    assert outcome.coupons == ()


def test_a_pack_in_the_basket_is_an_effect_of_its_own_and_no_crossing() -> None:
    plan = pg.Plan(id="year", name=words("年卡"), sku="plan-1", tier="gold", months=6)
    program = a_program(plans=(plan,))
    outcome = outcome_of(a_member(), program, lines=(a_quote_line(sku="plan-1"),))
    assert outcome.reached is None
    assert do.PackBought(plan="year", tier="gold", months=6) in outcome.effects
    (sold,) = outcome.packs
    assert (sold.line, sold.last_day) == ("1", on("2027-05-20"))


# ------------------------------------------------------------------ rebates


def rebate(**when: Any) -> pg.Offer:
    return pg.Offer(
        id="spring", name=words("累计返"), effect=pg.SpendRebate(spend="5000.00", points=500),
        when=pg.Conditions(**when),
    )  # fmt: skip


REBATE_CASES = [
    pytest.param(rebate(starts=date(2026, 11, 1), ends=date(2026, 11, 30)), {}, 500, id="reached"),
    pytest.param(rebate(), {}, 500, id="no-dates"),
    pytest.param(rebate(starts=date(2026, 11, 22)), {}, 0, id="not-begun"),
    pytest.param(rebate(ends=date(2026, 11, 20)), {}, 0, id="over"),
    pytest.param(rebate(tier="silver"), {}, 0, id="tier-too-low"),
    pytest.param(rebate(tier="silver"), {"tier": "gold"}, 500, id="tier-and-above"),
    pytest.param(rebate(), {"spend_by_month": {MONTH: Money(494_029)}}, 0, id="a-fen-short"),
    pytest.param(
        rebate(starts=date(2026, 11, 1)), {"spend_by_month": {MONTH.plus(-1): Money(900_000)}}, 0,
        id="spent-before-it-began",
    ),
    pytest.param(
        rebate(starts=date(2026, 11, 1)),
        {"occasions": frozenset({"rebate:spring:2026-11-01"})}, 0, id="had-it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("offer", "changes", "points"), REBATE_CASES)
def test_rebates(offer: pg.Offer, changes: dict[str, Any], points: int) -> None:
    program = a_program(offers=(offer,))
    member = a_member(**({"spend_by_month": {MONTH: Money(494_030)}} | changes))
    assert outcome_of(member, program).rebate_points == points


def test_a_rebate_is_held_and_goes_with_the_spend_that_earned_it() -> None:
    program = a_program(offers=(rebate(starts=date(2026, 10, 1)),))
    member = a_member(spend_by_month={MONTH: Money(494_030)})
    outcome = outcome_of(member, program)
    sales = [item(1, DAY, do.Visited(spend_minor=494_030)), item(2, DAY, *outcome.effects)]
    later = on("2026-11-29")
    assert view(fold(sales), program, on("2026-11-28")).balance == 59
    assert view(fold(sales), program, later).balance == 559
    refund = item(3, DAY, do.Undone(sale=op(1), spend_minor=1))
    assert view(fold([*sales, refund]), program, later).balance == 59


def test_a_rebate_by_coupon_is_not_automatic() -> None:
    offer = pg.Offer(
        id="spring", name=words("累计返"), trigger="coupon",
        effect=pg.SpendRebate(spend="1.00", points=500),
    )  # fmt: skip
    assert outcome_of(a_member(), a_program(offers=(offer,))).rebate_points == 0


# ------------------------------------------------------------------ joining

CONSENT = do.ConsentGiven(consent="k1", purpose="membership", text_version="3", text_hash="ab")


def test_joining_gives_the_welcome_pack_usable_in_the_same_basket() -> None:
    effects = join_effects(PROGRAM, [CONSENT], phone_is_new=True, fresh_coupons=coupons())
    now = view(fold([item(1, DAY, *effects)]), PROGRAM, DAY)
    assert (now.joined, now.balance, now.consents) == (DAY, 50, frozenset({"membership"}))
    assert [coupon.offer_id for coupon in now.coupons] == ["welcome"]


def test_without_a_new_phone_there_is_no_pack() -> None:
    effects = join_effects(PROGRAM, [], phone_is_new=False, fresh_coupons=coupons())
    assert effects == (do.Joined(),)


def test_a_pack_may_be_empty() -> None:
    program = a_program(welcome=pg.Welcome())
    assert join_effects(program, [], phone_is_new=True, fresh_coupons=coupons()) == (do.Joined(),)


WELCOMED = join_effects(PROGRAM, [CONSENT], phone_is_new=True, fresh_coupons=coupons())
MORE_POINTS = do.OccasionGain(occasion="welcome", points=500, expires_in=12)
A_COUPON = do.CouponGiven(coupon="C-1", offer="welcome", days=30, occasion="welcome")


@pytest.mark.parametrize(
    ("effects", "beyond"),
    [
        pytest.param(WELCOMED, None, id="the pack"),
        pytest.param((do.Joined(), CONSENT), None, id="no pack"),
        pytest.param(WELCOMED[:-1], None, id="a part of the pack"),
        pytest.param((do.Joined(), MORE_POINTS), BeyondWelcome(500, 0, 50, 1), id="more points"),
        pytest.param(
            (*WELCOMED, do.Gained(points=9, expires_in=12)), BeyondWelcome(59, 1, 50, 1),
            id="points besides",
        ),
        pytest.param((*WELCOMED, A_COUPON), BeyondWelcome(50, 2, 50, 1), id="one coupon more"),
        pytest.param(
            (structs.replace(A_COUPON, offer="birthday"),), BeyondWelcome(0, 1, 50, 1),
            id="another coupon",
        ),
    ],
)  # fmt: skip
def test_gifts_for_joining_are_held_against_the_welcome_pack(
    effects: tuple[do.Effect, ...], beyond: BeyondWelcome | None
) -> None:
    assert beyond_welcome(effects, PROGRAM) == beyond


def test_a_check_in_gives_the_points_of_its_day_once() -> None:
    yesterday = item(1, on("2026-11-20"), do.CheckIn())
    account = fold([yesterday])
    answer = check_in(view(account, PROGRAM, DAY), PROGRAM, DAY)
    assert isinstance(answer, CheckedInToday)
    assert (answer.streak, answer.points) == (2, 5)
    after = view(fold([item(2, DAY, *answer.effects)], base=account), PROGRAM, DAY)
    assert after.balance == 5
    assert after.check_in == CheckInState(True, 2, 5)
    assert check_in(after, PROGRAM, DAY) == NoCheckIn("done_today")


def test_without_the_rule_nobody_checks_in() -> None:
    program = a_program(check_in=None)
    assert check_in(view(fold([]), program, DAY), program, DAY) == NoCheckIn("no_rule")
