"""Confirmed days: which dates are believed, and what counts where they are not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.business_day import ShopTime
from app.domain.moment import Moment
from sync.server.confirmed_day import AHEAD_MS_MAX, Stated, confirm_days

SHOP = ShopTime("Asia/Shanghai")
HOUR_MS = 3_600_000


def ms(text: str) -> int:
    """Shop time as milliseconds: "11-21 18:00" of 2026, or with its year before it."""
    year, rest = ("2026", text) if len(text) == 11 else (text[:4], text[5:])
    at = datetime.strptime(f"{year}-{rest}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return int((at - timedelta(hours=8)).timestamp() * 1000)


NOW = ms("11-21 18:00")


def said(text: str, day: str, up_h: int = 0, boot: str = "b1", offset: int | None = None) -> Stated:
    """A fact whose clock says `text`, `up_h` hours after its machine started."""
    return Stated(date.fromisoformat(day), Moment(ms(text), up_h * HOUR_MS, boot, offset))


def before(text: str, up_h: int = 0, boot: str = "b1") -> Moment:
    return Moment(ms(text), up_h * HOUR_MS, boot, None)


CASES = [
    pytest.param(
        [said("11-21 10:00", "2026-11-21")], before("11-20 21:00"), ["2026-11-21"], id="in order"
    ),
    pytest.param(
        [said("2099-01-01 10:00", "2099-01-01", 1)], before("11-21 10:00"), ["2026-11-21"],
        id="the far future, by the time that went by",
    ),
    pytest.param(
        [said("2099-01-01 10:00", "2099-01-01", 0, "b2")], before("11-20 10:00"), ["2026-11-20"],
        id="the far future after a restart, not before the last",
    ),
    pytest.param(
        [said("2099-01-01 10:00", "2099-01-01")], None, ["2026-11-21"],
        id="the far future at the very first: at most today",
    ),
    pytest.param(
        [said("11-01 10:00", "2026-11-01", 30)], before("11-20 10:00", 2), ["2026-11-21"],
        id="set back, by the time that went by",
    ),
    pytest.param(
        [said("11-01 10:00", "2026-11-01", 0, "b2")], before("11-20 10:00"), ["2026-11-20"],
        id="set back over a restart: the last day at least",
    ),
    pytest.param(
        [
            said("11-18 10:00", "2026-11-18", 1),
            said("11-30 10:00", "2026-11-30", 2),
            said("11-18 12:00", "2026-11-30", 3),
            said("11-19 10:00", "2026-11-30", 25),
        ],
        before("11-18 09:00"),
        ["2026-11-18", "2026-11-18", "2026-11-18", "2026-11-19"],
        id="ahead for one fact: the till stuck to it, the server does not",
    ),
    pytest.param(
        [
            said("11-18 10:00", "2026-11-18", 1),
            said("11-20 10:00", "2026-11-20", 2),
            said("11-18 12:00", "2026-11-20", 3),
        ],
        None,
        ["2026-11-18", "2026-11-18", "2026-11-18"],
        id="ahead but before today: the clock behind it tells",
    ),
    pytest.param(
        [said("11-21 10:00", "2026-11-21", 1), said("2000-01-01 00:00", "2000-01-01", 3),
         said("11-21 14:00", "2026-11-21", 5)],
        None,
        ["2026-11-21", "2026-11-21", "2026-11-21"],
        id="an empty battery bounds nobody before it",
    ),
    pytest.param(
        [said("11-20 10:00", "2026-11-21", 0, "b1", 24 * HOUR_MS)], before("11-20 21:00"),
        ["2026-11-21"], id="a wrong clock whose offset is known",
    ),
    pytest.param(
        [said("11-19 10:00", "2026-11-25", 0, "b2")], before("11-18 10:00"), ["2026-11-19"],
        id="a date that its own clock does not say",
    ),
    pytest.param(
        [Stated(date(2026, 11, 21), Moment(10**15, 0, "b2")),
         Stated(date(2026, 11, 21), Moment(-(10**15), 0, "b2"))],
        before("11-20 10:00"), ["2026-11-21", "2026-11-21"],
        id="clocks out of every calendar bound nobody",
    ),
    pytest.param([], before("11-20 21:00"), [], id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "last", "days"), CASES)
def test_days_are_confirmed(stated: list[Stated], last: Moment | None, days: list[str]) -> None:
    confirmed = confirm_days(stated, last, NOW, SHOP)
    assert [day.isoformat() for day in confirmed.days] == days


def test_who_is_a_little_ahead_of_our_midnight_is_believed() -> None:
    now = ms("11-20 23:50")
    fact = Stated(date(2026, 11, 21), Moment(now + AHEAD_MS_MAX - 1, 0, "b1"))
    assert confirm_days([fact], None, now, SHOP).days == (date(2026, 11, 21),)
    later = Stated(date(2026, 11, 21), Moment(now + 2 * AHEAD_MS_MAX, 0, "b1"))
    assert confirm_days([later], None, now - AHEAD_MS_MAX, SHOP).days == (date(2026, 11, 20),)


def test_only_what_was_believed_bounds_the_next() -> None:
    wrong, right = said("2099-01-01 10:00", "2099-01-01", 1), said("11-21 12:00", "2026-11-21", 3)
    confirmed = confirm_days([wrong], before("11-20 21:00"), NOW, SHOP)
    assert confirmed.last == before("11-20 21:00")
    assert confirm_days([right], confirmed.last, NOW, SHOP).last == right.clock


def test_the_shop_may_count_a_late_night_to_the_day_before() -> None:
    late = ShopTime("Asia/Shanghai", cutover_minutes=240)
    fact = said("11-21 02:00", "2026-11-20")
    assert confirm_days([fact], None, NOW, late).days == (date(2026, 11, 20),)
