"""Settings: what the manager sets about the till, at once in force.

Owns: who may change them and what is audited. Does not own: the record (app/domain/settings.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from app.domain.cash_count import check_denominations
from app.domain.scanning import pattern_overlaps_payment
from app.domain.settings import Language, Look, Settings
from app.services.answers import Changed, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed, keep
from app.services.ports import UnitOfWork
from app.services.shop import Shop

PERSONAL = frozenset({"language", "theme", "text_scale"})
"""What everybody at the till may change, without a trace in the audit."""


@dataclass(frozen=True, slots=True)
class SettingRefused:
    """A value out of its limits; `field` names it. `overlaps_payment`: it takes payment codes."""

    field: str
    reason: str


def change_settings(
    *, shop: Shop, work: UnitOfWork, settings: Settings
) -> Changed | SettingRefused | Refusal:
    """Put these settings in force. Other than personal ones need the right. Changes: settings."""
    state = shop.desk.state
    names = [
        name
        for name in Settings.__struct_fields__
        if getattr(settings, name) != getattr(state.settings, name)
    ]
    if set(names) - PERSONAL:
        refusal = allowed(shop, "manage_settings")
        if refusal:
            return refusal
    wrong = check_settings(settings)
    if wrong is not None:
        return wrong
    now = shop.now()
    if names:
        work.settings.write(settings)
    for name in sorted(set(names) - PERSONAL):
        record(shop=shop, work=work, now=now, act="settings_changed", subject=name)
    return Changed(keep(shop, work, replace(state, settings=settings), now))


def check_settings(settings: Settings) -> SettingRefused | None:
    """Why these settings cannot be; None = they can."""
    try:
        msgspec.json.decode(msgspec.json.encode(settings), type=Settings)
    except msgspec.ValidationError as error:
        message = str(error)
        return SettingRefused(message.rpartition("$.")[2].strip("`. "), message)
    if pattern_overlaps_payment(settings.internal_pattern):
        return SettingRefused("internal_pattern", "overlaps_payment")
    if not 1 <= len(settings.receipt_languages) <= 2:
        return SettingRefused("receipt_languages", "one_or_two")
    if settings.denominations and (wrong := check_denominations(settings.denominations)):
        return SettingRefused("denominations", wrong.reason)
    return None


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
