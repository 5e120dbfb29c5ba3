"""Messages: who gets one, by which way, when - as a table, and quiet hours over odd nights."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.message import (
    Channel,
    Due,
    Goes,
    MessageChoice,
    NotSent,
    QuietHours,
    Recipient,
    SendingRules,
    Waits,
    decide,
)

SHANGHAI = "Asia/Shanghai"
DAY_MS = 86_400_000


def ms(text: str, zone: str = SHANGHAI, *, second: bool = False) -> int:
    """The moment when the clocks of a place show this (the second time, where there are two)."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=int(second))
    return int(local.timestamp()) * 1000


NOON = ms("2026-11-22 12:00")
RULES = SendingRules(("sms", "email"), 4, QuietHours(), SHANGHAI)
WANG = Recipient(
    "active", {"membership", "marketing"}, set(),
    {"sms": "+8613800138000", "email": "wang@mail.example"}, MessageChoice(),
)  # fmt: skip
DUE = Due("birthday", NOON + 7 * DAY_MS)
MAIL_ONLY: tuple[Channel, ...] = ("email",)
BY_SMS, BY_MAIL = Goes("sms", "+8613800138000"), Goes("email", "wang@mail.example")


def choosing(**said: object) -> Recipient:
    return replace(WANG, choice=MessageChoice(**said))  # type: ignore[arg-type]  # each test names what it means


FOUR = [NOON - days * DAY_MS for days in (1, 2, 3, 29)]
CASES = {
    "agreed": (WANG, DUE, [], BY_SMS),
    "never asked": (replace(WANG, consents={"membership"}), DUE, [], NotSent("no_consent")),
    "withdrawn": (
        replace(WANG, consents={"membership"}, refused={"marketing"}), DUE, [],
        NotSent("no_consent"),
    ),
    "erased": (replace(WANG, status="erased"), DUE, [], NotSent("erased")),
    "frozen": (replace(WANG, status="frozen"), DUE, [], Waits(NOON + DAY_MS, "frozen")),
    "refused personal offers": (
        replace(WANG, refused={"profiling"}), Due("win_back", NOON + DAY_MS), [],
        NotSent("refused"),
    ),
    "refused them, and has a birthday": (replace(WANG, refused={"profiling"}), DUE, [], BY_SMS),
    "by this way only": (WANG, Due("campaign", NOON + DAY_MS, MAIL_ONLY), [], BY_MAIL),
    "by no way of his": (
        choosing(channels=("sms",)), Due("campaign", NOON + DAY_MS, MAIL_ONLY), [],
        NotSent("no_way"),
    ),
    "win-back": (WANG, Due("win_back", NOON + DAY_MS), [], BY_SMS),
    "mail first": (choosing(channels=("email", "sms")), DUE, [], BY_MAIL),
    "only mail": (choosing(channels=("email",)), DUE, [], BY_MAIL),
    "no way is right": (choosing(channels=()), DUE, [], NotSent("no_way")),
    "no address": (replace(WANG, addresses={}), DUE, [], NotSent("no_way")),
    "no phone": (replace(WANG, addresses={"email": "wang@mail.example"}), DUE, [], BY_MAIL),
    "too late": (WANG, Due("birthday", NOON), [], NotSent("late")),
    "the shop's four": (WANG, DUE, FOUR, Waits(NOON + DAY_MS, "cap")),
    "three of four": (WANG, DUE, FOUR[:3], BY_SMS),
    "one a month": (choosing(most=1), DUE, [NOON - 28 * DAY_MS], Waits(NOON + 2 * DAY_MS, "cap")),
    "one a month, long ago": (choosing(most=1), DUE, [NOON - 30 * DAY_MS], BY_SMS),
    "more than the shop sends": (choosing(most=9), DUE, FOUR, Waits(NOON + DAY_MS, "cap")),
    "none at all": (choosing(most=0), DUE, [], NotSent("cap")),
    "room too late": (choosing(most=1), DUE, [NOON - DAY_MS], NotSent("cap")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_decision(case: str) -> None:
    to, due, sent, wanted = CASES[case]
    assert decide(due, to, sent, RULES, NOON) == wanted


def test_a_way_the_shop_does_not_have_is_none() -> None:
    by_mail_alone: tuple[Channel, ...] = ("email",)
    assert decide(DUE, WANG, [], replace(RULES, channels=by_mail_alone), NOON) == BY_MAIL


def test_at_night_it_waits_for_the_morning() -> None:
    night, morning = ms("2026-11-22 22:30"), ms("2026-11-23 08:00")
    assert decide(DUE, WANG, [], RULES, night) == Waits(morning, "quiet")
    assert decide(Due("campaign", morning), WANG, [], RULES, night) == NotSent("late")


def test_room_that_comes_at_night_is_used_in_the_morning() -> None:
    one = choosing(most=1)
    last = ms("2026-10-24 23:00")
    assert decide(DUE, one, [last], RULES, NOON) == Waits(ms("2026-11-24 08:00"), "cap")


NIGHT, LUNCH = QuietHours(), QuietHours(time(12), time(14))
LONDON, NEW_YORK = "Europe/London", "America/New_York"
QUIET = {
    "day": (NIGHT, "2026-11-22 12:00", SHANGHAI, None),
    "last minute": (NIGHT, "2026-11-22 20:59", SHANGHAI, None),
    "evening": (NIGHT, "2026-11-22 21:00", SHANGHAI, "2026-11-23 08:00"),
    "after midnight": (NIGHT, "2026-11-23 00:10", SHANGHAI, "2026-11-23 08:00"),
    "it ends": (NIGHT, "2026-11-23 08:00", SHANGHAI, None),
    "the last night of the year": (NIGHT, "2026-12-31 23:30", SHANGHAI, "2027-01-01 08:00"),
    "at noon": (LUNCH, "2026-11-22 13:00", SHANGHAI, "2026-11-22 14:00"),
    "before noon": (LUNCH, "2026-11-22 11:59", SHANGHAI, None),
    "after lunch": (LUNCH, "2026-11-22 14:00", SHANGHAI, None),
    "never": (QuietHours(time(9), time(9)), "2026-11-22 09:00", SHANGHAI, None),
    "clocks put forward": (NIGHT, "2026-03-28 23:00", LONDON, "2026-03-29 08:00"),
    "clocks put back": (NIGHT, "2026-10-31 23:00", NEW_YORK, "2026-11-01 08:00"),
}


@pytest.mark.parametrize("case", QUIET)
def test_quiet_hours(case: str) -> None:
    hours, now, zone, until = QUIET[case]
    assert hours.until_ms(ms(now, zone), zone) == (None if until is None else ms(until, zone))


def test_an_hour_that_comes_twice_is_over_after_the_second() -> None:
    hours = QuietHours(time(0), time(1, 30))
    now = ms("2026-11-01 01:10", NEW_YORK, second=True)
    until = hours.until_ms(now, NEW_YORK)
    assert until is not None
    assert timedelta(0) < timedelta(milliseconds=until - now) <= timedelta(hours=1)
