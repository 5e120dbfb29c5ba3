"""Clocks of complaints: a table with a name for every case.

Owns: opening hours, midnight, daylight saving, pauses, wrong clocks, reopening, escalation.
Does not own: the state machine (test_complaint.py).
"""

from datetime import date

import pytest

from app.domain.complaint_rules import ServiceHours
from tests.domain.complaint_story import HOUR, MINUTE, Machine, Shop, in_words, told

GOLD, SILVER, REGULAR = Shop("gold"), Shop("silver"), Shop("regular")
NIGHT = (ServiceHours(opens="18:00", closes="02:00"),)
OFFICE = (ServiceHours(days=(1, 2, 3, 4, 5), opens="09:00", closes="17:30"),)
LUNCH = (ServiceHours(opens="09:00", closes="12:00"), ServiceHours(opens="13:00", closes="18:00"))
ALWAYS = (ServiceHours(opens="00:00", closes="24:00"),)
SLOW = (ServiceHours(opens="09:00", closes="11:00"),)
NEW_YORK, PARIS = "America/New_York", "Europe/Paris"
HOLIDAY = (date(2026, 11, 24), date(2026, 11, 25))
UNTIL_SPRING = tuple(date(2026, 11, day) for day in range(24, 31))

# A second till whose clock is wrong: it knows by how much, or does not; and one that was set.
KNOWN_BEHIND = {"": Machine(), "2": Machine("boot-2", behind_ms=3 * HOUR)}
KNOWN_AHEAD = {"": Machine(), "2": Machine("boot-2", behind_ms=-3 * HOUR)}
BEHIND = {"": Machine(), "2": Machine("boot-2", behind_ms=48 * HOUR, measured=False)}
AHEAD = {"": Machine(), "2": Machine("boot-2", behind_ms=-48 * HOUR, measured=False)}
ALONE = {"": Machine(measured=False), "2": Machine("boot-2", measured=False)}
SET_BACK = {"": Machine(measured=False, jumps={"answer": 26 * HOUR})}
SET_AHEAD = {"": Machine(measured=False, jumps={"answer": -26 * HOUR})}
NEXT_BOOT_BEHIND = {
    "": Machine(measured=False),
    "2": Machine("boot-2", behind_ms=400 * 24 * HOUR, measured=False),
}
LATER_MEASURED = {"": Machine(behind_ms=HOUR, measured=False), "2": Machine("boot-1", HOUR)}


def row(name: str, shop: Shop, story: str, now: str, **expected: str) -> object:
    return pytest.param(shop, story, now, expected, id=name)


TIERS = [
    row("gold has half an hour", GOLD, "11-23 18:05 open", "11-23 18:10", first="11-23 18:35"),
    row("silver has an hour", SILVER, "11-23 18:05 open", "11-23 18:10", first="11-23 19:05"),
    row("regular has four", REGULAR, "11-23 10:00 open", "11-23 10:10", first="11-23 14:00"),
    row("gold goes straight to a senior", GOLD, "11-23 18:05 open", "11-23 18:10", level="1"),
    row("silver does not", SILVER, "11-23 18:05 open", "11-23 18:10", level="0"),
    row("gold is settled in three days", GOLD, "11-23 18:05 open", "11-23 18:10",
        resolve="11-26 18:05"),
    row("silver in five", SILVER, "11-23 18:05 open", "11-23 18:10", resolve="11-28 18:05"),
    row("regular in seven", REGULAR, "11-23 18:05 open", "11-23 18:10", resolve="11-30 18:05"),
    row("a priority shortens the first response", REGULAR, "11-23 10:00 open; 10:05 high",
        "11-23 10:06", first="11-23 10:30", resolve="11-26 10:00"),
    row("and never lengthens it", GOLD, "11-23 10:00 open; 10:05 low", "11-23 10:06",
        first="11-23 10:30", resolve="11-26 10:00"),
    row("one that came after the answer makes it not late", REGULAR,
        "11-23 10:00 open; 12:00 answer; 12:05 high", "11-23 12:06", first="done", level="0"),
]  # fmt: skip

