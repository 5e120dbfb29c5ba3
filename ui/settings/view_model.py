"""View of the settings: groups, the values of one or of a search, and the one that is chosen. Pure.

Owns: what is listed, how values read, what the editor offers. Does not own: widgets (screen.py),
what is asked (controller.py), names and sentences (words.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from unicodedata import east_asian_width

from app.domain.money import Money, parse_amount
from app.domain.setting_kind import Choice, Number, PrefixSign, Sum, Switch, Unit
from app.domain.setting_registry import GROUPS, settings_in
from app.services.settings import SettingOnTill, SettingsOnTill
from app.wording import N_, Wording
from ui import formatting
from ui.settings.page import SettingsPage
from ui.settings.sentences import who_may
from ui.settings.words import GROUP_WORDS, ON_OFF, WORDS

ORDER = (
    "general", "shop", "shift", "till", "members", "limits", "devices", "equipment", "keys",
    "server", "offline", "backup", "about",
)  # fmt: skip
"""Groups and pages as they stand in the list; others follow."""
_VALUE_COLUMNS_MAX = 20
"""A wider value stands whole beside the list only; a Chinese sign takes two."""
_UNITS: dict[Unit, str] = {
    "seconds": N_("{count} s"),
    "milliseconds": N_("{count} ms"),
    "percent": N_("{count}%"),
    "days": N_("{count} days"),
    "columns": N_("{count} columns"),
    "times": N_("{count} times"),
    "months": N_("{count} months"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: a group or page, what is searched for, which setting is marked."""

    group: str = GROUPS[0]
    query: str = ""
    marked: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One entry of the list of groups. `is_page`: a page of its own stands beside it."""

    identifier: str
    title: str
    icon: str
    is_current: bool
    is_page: bool


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, or one page that a search found (`is_page`)."""

    identifier: str
    name: str
    sentence: str
    value: str
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose. `text`: the value as it is kept."""

    text: str
    words: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """The marked setting. `options` to choose from, else `typed` is edited."""

    identifier: str
    name: str
    sentence: str
    options: tuple[Option, ...]
    typed: str
    value: str
    default: str
    who: str
    can_reset: bool
    step: int = 0
    """For a number: how far one press of plus or minus goes; 0 = it is typed only."""
    takes_words: bool = False
    """Names and addresses: the input method stays on."""


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The whole screen. Without `detail` the list is empty or a page stands there."""

    groups: tuple[GroupRow, ...]
    title: str
    rows: tuple[SettingRow, ...]
    detail: Detail | None
    can_reset_group: bool | None
    """Whether a value of this group differs from its default; None = no group is shown."""
    mode: Literal["list", "page", "empty"]


@dataclass(frozen=True, slots=True)
class Told:
    """What the screen is told about: all settings, the pages, how money reads."""

    settings: SettingsOnTill
    pages: Sequence[SettingsPage]
    currency: str
    wording: Wording


def settings_view(told: Told, place: Place) -> SettingsView:
    """The screen at this place; a mark that is not in the list falls on its first row."""
    rows = _found(told, place.query) if place.query.strip() else _rows_of(told, place.group)
    groups = group_rows(told, place)
    current = next((row for row in groups if row.is_current), None)
    if not place.query.strip() and current is not None and current.is_page:
        return SettingsView(groups, current.title, (), None, None, "page")
    marked = next((row for row in rows if row.identifier == place.marked), None)
    marked = marked or next(iter(rows), None)
    detail = None
    if marked is not None and not marked.is_page:
        detail = _detail(told, told.settings.of(marked.identifier))
    searching = bool(place.query.strip())
    wording = told.wording
    return SettingsView(
        groups=tuple(replace(row, is_current=False) for row in groups) if searching else groups,
        title=wording.t("Found") if searching else current.title if current else "",
        rows=rows,
        detail=detail,
        can_reset_group=None if searching else any(_differs(told, row.identifier) for row in rows),
        mode="list" if rows else "empty",
    )


def group_rows(told: Told, place: Place) -> tuple[GroupRow, ...]:
    """Groups and pages in their order; a page stands for the group it names."""
    pages = {page.identifier: page for page in told.pages}
    names: list[str] = sorted(dict.fromkeys((*GROUPS, *pages)), key=_in_order)
    return tuple(_group_row(told, name, pages.get(name), place) for name in names)


