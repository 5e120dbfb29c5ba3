"""Expiring points that become a coupon: when, for how much, and what it does to the account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain import effects as do
from app.domain import program as pg
from app.domain.exchange import NoExchange, PointsExchange, exchange_of
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.view import AccountView, IdentifiedBy
from tests.domain.heart_builders import a_program, coupon_offer, coupons, item, on, seen

DAY = date(2026, 11, 21)
ENDED = pg.Conditions(ends=date(2026, 11, 20))
LAST_DAY = pg.Conditions(ends=DAY)


def rules(when: pg.Conditions | None = None, offer: str | None = "small-change") -> pg.Program:
    small = pg.Offer(
        id="small-change",
        name=pg.Text(zh="积分兑5元", en="5 off for points"),
        trigger="coupon",
        why="points",
        coupon_days=30,
        effect=pg.AmountOff(amount="5"),
        when=when or pg.Conditions(),
    )
    return a_program(
        offers=(coupon_offer("welcome"), small),
        expiring=pg.ExpiringPoints(offer=offer, points=500),
    )


def with_expiring(*points: int, spent_today: int = 0) -> AccountView:
    """A member with these buckets about to end, month after month, and 9,000 points for longer."""
    soon = tuple(
        PointsBucket(Month.of(DAY).plus(ahead), Points(count)) for ahead, count in enumerate(points)
    )
    later = PointsBucket(Month.of(DAY).plus(12), Points(9000))
    return AccountView(
        member_id="M1",
        tier="regular",
        joined=date(2026, 1, 3),
        buckets=(*soon, later),
        expiring=soon,
        points_spent_today=spent_today,
    )


@pytest.mark.parametrize(
    ("points", "how", "spent", "answer"),
    [
        pytest.param((500,), "card", 0, "given", id="just enough"),
        pytest.param(
            (300, 200), "phone", 0, "given", id="of two months, and the day's limit whole"
        ),
        pytest.param((), "card", 0, NoExchange("nothing_expires", 500), id="nothing expires"),
        pytest.param((499,), "card", 0, NoExchange("too_few", 500, 1), id="one short"),
        pytest.param(
            (800,), "phone", 1, NoExchange("identify_better", 500, 1), id="beyond the day's limit"
        ),
        pytest.param(
            (800,), "name", 0, NoExchange("identify_better", 500, 500), id="a name spends nothing"
        ),
        pytest.param((800,), "pass", 99_000, "given", id="a pass has no limit"),
    ],
)
def test_expiring_points_become_a_coupon_where_they_are_enough(
    points: tuple[int, ...], how: IdentifiedBy, spent: int, answer: NoExchange | str
) -> None:
    got = exchange_of(rules(), with_expiring(*points, spent_today=spent), how, DAY)
    if answer == "given":
        assert isinstance(got, PointsExchange)
        assert (got.points, got.offer.id) == (500, "small-change")
    else:
        assert got == answer


@pytest.mark.parametrize(
    ("program", "has_rule"),
    [
        pytest.param(rules(offer=None), False, id="no coupon named"),
        pytest.param(rules(ENDED), False, id="its offer has ended"),
        pytest.param(rules(LAST_DAY), True, id="the offer's last day"),
    ],
)
def test_a_program_may_have_no_such_coupon(program: pg.Program, *, has_rule: bool) -> None:
    got = exchange_of(program, with_expiring(800), "card", DAY)
    assert isinstance(got, PointsExchange) is has_rule
    if not has_rule:
        assert got == NoExchange("no_rule")


def test_the_oldest_points_go_the_coupon_comes_and_the_day_counts_them() -> None:
    program = rules()
    gains = (
        item(1, on("2026-01-10"), do.Gained(points=600, expires_in=10)),
        item(2, on("2026-06-10"), do.Gained(points=900, expires_in=12)),
    )
    before = seen("2026-11-21", *gains, program=program)
    exchange = exchange_of(program, before, "card", DAY)
    assert isinstance(exchange, PointsExchange)
    exchanged = item(3, DAY, *exchange.effects(coupons()))
    after = seen("2026-11-21", *gains, exchanged, program=program)
    assert [(str(b.expires), b.points.count) for b in after.buckets] == [
        ("2026-11", 100),
        ("2027-06", 900),
    ]
    assert (after.points_spent_today, after.visits, after.spend_in_window.minor) == (500, 0, 0)
    (coupon,) = after.coupons
    assert (coupon.offer_id, coupon.expires) == ("small-change", date(2026, 12, 21))


def test_what_was_exchanged_counts_against_what_the_till_may_spend() -> None:
    view = with_expiring(800, spent_today=4600)
    got = exchange_of(rules(), view, "card", DAY)
    assert got == NoExchange("identify_better", 500, 100)
    assert isinstance(
        exchange_of(rules(), replace(view, points_spent_today=4500), "card", DAY), PointsExchange
    )