WARNINGS = [
    row("fine before three quarters", GOLD, "11-23 18:00 open", "11-23 18:22",
        first="11-23 18:30"),
    row("a warning at three quarters", REGULAR, "11-23 10:00 open", "11-23 13:00",
        first="warning 11-23 14:00"),
    row("still in time at the very end", GOLD, "11-23 18:00 open", "11-23 18:30",
        first="warning 11-23 18:30", level="1"),
    row("missed behind it", GOLD, "11-23 18:00 open", "11-23 18:31",
        first="breached 11-23 18:30 missed", level="2"),
    row("a late answer stays a miss", GOLD, "11-23 18:00 open; 19:00 answer", "11-23 19:01",
        first="done missed", level="2"),
    row("an answer in time leaves none", GOLD, "11-23 18:00 open; 18:29 answer", "11-23 19:01",
        first="done", level="1"),
    row("settled at once is answered", GOLD, "11-23 18:00 open; 18:10 resolve", "11-23 19:00",
        first="done", resolve="done", level="1"),
    row("settled late was answered late", GOLD, "11-23 18:00 open; 19:10 resolve", "11-23 19:20",
        first="done missed", resolve="done"),
    row("the resolution warns too", GOLD, "11-23 10:00 open; 10:05 answer", "11-25 16:00",
        resolve="warning 11-26 10:00"),
    row("a note answers nobody", GOLD, "11-23 18:00 open; 18:05 note", "11-23 18:31",
        first="breached 11-23 18:30 missed"),
    row("nor does whoever has it", GOLD, "11-23 18:00 open; 18:05 assign", "11-23 18:31",
        first="breached 11-23 18:30 missed", state="in_hand"),
]  # fmt: skip

HOURS = [
    row("over the night", GOLD, "11-23 20:50 open", "11-24 09:05", first="11-24 09:20"),
    row("from behind the door", GOLD, "11-23 22:00 open", "11-23 23:00", first="11-24 09:30"),
    row("before it opens", GOLD, "11-23 07:00 open", "11-23 08:00", first="11-23 09:30"),
    row("ends with the day", GOLD, "11-23 20:30 open", "11-23 20:40", first="11-23 21:00"),
    row("the night warns nobody", REGULAR, "11-23 19:00 open", "11-24 08:59",
        first="11-24 11:00"),
    row("over a holiday", GOLD.closing(HOLIDAY), "11-23 20:50 open", "11-25 12:00",
        first="11-26 09:20"),
    row("opened on a holiday", GOLD.closing(HOLIDAY), "11-24 10:00 open", "11-25 12:00",
        first="11-26 09:30"),
    row("over a week without hours", GOLD.closing(UNTIL_SPRING), "11-23 20:50 open",
        "11-30 12:00", first="12-01 09:20"),
    row("over a weekend", GOLD.open_at(OFFICE), "11-27 17:20 open", "11-28 10:00",
        first="11-30 09:20"),
    row("over lunch", GOLD.open_at(LUNCH), "11-23 11:50 open", "11-23 12:30",
        first="11-23 13:20"),
    row("four hours over three short days", REGULAR.open_at(SLOW), "11-23 10:00 open",
        "11-24 12:00", first="warning 11-25 10:00"),
    row("resolution runs at night", REGULAR, "11-23 22:00 open", "11-24 03:00",
        resolve="11-30 22:00"),
    row("always open, over midnight", GOLD.open_at(ALWAYS), "11-23 23:50 open", "11-24 00:05",
        first="11-24 00:20"),
    row("no hours given is always open", GOLD.open_at(()), "11-23 23:50 open", "11-24 00:05",
        first="11-24 00:20"),
    row("a night shop over midnight", GOLD.open_at(NIGHT), "11-23 23:45 open", "11-24 00:01",
        first="11-24 00:15"),
    row("a night shop in the small hours", GOLD.open_at(NIGHT), "11-24 01:50 open",
        "11-24 01:55", first="11-24 18:20"),
    row("a night shop at noon", GOLD.open_at(NIGHT), "11-24 12:00 open", "11-24 12:05",
        first="11-24 18:30"),
    row("the year turns", GOLD, "12-31 20:50 open", "12-31 20:55", first="01-01 09:20"),
]  # fmt: skip

