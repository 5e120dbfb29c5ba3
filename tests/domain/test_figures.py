"""Figures out of sums: exact ratios, spans, what is empty and not zero."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import effects as do
from app.domain.figures import (
    UNITS,
    Days,
    Figure,
    LifeSums,
    PeopleSums,
    SentSums,
    Standing,
    days_before,
    month_of,
    people_figures,
    referral_figures,
    standing_figures,
    sum_figures,
    tender_mix,
)
from app.domain.standing_points import StandingSums
from tests.domain.heart_builders import an_account, item, on

DAY = date(2026, 11, 21)


def test_ratios_stay_exact_until_they_are_shown() -> None:
    sums = {"sales": 3, "paid": 1000, "member_sales": 1, "member_paid": 500, "back": 30}
    found = {each.id: each for each in sum_figures(sums)}
    assert (found["avg_basket"].numerator, found["avg_basket"].denominator) == (1000, 3)
    assert found["avg_basket"].rounded == 333
    assert found["member_share"].rounded == 3333  # basis points
    assert found["member_share_paid"].rounded == 5000
    assert found["avg_basket_other"].rounded == 250
    assert found["net_paid"].rounded == 970
    assert found["coupon_redemption"].is_empty
    assert found["coupon_redemption"].rounded is None
    assert found["refunds"].rounded == 0


def test_who_was_sent_by_a_friend_is_counted_by_whether_he_bought() -> None:
    [told] = referral_figures(SentSums(joined=8, bought=3))
    assert (told.id, told.rounded) == ("referral_conversion", 3750)
    assert referral_figures(SentSums())[0].is_empty


def test_of_one_till_nobodys_life_is_told() -> None:
    people = PeopleSums(active=4, repeated=1, paid_minor=1000, back_minor=100)
    of_till = {each.id for each in people_figures(people, None)}
    assert of_till == {"active", "repeat_rate", "arpu"}
    told = {each.id: each for each in people_figures(people, LifeSums(8, 5000, 200))}
    assert told["active_share"].rounded == 5000
    assert told["lifetime_value"].rounded == 600
    assert told["arpu"].rounded == 225


@pytest.mark.parametrize(
    ("days", "before"),
    [
        pytest.param(Days(DAY, DAY), Days(on("2026-11-20"), on("2026-11-20")), id="a day"),
        pytest.param(month_of(DAY), month_of(on("2026-10-05")), id="a month: the one before"),
        pytest.param(
            Days(on("2026-03-02"), on("2026-03-08")), Days(on("2026-02-23"), on("2026-03-01")),
            id="a week",
        ),
        pytest.param(month_of(on("2026-01-31")), month_of(on("2025-12-01")), id="January"),
    ],
)  # fmt: skip
def test_a_span_is_compared_with_the_one_before(days: Days, before: Days) -> None:
    assert days_before(days) == before
    assert before.last not in days


def test_a_month_ends_with_its_last_day() -> None:
    assert month_of(on("2028-02-10")) == Days(on("2028-02-01"), on("2028-02-29"))
    assert month_of(DAY).count == 30


def test_every_kind_of_tender_has_its_share() -> None:
    mix = {each.tender: each for each in tender_mix({"paid": 300, "in_cash": 100, "out_card": 7})}
    assert mix["cash"].basis_points == 3333
    assert (mix["card"].received_minor, mix["card"].paid_out_minor) == (0, 7)
    assert tender_mix({})[0].basis_points is None


def test_every_unit_is_a_figures() -> None:
    for name in UNITS:
        assert Figure(name, 1).rounded == {"share": 10_000, "score": 100}.get(UNITS[name], 1)


def test_points_of_all_accounts_alive_held_used_and_lapsed() -> None:
    sums = StandingSums(DAY)
    lapsed = an_account(
        item(1, on("2025-01-10"), do.Gained(points=100, expires_in=12)),
        item(2, on("2025-03-10"), do.Taken(points=30)),
    )
    alive = an_account(
        item(3, on("2026-10-10"), do.Gained(points=500, expires_in=2)),
        item(4, on("2026-11-01"), do.Gained(points=200, expires_in=12)),
        item(5, on("2026-11-02"), do.Taken(points=50)),
        item(6, on("2026-11-20"), do.HeldGain(points=70, expires_in=12, usable_in_days=8)),
    )
    owing = an_account(item(7, on("2026-11-02"), do.Taken(points=40)))
    for joined, account in ((on("2025-01-10"), lapsed), (DAY, alive), (DAY, owing)):
        sums.add_member(joined)
        sums.add_account(account)
    standing = sums.standing()
    assert standing.members == 3
    assert (standing.held, standing.debt, standing.consumed, standing.lapsed) == (70, 40, 80, 70)
    found = {
        each.id: each.rounded
        for each in standing_figures(
            standing, last=on("2026-11-20"), worth=lambda points: points, soon_months=3
        )
    }
    assert found == {
        "members": 1, "points_outstanding": 720, "points_value": 720, "points_expiring": 450,
        "points_breakage": 4667,
    }  # fmt: skip


def test_a_standing_without_members_is_nothing() -> None:
    assert Standing(DAY).alive(0) == 0
