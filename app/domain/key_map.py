"""Key map: which key asks for which act, in three presets, with a shop's own keys over one of them.

Owns: the names of the acts, the presets of the till, what a key is called, which keys can be given
to an act, conflicts. Does not own: key events (ui/key_map.py), doing the acts, keys inside fields.

A key is written as on the wire between people: `F6`, `Shift+F6`, `Ctrl+K`, `*`. An act that keeps
its keys (Enter, Esc, the arrows) is fixed: every dialog and field relies on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Action(Enum):
    """Everything a key can ask for."""

    HELP = "help"
    FIND_ITEM = "find_item"
    MEMBER = "member"
    HOLD = "hold"
    RECALL = "recall"
    OFFERS = "offers"
    DISCOUNT = "discount"
    REFUND = "refund"
    PAY = "pay"
    DRAWER = "drawer"
    FULL_SCREEN = "full_screen"
    LOCK = "lock"
    QUANTITY = "quantity"
    REMOVE_LINE = "remove_line"
    UNDO = "undo"
    ONE_MORE = "one_more"
    ONE_FEWER = "one_fewer"
    LINE_UP = "line_up"
    LINE_DOWN = "line_down"
    CONFIRM = "confirm"
    BACK = "back"
    WHY = "why"
    REPRINT = "reprint"
    MANAGE = "manage"
    SYNC_NOW = "sync_now"
    CHOOSE_1 = "choose_1"
    CHOOSE_2 = "choose_2"
    CHOOSE_3 = "choose_3"
    CHOOSE_4 = "choose_4"
    SKIP = "skip"
    BENEFITS = "benefits"
    REVEAL = "reveal"
    CLEAR_BASKET = "clear_basket"
    CHOICES = "choices"
    REWARDS = "rewards"
    SHIFT = "shift"
    VOID = "void"
    MORE = "more"
    EXPORT = "export"
    CAMERA = "camera"
    RECOMMENDED_1 = "recommended_1"
    RECOMMENDED_2 = "recommended_2"
    RECOMMENDED_3 = "recommended_3"
    COMPLAINT = "complaint"


FIXED = frozenset({Action.CONFIRM, Action.BACK, Action.LINE_UP, Action.LINE_DOWN})
Keys = Mapping[Action, tuple[str, ...]]
KeyPreset = Literal["standard", "classic", "western"]

STANDARD: Keys = {
    Action.HELP: ("F1",),
    Action.FIND_ITEM: ("F2",),
    Action.MEMBER: ("F3",),
    Action.HOLD: ("F4",),
    Action.RECALL: ("F5",),
    Action.OFFERS: ("F6",),
    Action.DISCOUNT: ("F7",),
    Action.REFUND: ("F8",),
    Action.PAY: ("F9",),
    Action.DRAWER: ("F10",),
    Action.FULL_SCREEN: ("F11",),
    Action.LOCK: ("F12",),
    Action.QUANTITY: ("*",),
    Action.REMOVE_LINE: ("Del",),
    Action.UNDO: ("Ctrl+Z",),
    Action.ONE_MORE: ("+",),
    Action.ONE_FEWER: ("-",),
    Action.LINE_UP: ("Up",),
    Action.LINE_DOWN: ("Down",),
    Action.CONFIRM: ("Enter", "Return"),
    Action.BACK: ("Esc",),
    Action.WHY: ("/", "?"),
    Action.REPRINT: ("Ctrl+R",),
    Action.MANAGE: ("Ctrl+M",),
    Action.SYNC_NOW: ("Ctrl+S",),
    Action.CHOOSE_1: ("Alt+1",),
    Action.CHOOSE_2: ("Alt+2",),
    Action.CHOOSE_3: ("Alt+3",),
    Action.CHOOSE_4: ("Alt+4",),
    Action.SKIP: ("Alt+S",),
    Action.BENEFITS: ("Ctrl+B",),
    Action.REVEAL: ("Ctrl+P",),
    Action.CLEAR_BASKET: ("Ctrl+Del",),
    Action.CHOICES: ("Ctrl+G",),
    Action.REWARDS: ("Ctrl+D",),
    Action.VOID: ("Shift+Del",),
    Action.MORE: ("Ctrl+K",),
    Action.SHIFT: ("Ctrl+J",),
    Action.EXPORT: ("Ctrl+E",),
    Action.CAMERA: ("Ctrl+O",),
    Action.RECOMMENDED_1: ("Ctrl+1",),
    Action.RECOMMENDED_2: ("Ctrl+2",),
    Action.RECOMMENDED_3: ("Ctrl+3",),
    Action.COMPLAINT: ("Ctrl+N",),
}
F6_HOLD: Keys = {
    **STANDARD,
    Action.HOLD: ("F6",),
    Action.RECALL: ("Shift+F6",),
    Action.OFFERS: ("F4",),
    Action.DISCOUNT: ("F5",),
    Action.REFUND: ("F7",),
    Action.SYNC_NOW: ("Ctrl+S", "F8"),
}
WESTERN: Keys = {
    **STANDARD,
    Action.FIND_ITEM: ("F3",),
    Action.MEMBER: ("F2",),
    Action.DISCOUNT: ("F6",),
    Action.OFFERS: ("F7",),
}
PRESETS: Mapping[KeyPreset, Keys] = {"standard": STANDARD, "classic": F6_HOLD, "western": WESTERN}


class OwnKey(msgspec.Struct, frozen=True):
    """A key that this till gives to an act, whatever the preset says. `act`: an Action's value."""

    act: Annotated[str, Meta(min_length=1, max_length=40)]
    key: Annotated[str, Meta(min_length=1, max_length=40)]


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """What a till has chosen: a preset and its own keys over it. No own keys = just the preset."""

    preset: KeyPreset = "standard"
    own: tuple[OwnKey, ...] = ()