SUMMER = [
    row("the night that loses an hour", GOLD.there(NEW_YORK, ALWAYS), "03-08 01:45 open",
        "03-08 01:50", first="03-08 03:15"),
    row("the night that has one twice", GOLD.there(NEW_YORK, ALWAYS), "11-01 01:45 open",
        "11-01 01:50", first="11-01 01:15"),
    row("in the second of them", GOLD.there(NEW_YORK, ALWAYS), "11-01 01:45s open",
        "11-01 01:50s", first="11-01 02:15"),
    row("seven days over a lost hour", REGULAR.there(NEW_YORK), "03-06 12:00 open",
        "03-07 12:00", resolve="03-13 13:00"),
    row("seven days over one twice", REGULAR.there(PARIS), "10-23 12:00 open", "10-24 12:00",
        resolve="10-30 11:00"),
    row("opening by the new time", GOLD.there(PARIS), "10-24 20:50 open", "10-25 08:00",
        first="10-25 09:20"),
    row("a night shop that closes in the lost hour",
        REGULAR.there(PARIS, (ServiceHours(opens="22:00", closes="02:30"),)),
        "03-28 23:00 open", "03-28 23:05", first="03-29 22:30"),
]  # fmt: skip

PAUSES = [
    row("waiting stops the resolution", GOLD, "11-23 10:00 open; 10:10 answer; 11:00 wait",
        "11-30 11:00", resolve="paused", next="done", level="1", state="waiting"),
    row("it goes on where it stood", GOLD,
        "11-23 10:00 open; 10:10 answer; 11:00 wait; 11-25 11:00 back", "11-25 12:00",
        resolve="11-28 10:00", next="11-26 11:00"),
    row("nobody waits before the first word", GOLD, "11-23 10:00 open; 10:05 wait",
        "11-23 10:31", first="breached 11-23 10:30 missed", state="new"),
    row("word to who is waited for ends no waiting", GOLD,
        "11-23 10:00 open; 10:10 answer; 11:00 wait; 12:00 answer", "11-25 12:00",
        resolve="paused", next="done", state="waiting"),
    row("a second wait", GOLD,
        "11-23 10:00 open; 10:10 answer; 11:00 wait; 12:00 back; 13:00 wait; 15:00 back",
        "11-23 16:00", resolve="11-26 13:00"),
    row("the next word within a day", GOLD, "11-23 10:00 open; 10:10 answer", "11-24 05:00",
        next="warning 11-24 10:10"),
    row("each word begins another day", GOLD, "11-23 10:00 open; 10:10 answer; 20:00 answer",
        "11-24 12:00", next="11-24 20:00"),
    row("a day without a word", GOLD, "11-23 10:00 open; 10:10 answer", "11-24 10:11",
        next="breached 11-24 10:10 missed", level="2"),
    row("a word that came late", GOLD, "11-23 10:00 open; 10:10 answer; 11-24 12:00 answer",
        "11-24 12:05", next="11-25 12:00 missed", level="2"),
    row("two days without", GOLD,
        "11-23 10:00 open; 10:10 answer; 11-24 12:00 answer; 11-25 14:00 answer",
        "11-25 14:05", next="11-26 14:00 missed 2", level="3"),
    row("settled while waiting", GOLD,
        "11-23 10:00 open; 10:10 answer; 11:00 wait; 12:00 resolve", "11-29 12:00",
        resolve="done", follow_up="11-25 12:00", state="resolved"),
]  # fmt: skip