def _in_order(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _group_row(told: Told, name: str, page: SettingsPage | None, place: Place) -> GroupRow:
    if page is not None:
        title, icon = page.title, page.icon
    else:
        title, icon = next(words for group, words in GROUP_WORDS.items() if group == name)
    is_current = place.group == name
    return GroupRow(name, told.wording.t(title), icon, is_current, page is not None)


def _rows_of(told: Told, group: str) -> tuple[SettingRow, ...]:
    return tuple(_row(told, told.settings.of(each.identifier)) for each in settings_in(group))


def _row(told: Told, one: SettingOnTill) -> SettingRow:
    words = WORDS[one.setting.identifier]
    value = value_words(one, one.value, told)
    return SettingRow(
        one.setting.identifier,
        told.wording.t(words.name),
        told.wording.t(words.sentence),
        _shortened(value),
    )


def _shortened(value: str) -> str:
    columns, kept = 0, ""
    for sign in value:
        columns += 2 if east_asian_width(sign) in "WF" else 1
        if columns > _VALUE_COLUMNS_MAX:
            return f"{kept[:-1].rstrip()}…"
        kept += sign
    return value


def _found(told: Told, query: str) -> tuple[SettingRow, ...]:
    """Settings and pages in whose words every word of the query stands; names come first."""
    parts = query.casefold().split()
    rows = [_row(told, one) for one in told.settings.settings if _fits(_said_of(told, one), parts)]
    rows.sort(key=lambda row: not _fits(row.name, parts))
    t = told.wording.t
    for page in told.pages:
        said = " ".join(map(t, (page.title, *page.finds)))
        if _fits(said, parts):
            detail = t(page.finds[0]) if page.finds else ""
            rows.append(SettingRow(page.identifier, t(page.title), detail, "", is_page=True))
    return tuple(rows)


def _said_of(told: Told, one: SettingOnTill) -> str:
    words, t = WORDS[one.setting.identifier], told.wording.t
    group, _ = GROUP_WORDS[one.setting.group]
    options = " ".join(map(t, words.options.values()))
    return f"{t(words.name)} {t(words.sentence)} {t(group)} {options} {one.setting.identifier}"


def _fits(said: str, parts: Sequence[str]) -> bool:
    folded = said.casefold()
    return all(part in folded for part in parts)


def _differs(told: Told, identifier: str) -> bool:
    one = told.settings.of(identifier)
    return one.value != one.default


def _detail(told: Told, one: SettingOnTill) -> Detail:
    t, words, kind = told.wording.t, WORDS[one.setting.identifier], one.setting.kind
    options = tuple(
        Option(text, value_words(one, text, told), text == one.value) for text in _options(one)
    )
    default = value_words(one, one.default, told)
    return Detail(
        identifier=one.setting.identifier,
        name=t(words.name),
        sentence=t(words.sentence),
        options=options,
        typed=one.value,
        value=value_words(one, one.value, told),
        default=t("Default: {value}", value=default),
        who=who_may(one.setting.is_personal, told.settings.roles, told.wording),
        can_reset=one.value != one.default,
        step=_step(kind) if isinstance(kind, Number) and not options else 0,
        takes_words=not isinstance(kind, Number | PrefixSign | Sum),
    )


def _step(kind: Number) -> int:
    """A tenth of what is possible at most, so that a bound is a few presses away."""
    span = kind.most - kind.least
    return 1 if span <= 50 else 5 if span <= 150 else 10 if span <= 1_000 else 60


def _options(one: SettingOnTill) -> tuple[str, ...]:
    match one.setting.kind:
        case Switch():
            return ("on", "off")
        case Choice(options):
            return options
        case Number(steps=steps):
            return tuple(map(str, steps))
        case _:
            return ()


def value_words(one: SettingOnTill, text: str, told: Told) -> str:
    """A value as people read it."""
    t, words, kind = told.wording.t, WORDS[one.setting.identifier], one.setting.kind
    match kind:
        case Switch():
            return t(ON_OFF[text])
        case Choice():
            return t(words.options[text])
        case Number(unit=unit):
            if text == "0" and words.zero:
                return t(words.zero)
            return t(_UNITS[unit], count=text) if unit else text
        case Sum():
            amount = parse_amount(text, formatting.decimals(told.currency))
            assert isinstance(amount, Money), f"kept as an amount: {text}"
            return formatting.money(amount, currency=told.currency)
        case _:
            return text or t("Not set")
