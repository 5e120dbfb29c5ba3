"""Settings: what the manager sets about the till, at once in force.

Owns: who may change them, reading them with their defaults, changing and resetting one or a group,
what is audited, telling the devices. Does not own: the record (app/domain/settings.py), the list
with its bounds (app/domain/setting_registry.py), pages of devices and keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from app.domain.money import ZERO
from app.domain.rights import Limit, Verdict
from app.domain.setting_kind import ValueRefused
from app.domain.setting_registry import (
    REGISTRY,
    Group,
    Setting,
    changed_settings,
    default_text,
    put_value,
    setting_of,
    settings_in,
    value_text,
    with_defaults,
)
from app.domain.settings import Language, Look, Settings
from app.services.answers import Changed, PaymentUnderWay, SignInFirst
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import keep
from app.services.open_approval import Approval, Then, Wanted
from app.services.payment import open_attempts
from app.services.ports import UnitOfWork
from app.services.refund_payment import open_tries
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState

PERSONAL = frozenset(setting.identifier for setting in REGISTRY if setting.is_personal)
"""What everybody at the till may change, without a trace in the audit."""
_TERMINALS = frozenset({"mobile_terminal", "card_terminal"})


# ------------------------------------------------------------------ one by one


@dataclass(frozen=True, slots=True)
class SettingOnTill:
    """One setting as it is now; both values as plain text."""

    setting: Setting
    value: str
    default: str


@dataclass(frozen=True, slots=True)
class SettingsOnTill:
    """All settings, and who may change those that are not personal: roles with their verdict."""

    settings: tuple[SettingOnTill, ...]
    roles: tuple[tuple[str, Verdict], ...]

    def of(self, identifier: str) -> SettingOnTill:
        """Raises KeyError."""
        for each in self.settings:
            if each.setting.identifier == identifier:
                return each
        raise KeyError(identifier)


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """In force at once. `changed`: which settings have another value; none: it was so already."""

    state: TillState
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingNotPossible:
    """The value stays as it was: why what was typed cannot be."""

    identifier: str
    why: ValueRefused


SettingAnswer = SettingChanged | SettingNotPossible | PaymentUnderWay | ClearanceRefusal


def read_settings(*, shop: Shop, work: UnitOfWork) -> SettingsOnTill:
    """Every setting with its value, its default, and who may change it."""
    state = shop.desk.state
    decimals = state.program.prices.decimals
    nothing = Limit(verdict="not_allowed")
    return SettingsOnTill(
        tuple(
            SettingOnTill(
                each, value_text(state.settings, each, decimals), default_text(each, decimals)
            )
            for each in REGISTRY
        ),
        tuple(
            (role.role_id, role.limits.get("change_settings", nothing).verdict)
            for role in state.rights.roles
        ),
    )


def change_setting(
    *, shop: Shop, work: UnitOfWork, identifier: str, typed: str, approval: Approval | None = None
) -> SettingAnswer:
    """Put one value in force, as typed. Changes: settings, audit. Raises KeyError."""
    setting = _setting(identifier)
    state = shop.desk.state
    settings = put_value(state.settings, setting, typed, state.program.prices.decimals)
    if isinstance(settings, ValueRefused):
        return SettingNotPossible(identifier, settings)
    again = partial(change_setting, identifier=identifier, typed=typed)
    return _put_in_force(shop, work, settings, again, approval)


def change_together(
    *, shop: Shop, work: UnitOfWork, typed: Mapping[str, str], approval: Approval | None = None
) -> SettingAnswer:
    """Put several values in force at once, by their settings; one that cannot be stops all.

    Changes: settings, audit. Raises KeyError.
    """
    settings = shop.desk.state.settings
    decimals = shop.desk.state.program.prices.decimals
    for identifier, text in typed.items():
        put = put_value(settings, _setting(identifier), text, decimals)
        if isinstance(put, ValueRefused):
            return SettingNotPossible(identifier, put)
        settings = put
    again = partial(change_together, typed=typed)
    return _put_in_force(shop, work, settings, again, approval)


def reset_setting(
    *, shop: Shop, work: UnitOfWork, identifier: str, approval: Approval | None = None
) -> SettingAnswer:
    """One setting as it ships. Changes: settings, audit. Raises KeyError."""
    settings = with_defaults(shop.desk.state.settings, [_setting(identifier)])
    again = partial(reset_setting, identifier=identifier)
    return _put_in_force(shop, work, settings, again, approval)


def reset_settings(
    *, shop: Shop, work: UnitOfWork, group: Group, approval: Approval | None = None
) -> SettingAnswer:
    """Every setting of a group as it ships. Changes: settings, audit."""
    settings = with_defaults(shop.desk.state.settings, settings_in(group))
    again = partial(reset_settings, group=group)
    return _put_in_force(shop, work, settings, again, approval)


def _setting(identifier: str) -> Setting:
    setting = setting_of(identifier)
    if setting is None:
        raise KeyError(f"no setting is called {identifier!r}")
    return setting


def _put_in_force(
    shop: Shop, work: UnitOfWork, settings: Settings, again: Then, approval: Approval | None
) -> SettingAnswer:
    state, now = shop.desk.state, shop.now()
    if state.staff is None or state.locked:
        return SignInFirst()
    changed = changed_settings(state.settings, settings)
    names = tuple(each.identifier for each in changed)
    guarded = tuple(each for each in changed if not each.is_personal)
    if guarded:
        wanted = _wanted(state, settings, guarded)
        cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
        if not isinstance(cleared, Cleared):
            return cleared
    if _TERMINALS & set(names) and _terminal_waits(state, work):
        return PaymentUnderWay()
    if changed:
        work.settings.write(settings)
        work.after_commit(lambda: shop.equip(settings))
    _record(shop, work, settings, guarded)
    return SettingChanged(keep(shop, work, replace(state, settings=settings), now), names)


def _terminal_waits(state: DeskState, work: UnitOfWork) -> bool:
    """Whether some money is known to the terminal in use only, or to be given back by it.

    Another terminal would say that it never heard of it, and the money would be taken for not
    moved. What only the cashier can say of a separate terminal (by hand) waits for no terminal.
    """
    if state.attempt is not None or any(each.attempt_id for each in state.basket.tenders):
        return True
    if any(not each.by_hand for each in open_attempts(work=work)):
        return True
    return any(not (each.by_hand and each.is_set_aside) for each in open_tries(work=work))


def _wanted(state: DeskState, settings: Settings, changed: tuple[Setting, ...]) -> Wanted:
    decimals = state.program.prices.decimals
    before = value_text(state.settings, changed[0], decimals) if len(changed) == 1 else ""
    after = value_text(settings, changed[0], decimals) if len(changed) == 1 else ""
    subject = ",".join(each.identifier for each in changed)
    return Wanted("change_settings", 0, ZERO, subject=subject, before=before, after=after)


def _record(shop: Shop, work: UnitOfWork, settings: Settings, changed: tuple[Setting, ...]) -> None:
    state, now = shop.desk.state, shop.now()
    decimals = state.program.prices.decimals
    for each in changed:
        details = {
            "before": value_text(state.settings, each, decimals),
            "after": value_text(settings, each, decimals),
        }
        record(
            shop=shop, work=work, now=now, act="settings_changed", subject=each.identifier,
            details=details,
        )  # fmt: skip


# ------------------------------------------------------------------ of everybody


def change_language(*, shop: Shop, work: UnitOfWork, language: Language) -> Changed:
    """Switch the window's language; everybody may. Changes: settings."""
    return _change_own(shop, work, language=language)


def change_theme(*, shop: Shop, work: UnitOfWork, theme: Look) -> Changed:
    """Keep the look chosen in the window; everybody may. Changes: settings."""
    return _change_own(shop, work, theme=theme)


def _change_own(shop: Shop, work: UnitOfWork, **chosen: str) -> Changed:
    """Personal settings only: no right is asked for and no trace is left."""
    assert chosen.keys() <= PERSONAL, f"not personal: {chosen.keys() - PERSONAL}"
    state = shop.desk.state
    settings = msgspec.structs.replace(state.settings, **chosen)
    work.settings.write(settings)
    return Changed(keep(shop, work, replace(state, settings=settings), shop.now()))
