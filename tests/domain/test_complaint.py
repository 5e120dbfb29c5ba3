"""Complaints: where a case stands after each thing that can happen, in whatever order it comes."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from msgspec import structs

from app.domain import complaint_fact as cf
from app.domain.complaint import Case, NotOpened, case_of
from app.domain.complaint_clock import clocks_of
from app.domain.complaint_row import row_of
from app.domain.facts import NotAFact, canonical_bytes, read_fact
from app.domain.moment import Moment
from app.domain.photo import (
    FILE_BYTES_MAX,
    PHOTO_BYTES_MAX,
    PHOTOS_MAX,
    NoPicture,
    PhotoTooLarge,
    TooManyPhotos,
    check_photo,
    check_photo_file,
)
from tests.domain.complaint_story import Shop, facts_of, told

SHOP = Shop("gold")
OPENED = "11-23 10:00 open"
WHOLE = (
    f"{OPENED}; 10:05 assign; 10:10 answer; 10:15 photo; 10:20 pay; 10:30 wait; 12:00 back;"
    " 12:10 cause; 12:30 resolve; 11-25 13:00 score:4; 13:05 close"
)


def case_at(story: str, now: str = "11-28 12:00") -> Case:
    return told(SHOP, story, now)[0]


@pytest.mark.parametrize(
    ("story", "state"),
    [
        (OPENED, "new"),
        (f"{OPENED}; 10:05 assign", "in_hand"),
        (f"{OPENED}; 10:05 answer", "in_hand"),
        (f"{OPENED}; 10:05 note", "new"),
        (f"{OPENED}; 10:05 wait", "new"),
        (f"{OPENED}; 10:05 answer; 10:06 wait", "waiting"),
        (f"{OPENED}; 10:05 answer; 10:06 wait; 10:07 answer", "waiting"),
        (f"{OPENED}; 10:05 answer; 10:06 wait; 10:07 assign", "waiting"),
        (f"{OPENED}; 10:05 answer; 10:06 wait; 10:07 back", "in_hand"),
        (f"{OPENED}; 10:05 back", "new"),
        (f"{OPENED}; 10:05 resolve", "resolved"),
        (f"{OPENED}; 10:05 close", "new"),
        (f"{OPENED}; 10:05 resolve; 10:06 close", "closed"),
        (f"{OPENED}; 10:05 resolve; 10:06 answer", "resolved"),
        (f"{OPENED}; 10:05 resolve; 10:06 reopen", "in_hand"),
        (f"{OPENED}; 10:05 resolve; 10:06 close; 10:07 reopen", "in_hand"),
        (f"{OPENED}; 10:05 reopen", "new"),
        (f"{OPENED}; 10:05 resolve; 10:06 resolve", "resolved"),
    ],
)
def test_states(story: str, state: str) -> None:
    assert case_at(story).state == state


def test_a_whole_case() -> None:
    case = case_at(WHOLE)
    assert (case.state, case.assigned, case.score, case.cause) == (
        "closed", "staff-wang", 4, "scale",
    )  # fmt: skip
    assert case.given_minor == 200
    assert [each.photo for each in case.photos] == ["photo-1"]
    assert all(event.fits for event in case.events)
    assert case.events[0].step is None
    row = row_of(case)
    assert (row.state, row.score, row.number, row.done_ms) == (
        "closed",
        4,
        "C0702-1",
        case.closed_ms,
    )


def test_facts_in_any_order_and_twice_are_one_case() -> None:
    facts = facts_of(SHOP, f"{OPENED}; 10:05 answer; 10:10 wait; 10:20 back; 10:30 resolve")
    now = SHOP.clock(SHOP.wall_ms("11-23 11:00"), SHOP.machines[""])
    whole = case_of(facts, now)
    for order in permutations(facts):
        assert case_of([*order, *order[:2]], now) == whole


def test_a_step_that_came_too_late_stands_in_the_story_and_changes_nothing() -> None:
    case = case_at(f"{OPENED}; 10:05 answer; 10:20 resolve; 10:30 ~wait", "11-23 11:00")
    assert case.state == "resolved"
    assert [event.fits for event in case.events] == [True, True, True, False]


def test_without_its_opening_there_is_no_case() -> None:
    facts = facts_of(SHOP, f"{OPENED}; 10:05 answer")
    assert case_of(facts[1:], facts[0].clock) == NotOpened()
    assert case_of([], facts[0].clock) == NotOpened()


def test_a_step_whose_writer_saw_what_is_not_here_yet_follows_the_opening() -> None:
    first, _, last = facts_of(SHOP, f"{OPENED}; 10:05 assign; 10:10 answer")
    now = SHOP.clock(SHOP.wall_ms("11-23 11:00"), SHOP.machines[""])
    case = case_of([last, first], now)
    assert isinstance(case, Case)
    assert case.answered


def test_facts_that_name_each_other_in_a_circle_are_still_a_case() -> None:
    """Nobody of ours writes them."""
    first, one, other = facts_of(SHOP, f"{OPENED}; 10:05 assign; 10:10 answer")
    assert isinstance(one, cf.ComplaintStepped)
    one = structs.replace(one, after=other.op_id)
    now = SHOP.clock(SHOP.wall_ms("11-23 11:00"), SHOP.machines[""])
    case = case_of([first, one, other], now)
    assert isinstance(case, Case)
    assert case.state == "in_hand"


def test_what_may_be_done_now() -> None:
    new = case_at(OPENED, "11-23 10:01")
    assert new.may(cf.Answered) and not new.may(cf.Waiting) and not new.may(cf.Closed)
    done = case_at(f"{OPENED}; 10:05 resolve; 10:06 close", "11-28 12:00")
    assert done.may(cf.Reopened) and done.may(cf.Noted) and not done.may(cf.Escalated)
    old = case_at("10-01 10:00 open; 10:05 resolve; 10:06 close", "11-28 12:00")
    assert old.is_too_old and not old.may(cf.Reopened)
    assert not new.is_too_old


def test_a_score_is_kept_when_nobody_is_reached_later() -> None:
    case = case_at(f"{OPENED}; 10:05 resolve; 11-25 10:00 score:5; 11-26 10:00 asked")
    assert (case.score, case.followed_up) == (5, False)
    assert clocks_of(case).clock("follow_up") is not None


def test_a_case_that_is_settled_again_asks_again() -> None:
    case = case_at(
        f"{OPENED}; 10:05 resolve; 11-25 10:00 score:2; 11:00 reopen; 12:00 resolve:2026-11-27",
        "11-25 12:05",
    )
    assert (case.reopened, case.followed_up, case.score) == (1, False, 2)
    due = case.follow_up_on_ms
    assert due == SHOP.wall_ms("11-27 09:00")


def test_a_priority_never_sinks() -> None:
    shop = Shop("regular")
    case, _ = told(shop, f"{OPENED}; 10:01 high; 10:02 medium", "11-23 10:05")
    assert case.priority == "high"


def test_the_days_off_of_a_case_are_those_still_to_come() -> None:
    shop = Shop(closed=(date(2026, 11, 1), date(2026, 12, 1)))
    (opened,) = facts_of(shop, OPENED)
    assert isinstance(opened, cf.ComplaintOpened)
    assert opened.rules.hours.closed == (date(2026, 12, 1),)


def test_limits_that_lack_a_priority_are_no_fact() -> None:
    (opened,) = facts_of(SHOP, OPENED)
    data = canonical_bytes(opened).replace(b'"medium"', b'"middle"')
    assert isinstance(read_fact(data), NotAFact)


def test_a_zone_nobody_knows_counts_as_the_world_s() -> None:
    (opened,) = facts_of(SHOP, OPENED)
    assert isinstance(opened, cf.ComplaintOpened)
    hours = structs.replace(opened.rules.hours, zone="Mars/Olympus")
    elsewhere = structs.replace(opened, rules=structs.replace(opened.rules, hours=hours))
    now = Moment(opened.clock.wall_ms, opened.clock.monotonic_ms, "boot-1", 0)
    case = case_of([elsewhere], now)
    assert isinstance(case, Case)
    assert clocks_of(case).next_due is not None  # 02:00 there: it opens at nine


def test_a_shop_that_never_opens_again_runs_around_the_clock_after_a_year() -> None:
    shop = Shop("gold", closed=())
    (opened,) = facts_of(shop, OPENED)
    assert isinstance(opened, cf.ComplaintOpened)
    hours = structs.replace(
        opened.rules.hours, spans=(structs.replace(opened.rules.hours.spans[0], days=()),)
    )
    never = structs.replace(opened, rules=structs.replace(opened.rules, hours=hours))
    case = case_of([never], shop.clock(shop.wall_ms("11-24 10:00"), shop.machines[""]))
    assert isinstance(case, Case)
    first = clocks_of(case).clock("first")
    assert first is not None and first.due_ms is not None and first.used_ms == 0


def test_pictures_have_limits() -> None:
    jpeg = b"\xff\xd8\xff" + bytes(100)
    assert check_photo(jpeg, 0) is None
    assert check_photo(b"GIF89a", 0) == NoPicture()
    assert check_photo(jpeg, PHOTOS_MAX) == TooManyPhotos(PHOTOS_MAX)
    large = jpeg + bytes(PHOTO_BYTES_MAX)
    assert check_photo(large, 0) == PhotoTooLarge(len(large), PHOTO_BYTES_MAX)
    fifty = 50 * 1024 * 1024
    assert check_photo_file(fifty) == PhotoTooLarge(fifty, FILE_BYTES_MAX)
    assert check_photo_file(3_000_000) is None