# ------------------------------------------------------------------ what a key is

KeyFault = Literal["unknown", "scanner", "system", "text_field"]
"""Why a key can be given to no act: there is no such key, a scanner sends it, the system or a text
field wants it."""

_MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
_SENT_BY_SCANNERS = frozenset({"Enter", "Return", "Tab", "Backtab", "Linefeed", "Space"})
_SENT_WITH_CTRL = frozenset("BCIJM[]\\^_@")
"""With Ctrl these are the control signs by which scanners begin, part and end a code."""
_OF_THE_SYSTEM = frozenset(
    {"Alt+F1", "Alt+F2", "Alt+F4", "Ctrl+F4", "Print", "SysReq", "Menu", "Pause", "CapsLock",
     "NumLock", "ScrollLock", "Alt+Print", "Shift+F10"}
)  # fmt: skip
_OF_FIELDS = frozenset(
    {"Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Backspace", "Del", "Ins"}
)
_OF_FIELDS_WITH_CTRL = frozenset("ACVXYZ")
_FUNCTION_KEYS = frozenset(f"F{number}" for number in range(1, 25))


def _parts(text: str) -> tuple[str, frozenset[str]]:
    """The key itself, and what is held with it."""
    held, _, base = text.rpartition("+") if len(text) > 1 else ("", "", text)
    return base.upper() if len(base) == 1 else base, frozenset(held.split("+") if held else ())


def normal_key(text: str) -> str:
    """One spelling of a key: what is held in one order, letters in upper case."""
    base, held = _parts(text)
    known = [each for each in _MODIFIERS if each in held]
    return "+".join([*known, *sorted(held.difference(_MODIFIERS)), base])


def key_fault(text: str) -> KeyFault | None:
    """Why this key can be given to no act; None = it can."""
    base, held = _parts(text)
    is_sign = len(base) == 1 and not held - {"Shift"}
    if base in _SENT_BY_SCANNERS or is_sign or ("Ctrl" in held and base in _SENT_WITH_CTRL):
        return "scanner"
    # Ctrl+Alt is AltGr on many keyboards: it types signs.
    if "Meta" in held or held >= {"Ctrl", "Alt"} or normal_key(text) in _OF_THE_SYSTEM:
        return "system"
    if base in _OF_FIELDS or ("Ctrl" in held and base in _OF_FIELDS_WITH_CTRL):
        return "text_field"
    is_letter = len(base) == 1 and base.isascii() and base.isalnum()
    is_known = base in _FUNCTION_KEYS or is_letter
    return None if is_known and held.issubset(_MODIFIERS) else "unknown"


def _fault_for(action: Action, key: str) -> KeyFault | None:
    """Why this act cannot have this key. What a preset gives to it, it may have."""
    is_usual = any(key in keys[action] for keys in PRESETS.values())
    return None if is_usual else key_fault(key)


# ------------------------------------------------------------------ giving keys to acts


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """The key stands for another act. `can_swap`: that act could take this one's key instead."""

    key: str
    by: Action
    can_swap: bool


@dataclass(frozen=True, slots=True)
class KeyNotPossible:
    """No act can have this key."""

    key: str
    fault: KeyFault