AGAIN = [
    row("reopened goes on where it stood", GOLD,
        "11-23 10:00 open; 10:10 answer; 20:00 resolve; 11-25 20:00 reopen", "11-25 21:00",
        resolve="11-28 10:00", next="11-26 20:00", state="in_hand"),
    row("reopened after a miss is late at once", GOLD,
        "11-20 10:00 open; 10:10 answer; 11-24 10:00 resolve; 11-25 10:00 reopen",
        "11-25 10:01", resolve="breached 11-25 10:00 missed"),
    row("closed and reopened", GOLD,
        "11-23 10:00 open; 10:10 answer; 12:00 resolve; 13:00 close; 11-24 12:00 reopen",
        "11-24 13:00", resolve="11-27 10:00", state="in_hand"),
    row("after thirty days it is another case", GOLD,
        "10-01 10:00 open; 10:10 answer; 12:00 resolve; 11-20 12:00 reopen", "11-20 13:00",
        state="resolved", resolve="done"),
    row("the first word is asked for once", GOLD,
        "11-23 10:00 open; 10:10 resolve; 11-24 10:00 reopen", "11-24 12:00", first="done",
        next="11-25 10:00"),
    row("asked two days later", GOLD, "11-23 10:00 open; 10:10 resolve", "11-24 10:00",
        follow_up="11-25 10:10"),
    row("asked on the day chosen", GOLD, "11-23 10:00 open; 10:10 resolve:2026-11-30",
        "11-24 10:00", follow_up="11-30 09:00"),
    row("asked the next day it opens", GOLD.closing(HOLIDAY),
        "11-23 10:00 open; 10:10 resolve:2026-11-24", "11-24 10:00", follow_up="11-26 09:00"),
    row("nobody reached is asked again", GOLD, "11-23 10:00 open; 10:10 resolve; 11-25 11:00 asked",
        "11-25 12:00", follow_up="11-25 10:10"),
    row("a forgotten question escalates nothing", GOLD, "11-23 10:00 open; 10:10 resolve",
        "11-29 10:00", follow_up="11-25 10:10", level="1"),
]  # fmt: skip

LEVELS = [
    row("somebody above", REGULAR, "11-23 10:00 open; 10:05 escalate", "11-23 10:06", level="1"),
    row("twice", REGULAR, "11-23 10:00 open; 10:05 escalate; 10:06 escalate", "11-23 10:07",
        level="2"),
    row("a miss on top", REGULAR, "11-23 10:00 open; 10:05 escalate", "11-23 15:00", level="2"),
    row("nothing stands above head office", GOLD,
        "11-16 10:00 open; 10:05 escalate; 10:06 escalate; 10:07 escalate", "11-23 15:00",
        level="3"),
    row("a settled case goes nowhere", GOLD, "11-23 10:00 open; 10:05 resolve; 10:06 escalate",
        "11-23 10:07", level="1"),
]  # fmt: skip

