"""Where somebody who has just signed in begins: a table of shops, shifts and counts."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from app.domain.settings import Settings
from app.services.till_state import ShiftOnTill, TillState
from tests.real_shop import RealShop
from ui.arrival import place_to_begin
from ui.closing import may_close
from ui.navigation import Navigation, ToShiftClose, ToShiftOpen, ToTill

MINE = ShiftOnTill("s-1", "", date(2026, 11, 21), 0, True, False, False)
HERS = replace(MINE, is_mine=False)
MY_COUNT = replace(MINE, is_counting=True)
HER_COUNT = replace(HERS, is_counting=True)


class NoStage:
    """Nothing is shown here."""

    def show(self, kind: object, controller: object) -> None:
        raise AssertionError("nobody goes anywhere")


@pytest.fixture
def state(real_shop: RealShop) -> TillState:
    return real_shop.open().state


@pytest.fixture
def navigation(qapp: object) -> Navigation:
    made = Navigation(NoStage())
    made.add_screen(ToShiftOpen, lambda: pytest.fail("made at the first visit only"))
    return made


@pytest.mark.parametrize(
    ("required", "shared", "shift", "place"),
    [
        (False, True, None, ToTill),
        (False, False, HERS, ToTill),
        (True, True, None, ToShiftOpen),
        (True, True, MINE, ToTill),
        (True, False, MINE, ToTill),
        (True, True, HERS, ToTill),
        (True, False, HERS, ToShiftOpen),
        (True, True, MY_COUNT, ToShiftClose),
        (True, True, HER_COUNT, ToShiftOpen),
        (False, True, MY_COUNT, ToShiftClose),
        (False, True, HER_COUNT, ToShiftOpen),
    ],
    ids=[
        "no-shifts", "no-shifts-hers", "none", "mine", "mine-own", "hers-shared", "hers-own",
        "my-count", "her-count", "my-count-not-required", "her-count-not-required",
    ],
)  # fmt: skip
def test_where_one_begins(
    state: TillState,
    navigation: Navigation,
    required: bool,
    shared: bool,
    shift: ShiftOnTill | None,
    place: type,
) -> None:
    settings: Settings = msgspec.structs.replace(
        state.settings, shifts_required=required, shift_shared=shared
    )
    now = replace(state, settings=settings, shift=shift)
    assert type(place_to_begin(now, navigation)) is place


def test_a_window_without_the_shift_goes_to_the_till(qapp: object, state: TillState) -> None:
    settings = msgspec.structs.replace(state.settings, shifts_required=True)
    assert type(place_to_begin(replace(state, settings=settings), Navigation(NoStage()))) is ToTill


def test_closing_is_asked_about_only_over_a_shift_or_a_basket(state: TillState) -> None:
    assert may_close(state)
    assert not may_close(replace(state, shift=MINE))