@dataclass(frozen=True, slots=True)
class ActFixed:
    """This act keeps its keys; an empty act is one that does not exist."""

    act: str


KeyRefusal = KeyTaken | KeyNotPossible | ActFixed


def keys_in_force(choice: KeyChoice) -> Keys:
    """What every key means. No key ever has two meanings, whatever was stored.

    A key of the till's own is taken from the act that a preset gave it to: a newer preset may have
    given away a key that this till had chosen before. Own keys that cannot be are passed over.
    """
    own: dict[Action, str] = {}
    taken = {key for action in FIXED for key in STANDARD[action]}
    for each in choice.own:
        action, key = action_named(each.act), normal_key(each.key)
        if action is None or action in FIXED or key in taken or _fault_for(action, key):
            continue
        own[action] = key
        taken.add(key)
    return {
        action: (own[action],)
        if action in own
        else tuple(key for key in keys if action in FIXED or key not in taken)
        for action, keys in PRESETS[choice.preset].items()
    }


def action_named(name: str) -> Action | None:
    """The act of this name; None = this version of the till has none."""
    return next((action for action in Action if action.value == name), None)


def check_choice(choice: KeyChoice) -> KeyRefusal | None:
    """Why a till cannot have these keys; None = it can."""
    preset = PRESETS[choice.preset]
    own: dict[Action, str] = {}
    for each in choice.own:
        action, key = action_named(each.act), normal_key(each.key)
        if action is None or action in FIXED or action in own:
            return ActFixed(each.act)
        fault = _fault_for(action, key)
        if fault is not None:
            return KeyNotPossible(key, fault)
        own[action] = key
    taken: dict[str, Action] = {}
    for action in Action:
        for key in (own[action],) if action in own else preset[action]:
            other = taken.setdefault(key, action)
            if other is not action:
                return KeyTaken(key, other, can_swap=False)
    return None


def bind(choice: KeyChoice, action: Action, key: str) -> KeyChoice | KeyRefusal:
    """The choice with this key for this act, or why not. The act loses the key it had."""
    if action in FIXED:
        return ActFixed(action.value)
    wanted = normal_key(key)
    keys = keys_in_force(choice)
    other = _holder(keys, wanted, action)
    if other is not action:
        return KeyTaken(wanted, other, can_swap=_can_swap(keys, action, other))
    fault = _fault_for(action, wanted)
    if fault is not None:
        return KeyNotPossible(wanted, fault)
    return _with(choice, {action: wanted})


def swap(choice: KeyChoice, action: Action, other: Action) -> KeyChoice | KeyRefusal:
    """The choice with the keys of two acts exchanged, or why not."""
    keys = keys_in_force(choice)
    if not _can_swap(keys, action, other):
        return ActFixed(other.value)
    return _with(choice, {action: keys[other][0], other: keys[action][0]})


def give_back(choice: KeyChoice, action: Action) -> KeyChoice | KeyTaken:
    """The choice with the preset's key for this act again, or who has that key now."""
    keys = keys_in_force(choice)
    for key in PRESETS[choice.preset][action]:
        other = _holder(keys, key, action)
        if other is not action:
            return KeyTaken(key, other, can_swap=_can_swap(keys, action, other))
    return _without(choice, {action})


def _holder(keys: Keys, key: str, otherwise: Action) -> Action:
    """The act that has this key now."""
    return next((action for action, names in keys.items() if key in names), otherwise)


def _can_swap(keys: Keys, action: Action, other: Action) -> bool:
    if FIXED & {action, other} or not keys[action] or not keys[other]:
        return False
    faults = _fault_for(action, keys[other][0]), _fault_for(other, keys[action][0])
    return faults == (None, None)


def _with(choice: KeyChoice, wanted: Mapping[Action, str]) -> KeyChoice:
    """What the preset says anyway is no key of the till's own."""
    rest = _without(choice, frozenset(wanted)).own
    preset = PRESETS[choice.preset]
    added = [
        OwnKey(action.value, key) for action, key in wanted.items() if key not in preset[action]
    ]
    own = sorted([*rest, *added], key=lambda each: each.act)
    return KeyChoice(choice.preset, tuple(own))


def _without(choice: KeyChoice, actions: AbstractSet[Action]) -> KeyChoice:
    gone = {action.value for action in actions}
    kept = tuple(each for each in choice.own if each.act not in gone)
    return KeyChoice(choice.preset, kept)
