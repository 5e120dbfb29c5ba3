"""Settings one by one: every value a shop may set about its till, in groups, with its bounds.

Owns: the list, which group a setting stands in, who may change it, reading and putting one value.
Does not own: the record they are kept in (settings.py), kinds of values (setting_kind.py), limits
of roles (rights.py), the words (ui/settings).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from app.domain.setting_kind import (
    Address,
    Choice,
    CodePattern,
    Kind,
    Line,
    Names,
    Number,
    Prefixes,
    PrefixSign,
    Sum,
    Switch,
    ValueRefused,
    Worths,
)
from app.domain.settings import Settings, WeighedFormat

Group = Literal["general", "shop", "shift", "till", "members", "equipment", "keys"]
GROUPS: tuple[Group, ...] = ("general", "shop", "shift", "till", "members", "equipment", "keys")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value. `is_personal`: everybody at the till may change it, and it leaves no trace.

    Others take the right `change_settings` of a role (rights.py).
    """

    identifier: str
    group: Group
    kind: Kind
    is_personal: bool = False


_ON_OFF = Switch()
_LANGUAGES = Choice(("zh_CN", "en"))
_TERMINALS = Choice(("by_hand", "simulated"))
_WEIGHED: Mapping[str, Literal["weight", "price"]] = {
    "weighed_weight": "weight",
    "weighed_price": "price",
}
"""Two settings that share one field: what the labels of a scale say."""
RECEIPT_COLUMNS_LEAST, RECEIPT_COLUMNS_MOST = 32, 56

REGISTRY: tuple[Setting, ...] = (
    Setting("language", "general", _LANGUAGES, is_personal=True),
    Setting("theme", "general", Choice(("system", "light", "dark")), is_personal=True),
    Setting(
        "text_scale", "general", Number(100, 150, "percent", (100, 115, 130, 150)),
        is_personal=True,
    ),
    Setting("sound_percent", "general", Number(0, 100, "percent"), is_personal=True),
    Setting("scanner_beeps", "general", _ON_OFF),
    Setting("sounds", "general", _ON_OFF),
    Setting("lock_after_s", "general", Number(0, 7200, "seconds")),
    Setting("store_name", "shop", Line(40)),
    Setting("store_address", "shop", Line(80)),
    Setting("store_phone", "shop", Line(40)),
    Setting("receipt_languages", "shop", Choice(("zh_CN", "en", "zh_CN+en", "en+zh_CN"))),
    Setting("shifts_required", "shift", _ON_OFF),
    Setting("shift_shared", "shift", _ON_OFF),
    Setting("shift_names", "shift", Names(each_most=20, count_most=8)),
    Setting("blind_count", "shift", _ON_OFF),
    Setting("denominations", "shift", Worths()),
    Setting("over_short_limit_minor", "shift", Sum(10_000_000)),
    Setting("no_sale_limit", "shift", Number(0, 100, "times")),
    Setting("scan_to_pay", "till", _ON_OFF),
    Setting("merge_lines", "till", _ON_OFF),
    Setting("receipt_return_s", "till", Number(0, 120, "seconds")),
    Setting("weighed_weight", "till", Prefixes()),
    Setting("weighed_price", "till", Prefixes()),
    Setting("expiry_soon_days", "till", Number(0, 30, "days")),
    Setting("internal_pattern", "till", CodePattern(200)),
    Setting("training_own", "till", Names(each_most=40, count_most=12)),
    Setting("suggest_sentence", "members", _ON_OFF),
    Setting("recommend", "members", _ON_OFF),
    Setting("never_recommended", "members", Names(each_most=20, count_most=24)),
    Setting("member_sales_limit", "members", Number(1, 100, "times")),
    Setting("keep_inactive_months", "members", Number(0, 120, "months")),
    Setting("keep_case_months", "members", Number(1, 120, "months")),
    Setting("keep_hold_days", "members", Number(1, 400, "days")),
    Setting(
        "receipt_columns", "equipment",
        Number(RECEIPT_COLUMNS_LEAST, RECEIPT_COLUMNS_MOST, "columns"),
    ),
    Setting("printer", "equipment", Address(("folder", "device", "tcp", "serial", "usb"), 300)),
    Setting("drawer", "equipment", _ON_OFF),
    Setting("customer_display", "equipment", Choice(("second_screen", "window", "off"))),
    Setting("display_pay_code", "equipment", Line(256)),
    Setting("scan_gap_ms", "equipment", Number(15, 150, "milliseconds")),
    Setting("scan_prefix", "equipment", PrefixSign()),
    Setting("scanner", "equipment", Address(("serial",), 300)),
    Setting("camera", "equipment", Line(120), is_personal=True),
    Setting("mobile_terminal", "equipment", _TERMINALS),
    Setting("card_terminal", "equipment", _TERMINALS),
)  # fmt: skip

