"""View of the keys: presets, every act with its key, and why a key cannot be given. Pure.

Owns: the names of acts and presets, these sentences. Does not own: widgets (form.py), which keys
can be (app/domain/key_map.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.key_map import (
    FIXED,
    PRESETS,
    ActFixed,
    Action,
    KeyChoice,
    KeyFault,
    KeyNotPossible,
    KeyRefusal,
    KeyTaken,
    action_named,
    keys_in_force,
)
from app.wording import N_, Wording
from ui.key_map import cap_of

OWN: Literal["own"] = "own"
PRESET_WORDS: Mapping[str, str] = {
    "standard": N_("Standard"),
    "classic": N_("F6 holds"),
    "western": N_("F2 member, F3 goods"),
    OWN: N_("Own keys"),
}
ACT_WORDS: Mapping[Action, str] = {
    Action.HELP: N_("Help and keys of the screen"),
    Action.FIND_ITEM: N_("Find an item"),
    Action.MEMBER: N_("Member"),
    Action.HOLD: N_("Hold this sale"),
    Action.RECALL: N_("Recall a held sale"),
    Action.OFFERS: N_("Coupons, pay with points"),
    Action.DISCOUNT: N_("Discount, price"),
    Action.REFUND: N_("Refund"),
    Action.PAY: N_("Pay"),
    Action.DRAWER: N_("Open the drawer"),
    Action.FULL_SCREEN: N_("Full screen"),
    Action.LOCK: N_("Lock, change the cashier"),
    Action.QUANTITY: N_("Quantity"),
    Action.REMOVE_LINE: N_("Remove the line"),
    Action.UNDO: N_("Undo the last step"),
    Action.ONE_MORE: N_("One more"),
    Action.ONE_FEWER: N_("One fewer"),
    Action.LINE_UP: N_("Line above"),
    Action.LINE_DOWN: N_("Line below"),
    Action.CONFIRM: N_("Go on"),
    Action.BACK: N_("One step back"),
    Action.WHY: N_("Why this price"),
    Action.REPRINT: N_("Print the last receipt again"),
    Action.MANAGE: N_("The manager's desk"),
    Action.SYNC_NOW: N_("Sync now"),
    Action.CHOOSE_1: N_("First choice"),
    Action.CHOOSE_2: N_("Second choice"),
    Action.CHOOSE_3: N_("Third choice"),
    Action.CHOOSE_4: N_("Fourth choice"),
    Action.SKIP: N_("Skip a step of the set-up"),
    Action.BENEFITS: N_("Benefits"),
    Action.REVEAL: N_("Show the phone number"),
    Action.CLEAR_BASKET: N_("Empty basket"),
    Action.CHOICES: N_("Customer choices"),
    Action.REWARDS: N_("Rewards for points"),
    Action.SHIFT: N_("The shift"),
    Action.VOID: N_("Void this sale"),
    Action.MORE: N_("More"),
    Action.EXPORT: N_("Export the list"),
    Action.CAMERA: N_("Scan with the camera"),
    Action.RECOMMENDED_1: N_("First product named"),
    Action.RECOMMENDED_2: N_("Second product named"),
    Action.RECOMMENDED_3: N_("Third product named"),
    Action.COMPLAINT: N_("Log a complaint"),
}
SHOWN = tuple(Action)

_FAULTS: Mapping[KeyFault, str] = {
    "scanner": N_("{key}: a scanner sends this, so every scan would do it."),
    "system": N_("{key}: the computer keeps this for itself."),
    "text_field": N_("{key}: fields need this for what is typed in them."),
    "unknown": N_("{key}: this cannot be chosen."),
}
_CURE = N_("Press F1 to F24, or Ctrl or Alt with a letter or a figure.")


@dataclass(frozen=True, slots=True)
class PresetView:
    """One way to lay the keys. `identifier` is the preset's, or `own`, which cannot be pressed."""

    identifier: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One act with its key. `note` says what is special about it; a fixed one stays."""

    action: Action
    name: str
    key: str
    note: str
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class KeysView:
    """The page."""

    presets: tuple[PresetView, ...]
    rows: tuple[KeyRow, ...]
    has_own: bool


def keys_view(choice: KeyChoice, wording: Wording) -> KeysView:
    """What a till has chosen, in this language."""
    chosen = OWN if choice.own else choice.preset
    shown = [*PRESETS, OWN] if choice.own else list(PRESETS)
    return KeysView(
        presets=tuple(
            PresetView(name, preset_name(name, wording), name == chosen) for name in shown
        ),
        rows=key_rows(choice, wording),
        has_own=bool(choice.own),
    )


def key_rows(choice: KeyChoice, wording: Wording) -> tuple[KeyRow, ...]:
    """Every act that does something, with the keys it has now."""
    keys, usual = keys_in_force(choice), PRESETS[choice.preset]
    own = {each.act for each in choice.own}
    rows = []
    for action in SHOWN:
        note = wording.t("always so") if action in FIXED else ""
        if action.value in own:
            usually = cap_of(usual[action][0])
            note = wording.t("own key, usually {key}", key=usually)
        key = "  ".join(cap_of(name) for name in keys[action] if name != "Return")
        rows.append(KeyRow(action, act_name(action, wording), key, note, action in FIXED))
    return tuple(rows)


def act_name(action: Action, wording: Wording) -> str:
    """What an act is called, whatever screen it is done on."""
    return wording.t(ACT_WORDS[action])


def preset_name(preset: str, wording: Wording) -> str:
    """What a preset is called; `own` too."""
    return wording.t(PRESET_WORDS[preset])


def refusal_sentence(why: KeyRefusal, wording: Wording) -> str:
    """Why an act cannot have this key, and what would do."""
    match why:
        case KeyTaken(key, by, can_swap):
            words = {"key": cap_of(key), "act": act_name(by, wording)}
            if by in FIXED:
                return wording.t("{key} always means: {act}. Press another key.",
                                 **words)  # fmt: skip
            if can_swap:
                return wording.t(
                    "{key} already means: {act}. Press another key, or let the two swap.", **words
                )
            return wording.t("{key} already means: {act}. Press another key.", **words)
        case KeyNotPossible(key, fault):
            gap = "" if wording.is_chinese else " "
            return f"{wording.t(_FAULTS[fault], key=cap_of(key))}{gap}{wording.t(_CURE)}"
        case ActFixed(act):
            action = action_named(act)
            name = act_name(action, wording) if action is not None else act
            return wording.t("{act} keeps its key: every dialog relies on it.", act=name)


def swap_label(action: Action, other: Action, choice: KeyChoice, wording: Wording) -> str:
    """What a swap would do, as the label of its button."""
    keys = keys_in_force(choice)
    return wording.t(
        "Swap: {key} for {act}", key=cap_of(keys[action][0]), act=act_name(other, wording)
    )
