"""What stands at the edges of a fact: the business day, the phone, consents.

Owns: cases of business_day.py, phone.py, consent.py.
"""

from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain.account import fold
from app.domain.business_day import (
    BACKWARDS_MS_MAX,
    ClockBeforeLastSale,
    ClockFine,
    ShopTime,
    believed,
    business_day,
    confirm_day,
)
from app.domain.consent import REQUIRED, ConsentText, give, withdraw
from app.domain.moment import Moment
from app.domain.phone import (
    HasLetters,
    NoSuchSegment,
    Overseas,
    Phone,
    PhoneAnswer,
    WrongLength,
    parse_phone,
)
from tests.domain.heart_builders import item, on


def at(text: str, monotonic_ms: int = 0, boot: str = "b1", offset_ms: int | None = None) -> Moment:
    wall = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Moment(int(wall.timestamp() * 1000), monotonic_ms, boot, offset_ms)


@pytest.mark.parametrize(
    ("moment", "shop", "day"),
    [
        pytest.param(at("2026-11-21T15:59:59"), ShopTime(), date(2026, 11, 21), id="last-second"),
        pytest.param(at("2026-11-21T16:00:00"), ShopTime(), date(2026, 11, 22), id="midnight"),
        pytest.param(
            at("2026-11-21T19:59:00"), ShopTime(cutover_minutes=240), date(2026, 11, 21),
            id="before-the-cut-over",
        ),
        pytest.param(
            at("2026-11-21T20:00:00"), ShopTime(cutover_minutes=240), date(2026, 11, 22),
            id="at-the-cut-over",
        ),
        pytest.param(
            at("2026-11-21T15:59:59", offset_ms=1000), ShopTime(), date(2026, 11, 22),
            id="server-time-where-known",
        ),
        pytest.param(
            at("2026-11-21T23:00:00"), ShopTime(zone="UTC"), date(2026, 11, 21), id="another-zone"
        ),
    ],
)  # fmt: skip
def test_business_days(moment: Moment, shop: ShopTime, day: date) -> None:
    assert business_day(moment, shop) == day


LAST = at("2026-11-21T10:00:00", monotonic_ms=1_000)
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        pytest.param(at("2026-11-21T10:05:00", 301_000), ClockFine(date(2026, 11, 21)), id="fine"),
        pytest.param(
            at("2026-11-21T09:59:00", 1_000), ClockFine(date(2026, 11, 21)), id="small-correction"
        ),
        pytest.param(
            at("2025-11-21T10:00:00", 1_000),
            ClockBeforeLastSale(date(2026, 11, 21), 365 * 24 * HOUR_MS),
            id="a-year-back",
        ),
        pytest.param(
            at("2026-11-21T10:00:00", 1_000 + 7 * HOUR_MS),
            ClockBeforeLastSale(date(2026, 11, 22), 7 * HOUR_MS),
            id="set-back-by-what-went-by-since",
        ),
        pytest.param(
            at("2026-11-21T10:00:00", 1_000 + 7 * HOUR_MS, "b2"),
            ClockFine(date(2026, 11, 21)), id="after-a-restart-nothing-is-known",
        ),
        pytest.param(
            at("2020-01-01T00:00:00", 5, "b2", offset_ms=0),
            ClockBeforeLastSale(
                date(2026, 11, 21), LAST.wall_ms - at("2020-01-01T00:00:00").wall_ms
            ),
            id="empty-battery-after-a-restart",
        ),
    ],
)  # fmt: skip
def test_a_clock_before_the_last_sale(now: Moment, answer: object) -> None:
    assert confirm_day(now, LAST, ShopTime()) == answer


JUMPS = st.tuples(
    st.integers(0, 3 * 24 * HOUR_MS),
    st.integers(-400 * 24 * HOUR_MS, 400 * 24 * HOUR_MS) | st.just(0),
    st.booleans(),
)
"""Time that goes by; by how much the wall clock is set wrong; a restart of the machine."""


