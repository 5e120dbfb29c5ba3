"""The lists of the tier desk, member by member, and who has to be told."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain import effects as do
from app.domain import program as pg
from app.domain.account import FoldItem
from app.domain.tier_desk import NOWHERE, TierPlace, due_to_be_told, place_of, way_to
from app.domain.tiers import TierGap, TierNotice, standing
from tests.domain.heart_builders import a_program, an_account, item, on, op, words

PROGRAM = a_program()
ENDS = date(2027, 3, 31)


def bought(number: int, day: str, yuan: int) -> FoldItem:
    return item(number, on(day), do.Visited(spend_minor=yuan * 100))


def reached(number: int, day: str = "2026-03-10", tier: str = "silver") -> FoldItem:
    effect = do.TierReached(tier=tier, months=12, measure="spend", line=2_000_000, return_days=7)
    return item(number, on(day), do.Visited(spend_minor=2_100_000), effect)


def granted(number: int, day: str, days: int, starts_in: int = 0) -> FoldItem:
    return item(number, on(day), do.TierGivenFrom(tier="gold", days=days, starts_in=starts_in))


KEPT = bought(8, "2026-12-01", 20_500)


@pytest.mark.parametrize(
    ("as_of", "items", "place"),
    [
        pytest.param("2026-05-01", (), NOWHERE, id="nothing-happened"),
        pytest.param("2026-05-01", (bought(1, "2026-04-01", 15_999),), NOWHERE, id="79-percent"),
        pytest.param(
            "2026-05-01", (bought(1, "2026-04-01", 16_000),), TierPlace(near=80), id="80-percent"
        ),
        pytest.param("2026-06-01", (reached(1),), NOWHERE, id="safe-for-long"),
        pytest.param(
            "2027-01-30", (reached(1),), TierPlace(due=ENDS, falls=False), id="60-days-ahead",
        ),
        pytest.param(
            "2027-04-02", (reached(1),), TierPlace(due=ENDS, falls=False), id="waits-for-review",
        ),
        pytest.param(
            "2027-01-29", (reached(1),), NOWHERE, id="61-days-ahead",
        ),
        pytest.param(
            "2027-02-10", (reached(1), reached(2, "2026-12-05")), TierPlace(near=84),
            id="kept-by-another",
        ),
        pytest.param(
            "2026-05-01", (granted(1, "2026-04-20", 30),), TierPlace(by_hand=date(2026, 5, 20)),
            id="by-hand",
        ),
        pytest.param(
            "2026-05-01", (granted(1, "2026-04-20", 30, starts_in=20),),
            TierPlace(by_hand=date(2026, 6, 9)), id="by-hand-later",
        ),
        pytest.param("2026-05-21", (granted(1, "2026-04-20", 30),), NOWHERE, id="by-hand-over"),
        pytest.param(
            "2026-05-01", (granted(1, "2026-04-20", 30), item(2, on("2026-04-21"),
             do.TierTaken(grant=op(1)))), NOWHERE, id="undone",
        ),
    ],
)  # fmt: skip
def test_where_a_member_stands(as_of: str, items: tuple[FoldItem, ...], place: TierPlace) -> None:
    assert place_of(an_account(*items), PROGRAM, on(as_of)) == place


def refunded() -> tuple[FoldItem, ...]:
    """Silver by a review of January 2026, with little bought since."""
    review = item(1, on("2026-01-04"), do.Reviewed(tier="silver", before="silver", months=12))
    return review, bought(2, "2026-11-01", 1_000)


def test_who_falls_stands_on_two_lists() -> None:
    place = place_of(an_account(*refunded()), PROGRAM, on("2026-12-01"))
    assert place == TierPlace(due=date(2026, 12, 31), falls=True)
    assert place.lists == ("due", "falling")
    kept = place_of(an_account(*refunded(), KEPT), PROGRAM, on("2026-12-01"))
    assert not kept.falls


def test_the_lists_of_a_place() -> None:
    assert NOWHERE.lists == ()
    all_of_them = TierPlace(near=90, due=ENDS, falls=True, by_hand=ENDS)
    assert all_of_them.lists == ("near", "due", "falling", "by_hand")


def test_the_nearest_way_up_counts_and_at_the_top_there_is_none() -> None:
    account = an_account(bought(1, "2026-04-01", 10_000), bought(2, "2026-04-02", 0))
    ways = pg.Qualify(spend="20000.00", visits=4)
    tiers = (PROGRAM.tiers[0], pg.Tier(id="silver", name=words("银卡"), qualify=ways))
    program, day = a_program(tiers=tiers), on("2026-05-01")
    now = standing(account, program, day)
    gaps = (TierGap("silver", "spend", 1_000_000), TierGap("silver", "visits", 2))
    assert way_to(account, program, now, day) == (50, gaps)
    bought_only = pg.Tier(id="club", name=words("俱乐部"))
    longer = a_program(tiers=(tiers[0], bought_only, tiers[1]))
    assert way_to(account, longer, now, day) == (50, gaps), "no way leads to the one between"
    top = standing(an_account(reached(1)), program, day)
    assert way_to(account, program, top, day) == (0, ())


@pytest.mark.parametrize(
    ("as_of", "items", "told"),
    [
        pytest.param("2026-10-31", refunded(), None, id="61-days-ahead"),
        pytest.param("2026-11-01", refunded(), 60, id="60-days-ahead"),
        pytest.param("2026-12-01", refunded(), 30, id="30-days-ahead"),
        pytest.param("2026-12-01", (*refunded(), KEPT), None, id="it-will-be-kept"),
        pytest.param("2027-02-01", refunded(), None, id="over"),
        pytest.param("2026-05-01", (granted(1, "2026-04-20", 30),), 30, id="by-hand"),
        pytest.param("2026-05-01", (), None, id="nobody"),
    ],
)
def test_who_is_due_to_be_told(as_of: str, items: tuple[FoldItem, ...], told: int | None) -> None:
    notice: Any = due_to_be_told(an_account(*items), PROGRAM, on(as_of))
    assert (notice.days_ahead if isinstance(notice, TierNotice) else None) == told


def test_a_place_is_the_same_on_every_day_of_a_year_without_an_error() -> None:
    account = an_account(*refunded(), reached(3, "2026-06-10"), granted(4, "2026-07-01", 300))
    for days in range(0, 500, 7):
        day = on("2026-01-05") + timedelta(days=days)
        assert isinstance(place_of(account, PROGRAM, day), TierPlace)