_BY_IDENTIFIER = {setting.identifier: setting for setting in REGISTRY}
_SHIPPED = Settings()


def setting_of(identifier: str) -> Setting | None:
    """The setting of a name; None = there is none."""
    return _BY_IDENTIFIER.get(identifier)


def settings_in(group: str) -> tuple[Setting, ...]:
    """Those of one group, in their order."""
    return tuple(setting for setting in REGISTRY if setting.group == group)


def value_text(settings: Settings, setting: Setting, decimals: int) -> str:
    """The value as plain text: what `put_value` takes, and what the trail keeps.

    `decimals`: of the shop's currency.
    """
    return setting.kind.write(_value(settings, setting.identifier), decimals)


def default_text(setting: Setting, decimals: int) -> str:
    """What ships, as plain text."""
    return value_text(_SHIPPED, setting, decimals)


def put_value(
    settings: Settings, setting: Setting, typed: str, decimals: int
) -> Settings | ValueRefused:
    """The settings with this value read from what was typed, or why it cannot be."""
    value = setting.kind.read(typed, decimals)
    if isinstance(value, ValueRefused):
        return value
    if setting.identifier in _WEIGHED:
        assert isinstance(value, tuple), value
        return _with_weighed(settings, setting.identifier, value)
    if setting.identifier == "receipt_languages":
        value = tuple(str(value).split("+"))
    return msgspec.structs.replace(settings, **{setting.identifier: value})


def with_defaults(settings: Settings, chosen: Iterable[Setting]) -> Settings:
    """The settings with these as they ship.

    Both kinds of labels of a scale go together: a prefix one of them took belongs to the other.
    """
    names = {_field(setting.identifier) for setting in chosen}
    return msgspec.structs.replace(settings, **{name: getattr(_SHIPPED, name) for name in names})


def changed_settings(before: Settings, after: Settings) -> tuple[Setting, ...]:
    """Which settings have another value, in their order."""
    return tuple(
        setting
        for setting in REGISTRY
        if _value(before, setting.identifier) != _value(after, setting.identifier)
    )


def _field(identifier: str) -> str:
    return "weighed" if identifier in _WEIGHED else identifier


def _value(settings: Settings, identifier: str) -> object:
    if identifier in _WEIGHED:
        says = _WEIGHED[identifier]
        return tuple(label.prefix for label in settings.weighed if label.value == says)
    if identifier == "receipt_languages":
        return "+".join(settings.receipt_languages)
    return getattr(settings, identifier)


def _with_weighed(
    settings: Settings, identifier: str, prefixes: tuple[str, ...]
) -> Settings | ValueRefused:
    says = _WEIGHED[identifier]
    others = tuple(label for label in settings.weighed if label.value != says)
    taken = {label.prefix for label in others}
    for prefix in prefixes:
        if prefix in taken:
            return ValueRefused("prefix_taken", part=prefix)
    changed = (*others, *(WeighedFormat(prefix, says) for prefix in prefixes))
    return msgspec.structs.replace(
        settings, weighed=tuple(sorted(changed, key=lambda label: label.prefix))
    )