WRONG = [
    row("a till behind that knows it", GOLD.with_clocks(KNOWN_BEHIND),
        "11-23 10:00 open; 10:20 answer@2", "11-23 10:25", first="done", next="11-24 10:20"),
    row("a till ahead that knows it", GOLD.with_clocks(KNOWN_AHEAD),
        "11-23 10:00 open@2; 10:20 answer", "11-23 10:25", first="done", next="11-24 10:20"),
    row("answered before it was opened", GOLD.with_clocks(BEHIND),
        "11-23 10:00 open; 10:20 answer@2", "11-23 10:25", first="done", next="11-24 10:00"),
    row("answered the day after tomorrow", GOLD.with_clocks(AHEAD),
        "11-23 10:00 open; 10:20 answer@2; 10:25 note", "11-23 10:30", first="done",
        next="11-24 10:25"),
    row("and nobody has seen it since", GOLD.with_clocks(AHEAD),
        "11-23 10:00 open; 10:20 answer@2", "11-23 10:30", first="done", next="11-24 10:30"),
    row("asked at the till whose clock is ahead", GOLD.with_clocks(AHEAD),
        "11-23 10:00 open@2; 10:20 answer@2", "11-23 10:25", first="done"),
    row("a clock set back between two acts", GOLD.with_clocks(SET_BACK),
        "11-23 10:00 open; 10:20 answer", "11-23 10:25", first="done", next="11-24 10:20"),
    row("a clock set ahead between two acts", GOLD.with_clocks(SET_AHEAD),
        "11-23 10:00 open; 10:20 answer", "11-23 10:25", first="done", next="11-24 10:20"),
    row("late by the monotonic clock alone", GOLD.with_clocks(SET_BACK),
        "11-23 10:00 open; 10:40 answer", "11-23 10:45", first="done missed"),
    row("a battery that died", GOLD.with_clocks(NEXT_BOOT_BEHIND),
        "11-23 10:00 open; 10:20 answer", "11-24 10:00@2", first="done", next="11-24 10:20"),
    row("two tills that never heard of head office", GOLD.with_clocks(ALONE),
        "11-23 10:00 open; 10:20 answer@2", "11-23 10:25", first="done", next="11-24 10:20"),
    row("the offset came later", GOLD.with_clocks(LATER_MEASURED),
        "11-23 10:00 open; 10:20 answer@2", "11-23 10:25@2", first="done", next="11-24 10:20"),
    row("two tills answer without a link", GOLD.with_clocks(KNOWN_BEHIND),
        "11-23 10:00 open; 10:20 ~answer; 10:10 ~answer@2", "11-23 10:25", first="done",
        next="11-24 10:20"),
    row("one settles, the other waits on", GOLD.with_clocks(KNOWN_BEHIND),
        "11-23 10:00 open; 10:05 answer; 10:20 resolve; 10:30 ~wait@2", "11-23 10:35",
        state="resolved", resolve="done"),
]  # fmt: skip

TABLE = [*TIERS, *WARNINGS, *HOURS, *SUMMER, *PAUSES, *AGAIN, *LEVELS, *WRONG]


@pytest.mark.parametrize(("shop", "story", "now", "expected"), TABLE)
def test_clocks(shop: Shop, story: str, now: str, expected: dict[str, str]) -> None:
    said = in_words(shop, *told(shop, story, now))
    assert {name: said[name] for name in expected} == expected


def test_the_table_has_a_name_for_everything_the_issue_asks() -> None:
    assert len(TABLE) >= 60


def test_a_wrong_clock_is_said_to_be_doubted() -> None:
    """And the order of what happened is as it was."""
    right, _ = told(GOLD, "11-23 10:00 open; 10:20 answer", "11-23 10:25")
    shop = GOLD.with_clocks(BEHIND)
    wrong, _ = told(shop, "11-23 10:00 open; 10:20 answer@2", "11-23 10:25")
    assert not right.doubted
    assert wrong.doubted
    assert [event.at_ms for event in wrong.events] == [wrong.opened_ms, wrong.opened_ms]


def test_what_strikes_next_comes_first() -> None:
    _, clocks = told(GOLD, "11-23 10:00 open", "11-23 10:10")
    due = clocks.next_due
    assert due is not None
    assert due.name == "first"
    assert due.left_ms == 20 * MINUTE
    assert clocks.mood == "fine"
    assert clocks.missed == 0


def test_nothing_strikes_while_the_customer_is_waited_for() -> None:
    _, clocks = told(GOLD, "11-23 10:00 open; 10:10 answer; 10:11 wait", "11-26 10:00")
    assert clocks.next_due is None
    assert clocks.mood == "fine"


def test_the_worst_clock_is_the_mood_of_the_case() -> None:
    _, warned = told(GOLD, "11-23 10:00 open", "11-23 10:25")
    _, late = told(GOLD, "11-23 10:00 open", "11-23 10:31")
    assert (warned.mood, late.mood) == ("warning", "breached")
    assert late.clock("next") is None
