"""Settings one by one: every field of the record is in the list, and what is typed is judged."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.setting_kind import Kind, Number, PrefixSign, Switch, ValueRefused
from app.domain.setting_registry import (
    GROUPS,
    REGISTRY,
    Setting,
    changed_settings,
    default_text,
    put_value,
    setting_of,
    settings_in,
    value_text,
    with_defaults,
)
from app.domain.settings import Settings, WeighedFormat

WITHOUT_EFFECT = {"phone_region"}
"""Kept in the record, read by nothing yet: a setting that changes nothing is not offered."""

ON_PAGES = {"key_preset", "own_keys", "training_left_out"}
"""Set on a page of their own: presets, one key at a time, one training step at a time."""


def of(identifier: str) -> Setting:
    found = setting_of(identifier)
    assert found is not None
    return found


def typed(identifier: str, text: str, settings: Settings | None = None) -> Settings | ValueRefused:
    return put_value(settings or Settings(), of(identifier), text, 2)


def test_every_field_of_the_record_can_be_set() -> None:
    names = {setting.identifier for setting in REGISTRY}
    shared = {"weighed_weight", "weighed_price"}
    elsewhere = {"weighed", "training_since_ms"} | ON_PAGES | WITHOUT_EFFECT
    assert names - shared == set(Settings.__struct_fields__) - elsewhere
    assert shared <= names
    assert len(names) == len(REGISTRY)


def test_every_setting_stands_in_one_group() -> None:
    assert [each for group in GROUPS for each in settings_in(group)] == list(REGISTRY)


def test_nothing_has_another_name() -> None:
    assert setting_of("no_such_setting") is None


@pytest.mark.parametrize("setting", REGISTRY, ids=lambda each: each.identifier)
def test_the_default_of_every_setting_can_be_typed(setting: Setting) -> None:
    assert put_value(Settings(), setting, default_text(setting, 2), 2) == Settings()


@pytest.mark.parametrize("setting", REGISTRY, ids=lambda each: each.identifier)
def test_the_bounds_of_the_list_are_those_of_the_record(setting: Setting) -> None:
    """What the list lets through the record takes too, or the file could not be read again."""
    for text in _edges(setting.kind):
        settings = put_value(Settings(), setting, text, 2)
        assert isinstance(settings, Settings), text
        again = msgspec.json.decode(msgspec.json.encode(settings), type=Settings)
        assert again == settings
        assert value_text(again, setting, 2) == text


def _edges(kind: Kind) -> tuple[str, ...]:
    match kind:
        case Number(least, most, _, steps):
            return tuple(map(str, steps or (least, most)))
        case PrefixSign():
            return ("0", "1", "126")
        case Switch():
            return ("on", "off")
        case _:
            return tuple(getattr(kind, "options", ()))


@pytest.mark.parametrize(
    ("identifier", "text", "field", "value"),
    [
        pytest.param("receipt_columns", " ４２ ", "receipt_columns", 42, id="full-width figures"),
        pytest.param("receipt_columns", "32", "receipt_columns", 32, id="narrowest paper"),
        pytest.param("receipt_columns", "56", "receipt_columns", 56, id="widest paper"),
        pytest.param("store_name", " 人民路店 ", "store_name", "人民路店", id="blanks around"),
        pytest.param("over_short_limit_minor", "35.5", "over_short_limit_minor", 3550, id="money"),
        pytest.param("shift_names", "早班，晚班", "shift_names", ("早班", "晚班"), id="names"),
        pytest.param("shift_names", "", "shift_names", (), id="no names"),
        pytest.param("denominations", "100, 50, 0.5", "denominations", ("100", "50", "0.5"),
                     id="notes and coins"),
        pytest.param("denominations", " ", "denominations", (), id="those of the currency"),
        pytest.param("receipt_languages", "en+zh_CN", "receipt_languages", ("en", "zh_CN"),
                     id="two languages"),
        pytest.param("printer", "tcp:192.168.1.50", "printer", "tcp:192.168.1.50", id="printer"),
        pytest.param("printer", "folder+txt+pdf:/srv/paper", "printer",
                     "folder+txt+pdf:/srv/paper", id="printer of files"),
        pytest.param("internal_pattern", r"\d{3,5}", "internal_pattern", r"\d{3,5}", id="codes"),
        pytest.param("scan_prefix", "0", "scan_prefix", 0, id="no sign before codes"),
        pytest.param("scan_prefix", "2", "scan_prefix", 2, id="STX before codes"),
        pytest.param("sounds", "off", "sounds", False, id="switch"),
    ],
)  # fmt: skip
def test_what_is_typed_is_read(identifier: str, text: str, field: str, value: object) -> None:
    settings = typed(identifier, text)
    assert isinstance(settings, Settings)
    assert getattr(settings, field) == value


@pytest.mark.parametrize(
    ("identifier", "text", "why"),
    [
        pytest.param("receipt_columns", "31", ValueRefused("out_of_range", 32, 56), id="31"),
        pytest.param("receipt_columns", "57", ValueRefused("out_of_range", 32, 56), id="57"),
        pytest.param("receipt_columns", "-40", ValueRefused("out_of_range", 32, 56), id="below 0"),
        pytest.param("receipt_columns", "9" * 5_000, ValueRefused("out_of_range", 32, 56),
                     id="5,000 figures"),
        pytest.param("receipt_columns", "wide", ValueRefused("not_a_number", 32, 56), id="letters"),
        pytest.param("receipt_columns", "", ValueRefused("not_a_number", 32, 56), id="nothing"),
        pytest.param("receipt_columns", "42.5", ValueRefused("not_a_number", 32, 56), id="half"),
        pytest.param("text_scale", "120", ValueRefused("not_an_option"), id="a size between"),
        pytest.param("theme", "pink", ValueRefused("not_an_option"), id="no such look"),
        pytest.param("sounds", "perhaps", ValueRefused("not_an_option"), id="neither on nor off"),
        pytest.param("over_short_limit_minor", "-1", ValueRefused("not_an_amount", 0, 10_000_000),
                     id="negative money"),
        pytest.param("over_short_limit_minor", "1.005",
                     ValueRefused("not_an_amount", 0, 10_000_000), id="half a fen"),
        pytest.param("over_short_limit_minor", "100000.01",
                     ValueRefused("amount_too_high", 0, 10_000_000), id="too much money"),
        pytest.param("store_name", "店" * 41, ValueRefused("too_long", 0, 40), id="long name"),
        pytest.param("store_name", "a\u202eb", ValueRefused("control_signs"), id="turned writing"),
        pytest.param("shift_names", "早班,早班", ValueRefused("doubled", part="早班"),
                     id="the same shift twice"),
        pytest.param("shift_names", "班" * 21, ValueRefused("too_long", 0, 20, "班" * 21),
                     id="long shift name"),
        pytest.param("shift_names", "a\tb", ValueRefused("control_signs", part="a\tb"),
                     id="tab in a name"),
        pytest.param("shift_names", ",".join("123456789"), ValueRefused("too_many", 0, 8),
                     id="nine shifts"),
        pytest.param("denominations", "50, 100", ValueRefused("worths_order", part="100"),
                     id="smallest first"),
        pytest.param("denominations", "100, paper", ValueRefused("not_worths", part="paper"),
                     id="no amount"),
        pytest.param("weighed_weight", "31", ValueRefused("not_a_prefix", 20, 29, "31"),
                     id="prefix of goods"),
        pytest.param("weighed_weight", "21, 21", ValueRefused("doubled", part="21"),
                     id="a prefix twice"),
        pytest.param("weighed_weight", "21, 22", ValueRefused("prefix_taken", part="22"),
                     id="a prefix of prices"),
        *(
            pytest.param("scan_prefix", str(ord(sign)), ValueRefused("not_before_codes"),
                         id=f"{sign!r} before each code")
            for sign in "0 9AZaz]-.\t\n\r\x1d"
        ),
        pytest.param("scan_prefix", "127", ValueRefused("out_of_range", 0, 126), id="no sign"),
        pytest.param("scan_prefix", "STX", ValueRefused("not_a_number", 0, 126), id="its name"),
        pytest.param("internal_pattern", " ", ValueRefused("empty"), id="no pattern"),
        pytest.param("internal_pattern", "(", ValueRefused("not_a_pattern"), id="open bracket"),
        pytest.param("internal_pattern", r"\d+", ValueRefused("overlaps_payment"), id="wallets"),
        pytest.param("internal_pattern", "x" * 201, ValueRefused("too_long", 0, 200),
                     id="long pattern"),
        pytest.param("printer", "fax:12345",
                     ValueRefused("not_an_address", part="folder, device, tcp, serial, usb"),
                     id="no such printer"),
        pytest.param("printer", "tcp:", ValueRefused("not_an_address",
                     part="folder, device, tcp, serial, usb"), id="printer nowhere"),
        pytest.param("printer", "device:/dev/\nlp", ValueRefused("not_an_address",
                     part="folder, device, tcp, serial, usb"), id="line break"),
        pytest.param("scanner", "serial:" + "x" * 300, ValueRefused("too_long", 0, 300),
                     id="long port"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_would_do(
    identifier: str, text: str, why: ValueRefused
) -> None:
    assert typed(identifier, text) == why


@given(setting=st.sampled_from(REGISTRY), text=st.text(max_size=40))
def test_whatever_is_typed_is_taken_whole_or_refused(setting: Setting, text: str) -> None:
    """No text raises, and what is taken can be kept, read and typed again."""
    settings = put_value(Settings(), setting, text, 2)
    if isinstance(settings, ValueRefused):
        return
    again = msgspec.json.decode(msgspec.json.encode(settings), type=Settings)
    assert put_value(again, setting, value_text(again, setting, 2), 2) == again


def test_labels_of_a_scale_are_kept_in_order() -> None:
    settings = typed("weighed_weight", "25, 20")
    assert isinstance(settings, Settings)
    assert settings.weighed == (
        WeighedFormat("20"), WeighedFormat("22", "price"), WeighedFormat("25"),
    )  # fmt: skip
    assert value_text(settings, of("weighed_weight"), 2) == "20, 25"
    assert value_text(settings, of("weighed_price"), 2) == "22"


def test_a_group_goes_back_to_what_ships() -> None:
    settings = Settings(store_name="人民路店", receipt_columns=32, blind_count=False)
    reset = with_defaults(settings, settings_in("equipment"))
    assert reset == Settings(store_name="人民路店", blind_count=False)


def test_both_kinds_of_labels_go_back_together() -> None:
    settings = Settings(weighed=(WeighedFormat("21", "price"),))
    assert with_defaults(settings, [of("weighed_weight")]) == Settings()


def test_what_differs_is_named() -> None:
    before = Settings()
    after = Settings(receipt_columns=32, receipt_languages=("en",), weighed=())
    assert [each.identifier for each in changed_settings(before, after)] == [
        "receipt_languages", "weighed_weight", "weighed_price", "receipt_columns",
    ]  # fmt: skip
    assert changed_settings(before, before) == ()
