"""Keys of the till: which are in force, and giving them to acts.

Owns: who may change them, what is audited. Does not own: presets, conflicts, what can be a key
(app/domain/key_map.py), key events (ui/key_map.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from app.domain.key_map import (
    Action,
    KeyChoice,
    KeyRefusal,
    Keys,
    action_named,
    bind,
    check_choice,
    give_back,
    keys_in_force,
    swap,
)
from app.domain.money import ZERO
from app.domain.settings import Settings
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import keep
from app.services.open_approval import Approval, Then, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class KeysChanged:
    """In force at once."""

    state: TillState


@dataclass(frozen=True, slots=True)
class KeysRefused:
    """All keys stay as they were: why."""

    why: KeyRefusal


KeysAnswer = KeysChanged | KeysRefused | ClearanceRefusal


def choice_of(settings: Settings) -> KeyChoice:
    """The keys that these settings choose."""
    return KeyChoice(settings.key_preset, settings.own_keys)


def use_keys(
    *, shop: Shop, work: UnitOfWork, choice: KeyChoice, approval: Approval | None = None
) -> KeysAnswer:
    """Put a preset, with or without own keys, in force. Changes: settings, audit."""
    refusal = check_choice(choice)
    if refusal is not None:
        return KeysRefused(refusal)
    return _put_in_force(shop, work, choice, partial(use_keys, choice=choice), approval)


def bind_key(
    *, shop: Shop, work: UnitOfWork, action: Action, key: str, approval: Approval | None = None
) -> KeysAnswer:
    """Give an act another key. Changes: settings, audit."""
    chosen = bind(choice_of(shop.desk.state.settings), action, key)
    again = partial(bind_key, action=action, key=key)
    return _answer(shop, work, chosen, again, approval)


def swap_keys(
    *, shop: Shop, work: UnitOfWork, action: Action, other: Action, approval: Approval | None = None
) -> KeysAnswer:
    """Let two acts exchange their keys. Changes: settings, audit."""
    chosen = swap(choice_of(shop.desk.state.settings), action, other)
    again = partial(swap_keys, action=action, other=other)
    return _answer(shop, work, chosen, again, approval)


def reset_key(
    *, shop: Shop, work: UnitOfWork, action: Action, approval: Approval | None = None
) -> KeysAnswer:
    """Give an act the key of the preset again. Changes: settings, audit."""
    chosen = give_back(choice_of(shop.desk.state.settings), action)
    return _answer(shop, work, chosen, partial(reset_key, action=action), approval)


def _answer(
    shop: Shop,
    work: UnitOfWork,
    chosen: KeyChoice | KeyRefusal,
    again: Then,
    approval: Approval | None,
) -> KeysAnswer:
    if not isinstance(chosen, KeyChoice):
        return KeysRefused(chosen)
    return _put_in_force(shop, work, chosen, again, approval)


def _put_in_force(
    shop: Shop, work: UnitOfWork, choice: KeyChoice, again: Then, approval: Approval | None
) -> KeysAnswer:
    state, now = shop.desk.state, shop.now()
    before = choice_of(state.settings)
    wanted = Wanted(
        "change_settings", 0, ZERO, subject="keys", before=before.preset, after=choice.preset
    )
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    settings = msgspec.structs.replace(
        state.settings, key_preset=choice.preset, own_keys=choice.own
    )
    if settings != state.settings:
        work.settings.write(settings)
    for subject, was, becomes in _differences(before, choice):
        details = {"before": was, "after": becomes}
        record(shop=shop, work=work, now=now, act="keys_changed", subject=subject, details=details)
    return KeysChanged(keep(shop, work, replace(state, settings=settings), now))


def _differences(before: KeyChoice, after: KeyChoice) -> Iterator[tuple[str, str, str]]:
    """The preset where it changes, and every act whose own key does."""
    if before.preset != after.preset:
        yield "preset", before.preset, after.preset
    were, are = keys_in_force(before), keys_in_force(after)
    own = {each.act for each in (*before.own, *after.own)}
    for action in filter(None, map(action_named, sorted(own))):
        if were[action] != are[action]:
            yield action.value, _text(were, action), _text(are, action)


def _text(keys: Keys, action: Action) -> str:
    return " ".join(keys[action])