@given(st.lists(JUMPS, max_size=12))
def test_a_moment_that_was_not_believed_bounds_nothing(
    jumps: list[tuple[int, int, bool]],
) -> None:
    bound, wall_ms, monotonic_ms, boot = LAST, LAST.wall_ms, LAST.monotonic_ms, 0
    for went_by_ms, wrong_ms, restarts in jumps:
        wall_ms = max(0, wall_ms + went_by_ms + wrong_ms)
        boot, monotonic_ms = (boot + 1, 7) if restarts else (boot, monotonic_ms + went_by_ms)
        now = Moment(wall_ms, monotonic_ms, LAST.boot_id if boot == 0 else f"later {boot}")
        before, bound = bound, believed(now, bound)
        least_ms = before.wall_ms + (0 if restarts else went_by_ms)
        assert bound.wall_ms >= least_ms - BACKWARDS_MS_MAX
        assert (bound.monotonic_ms, bound.boot_id) == (now.monotonic_ms, now.boot_id)
        assert bound == now or bound.wall_ms == least_ms, "as the clock says, or as time went by"
        assert believed(bound, before) == bound, "what was believed once is believed again"


def test_the_first_fact_of_a_till_has_nothing_to_be_compared_with() -> None:
    assert confirm_day(LAST, None, ShopTime()) == ClockFine(date(2026, 11, 21))


# ------------------------------------------------------------------ phones


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("13800138000", Phone("+8613800138000"), id="plain"),
        pytest.param("138 0013-8000", Phone("+8613800138000"), id="blanks-and-dashes"),
        pytest.param("+86 138 0013 8000", Phone("+8613800138000"), id="plus-86"),
        pytest.param("008613800138000", Phone("+8613800138000"), id="0086"),
        pytest.param("8613800138000", Phone("+8613800138000"), id="86"),
        pytest.param("1３８００1３８０00", Phone("+8613800138000"), id="full-width"),
        pytest.param("1380013800", WrongLength(10), id="ten-digits"),
        pytest.param("138001380001", WrongLength(12), id="twelve-digits"),
        pytest.param("", WrongLength(0), id="empty"),
        pytest.param("12800138000", NoSuchSegment("12"), id="no-segment"),
        pytest.param("23800138000", NoSuchSegment("23"), id="no-mobile"),
        pytest.param("138O013800A", HasLetters("OA"), id="letters"),
        pytest.param("138٣0138000", HasLetters("٣"), id="other-digits-are-letters-here"),
        pytest.param("+852 5123 4567", Overseas("+85251234567"), id="hong-kong"),
    ],
)
def test_phones(text: str, answer: PhoneAnswer) -> None:
    assert parse_phone(text) == answer


# ------------------------------------------------------------------ consents

ZH, EN = ("zh_CN", "愿意接收优惠短信"), ("en", "I agree to receive offers")
TEXT = ConsentText("marketing", "3", (ZH, EN))


def test_the_hash_fixes_every_language_and_not_their_order() -> None:
    assert TEXT.hash == ConsentText("marketing", "4", (EN, ZH)).hash
    assert len(TEXT.hash) == len(sha256().hexdigest())
    other = ConsentText("marketing", "3", (ZH, ("en", "I agree to receive offers.")))
    shifted = [ConsentText("marketing", "3", texts) for texts in ((("a", "bc"),), (("ab", "c"),))]
    assert other.hash != TEXT.hash
    assert shifted[0].hash != shifted[1].hash


def test_giving_and_withdrawing() -> None:
    given = give("k1", TEXT)
    assert (given.purpose, given.text_version, given.text_hash) == ("marketing", "3", TEXT.hash)
    account = fold([item(1, on("2026-11-21"), given, give("k0", TEXT))])
    ended = withdraw(account, ["marketing"])
    assert ended == do.ConsentsEnded(consents=("k0", "k1"))
    assert withdraw(fold([item(2, on("2026-11-21"), ended)], base=account), ["marketing"]) is None
    assert withdraw(account, ["profiling"]) is None


def test_only_membership_is_required() -> None:
    assert REQUIRED == ("membership",)
