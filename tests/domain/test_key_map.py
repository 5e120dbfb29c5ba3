"""Keys as data: presets, what can be a key, giving one to an act, never two meanings for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.key_map import (
    FIXED,
    PRESETS,
    STANDARD,
    ActFixed,
    Action,
    KeyChoice,
    KeyFault,
    KeyNotPossible,
    KeyPreset,
    KeyTaken,
    OwnKey,
    bind,
    check_choice,
    give_back,
    key_fault,
    keys_in_force,
    normal_key,
    swap,
)

PLAIN = KeyChoice()
FAULTS: list[tuple[str, KeyFault | None]] = [
    ("F6", None),
    ("Shift+F6", None),
    ("Ctrl+F12", None),
    ("F24", None),
    ("Ctrl+K", None),
    ("Ctrl+Shift+Q", None),
    ("Alt+7", None),
    ("a", "scanner"),
    ("7", "scanner"),
    ("Shift+Q", "scanner"),
    ("*", "scanner"),
    ("，", "scanner"),
    ("Enter", "scanner"),
    ("Ctrl+Return", "scanner"),
    ("Tab", "scanner"),
    ("Shift+Backtab", "scanner"),
    ("Ctrl+Space", "scanner"),
    ("Ctrl+J", "scanner"),
    ("Ctrl+M", "scanner"),
    ("Ctrl+]", "scanner"),
    ("Ctrl+B", "scanner"),
    ("Alt+F4", "system"),
    ("Meta+L", "system"),
    ("Ctrl+Alt+Q", "system"),
    ("Print", "system"),
    ("Shift+F10", "system"),
    ("Home", "text_field"),
    ("Shift+PgDown", "text_field"),
    ("Ctrl+V", "text_field"),
    ("Ctrl+Shift+Z", "text_field"),
    ("Esc", "unknown"),
    ("F25", "unknown"),
    ("Ctrl++", "unknown"),
    ("Ctrl+Ä", "unknown"),
    ("Hyper+F6", "unknown"),
    ("", "unknown"),
]


@pytest.mark.parametrize(("key", "fault"), FAULTS, ids=[repr(key) for key, _ in FAULTS])
def test_what_can_be_a_key(key: str, fault: KeyFault | None) -> None:
    assert key_fault(key) == fault


def test_a_key_has_one_spelling() -> None:
    assert normal_key("Shift+Ctrl+q") == "Ctrl+Shift+Q"
    assert normal_key("*") == "*"
    assert normal_key("Hyper+Alt+F6") == "Alt+Hyper+F6"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_every_act_and_no_key_twice(preset: KeyPreset) -> None:
    keys = keys_in_force(KeyChoice(preset))
    assert keys == PRESETS[preset]
    assert set(keys) == set(Action)
    assert all(keys.values())
    assert check_choice(KeyChoice(preset)) is None


def test_an_act_gets_another_key_and_its_own_back() -> None:
    chosen = bind(PLAIN, Action.DRAWER, "Ctrl+Q")
    assert chosen == KeyChoice("standard", (OwnKey("drawer", "Ctrl+Q"),))
    assert keys_in_force(chosen) == {**STANDARD, Action.DRAWER: ("Ctrl+Q",)}
    assert bind(chosen, Action.DRAWER, "F10") == PLAIN
    assert give_back(chosen, Action.DRAWER) == PLAIN


def test_a_key_of_another_act_is_refused_by_its_name_and_can_be_swapped() -> None:
    assert bind(PLAIN, Action.HOLD, "F6") == KeyTaken("F6", Action.OFFERS, can_swap=True)
    swapped = swap(PLAIN, Action.HOLD, Action.OFFERS)
    assert isinstance(swapped, KeyChoice)
    keys = keys_in_force(swapped)
    assert (keys[Action.HOLD], keys[Action.OFFERS]) == (("F6",), ("F4",))
    assert swap(swapped, Action.HOLD, Action.OFFERS) == PLAIN
    assert give_back(swapped, Action.HOLD) == KeyTaken("F4", Action.OFFERS, can_swap=True)


@pytest.mark.parametrize(
    ("action", "key", "other"),
    [
        (Action.HOLD, "Enter", Action.CONFIRM),
        (Action.HOLD, "Esc", Action.BACK),
        (Action.HOLD, "Del", Action.REMOVE_LINE),
        (Action.HOLD, "*", Action.QUANTITY),
        (Action.QUANTITY, "+", Action.ONE_MORE),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_key_that_would_not_fit_is_not_swapped(action: Action, key: str, other: Action) -> None:
    assert bind(PLAIN, action, key) == KeyTaken(key, other, can_swap=False)
    assert swap(PLAIN, action, other) == ActFixed(other.value)


def test_an_act_whose_key_was_taken_away_swaps_with_nobody() -> None:
    stored = KeyChoice("standard", (OwnKey("hold", "F9"),))
    assert keys_in_force(stored)[Action.PAY] == ()
    assert bind(stored, Action.PAY, "F9") == KeyTaken("F9", Action.HOLD, can_swap=False)


def test_keys_of_no_use_are_refused_and_fixed_acts_stay() -> None:
    assert bind(PLAIN, Action.HOLD, "q") == KeyNotPossible("Q", "scanner")
    assert bind(PLAIN, Action.HOLD, "Alt+F4") == KeyNotPossible("Alt+F4", "system")
    assert bind(PLAIN, Action.CONFIRM, "F6") == ActFixed("confirm")


def test_a_sign_goes_back_to_the_act_it_belongs_to() -> None:
    moved = bind(PLAIN, Action.WHY, "Ctrl+Q")
    assert isinstance(moved, KeyChoice)
    assert keys_in_force(moved)[Action.WHY] == ("Ctrl+Q",)
    assert bind(moved, Action.WHY, "?") == PLAIN


@pytest.mark.parametrize(
    ("own", "refusal"),
    [
        ((OwnKey("fly", "F6"),), ActFixed("fly")),
        ((OwnKey("back", "F13"),), ActFixed("back")),
        ((OwnKey("hold", "F13"), OwnKey("hold", "F14")), ActFixed("hold")),
        ((OwnKey("hold", "x"),), KeyNotPossible("X", "scanner")),
        ((OwnKey("hold", "F9"),), KeyTaken("F9", Action.HOLD, can_swap=False)),
    ],
    ids=["unknown act", "fixed act", "twice", "a letter", "taken"],
)
def test_what_cannot_be_stored(own: tuple[OwnKey, ...], refusal: object) -> None:
    assert check_choice(KeyChoice("standard", own)) == refusal


def test_what_was_stored_wrongly_is_passed_over_and_no_key_has_two_meanings() -> None:
    own = (
        OwnKey("fly", "F13"),
        OwnKey("back", "F14"),
        OwnKey("hold", "x"),
        OwnKey("recall", "Esc"),
        OwnKey("lock", "F9"),
        OwnKey("more", "F9"),
    )
    keys = keys_in_force(KeyChoice("western", own))
    assert keys == {**PRESETS["western"], Action.LOCK: ("F9",), Action.PAY: ()}


CANDIDATES = ["F4", "F6", "F9", "F13", "Ctrl+Q", "Alt+S", "Del", "*", "Enter", "Ctrl+K", "?", "x"]


@given(
    st.sampled_from(sorted(PRESETS)),
    st.lists(
        st.tuples(st.sampled_from(list(Action)), st.sampled_from(CANDIDATES), st.booleans()),
        max_size=12,
    ),
)
def test_whatever_is_pressed_no_key_means_two_acts_and_no_act_loses_its_last_key(
    preset: KeyPreset, presses: list[tuple[Action, str, bool]]
) -> None:
    choice = KeyChoice(preset)
    for action, key, gives_back in presses:
        answer = give_back(choice, action) if gives_back else bind(choice, action, key)
        if isinstance(answer, KeyTaken) and answer.can_swap:
            answer = swap(choice, action, answer.by)
        if isinstance(answer, KeyChoice):
            choice = answer
        keys = keys_in_force(choice)
        spent = [name for names in keys.values() for name in names]
        assert len(spent) == len(set(spent))
        assert check_choice(choice) is None
        assert all(keys.values())
        assert all(keys[fixed] == STANDARD[fixed] for fixed in FIXED)
