"""Tokens, style sheet, theme switch, icons: the numbers recomputed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme import icons
from ui.theme.qss import build_qss
from ui.theme.theme import Theme
from ui.theme.tokens import (
    CONTROL_PAIRS,
    DARK,
    LIGHT,
    SCALES_PERCENT,
    TEXT_PAIRS,
    TOKENS,
    Density,
    Scheme,
    contrast,
)

UI = Path(__file__).resolve().parent.parent.parent / "ui"
# The table of the specification, light / dark, to one decimal: computed again from the tokens.
SPECIFIED = {
    ("text_primary", "bg_surface"): (16.5, 14.3),
    ("text_secondary", "bg_surface"): (7.3, 8.4),
    ("text_secondary", "bg_selected"): (6.0, 6.1),
    ("border_control", "bg_surface"): (3.6, 4.7),
    ("primary", "bg_surface"): (6.7, 6.4),
    ("on_primary", "primary"): (6.7, 6.5),
    ("success", "success_bg"): (5.4, 7.9),
    ("warning", "warning_bg"): (6.1, 9.0),
    ("danger", "danger_bg"): (5.5, 7.9),
    ("offline", "offline_bg"): (7.2, 10.0),
    ("member", "member_bg"): (6.3, 8.2),
    ("gold", "bg_surface"): (6.9, 9.6),
}


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    found = Theme.current()
    yield found
    found.use(scheme=Scheme.LIGHT, scale_percent=100, density=Density.TILL)


@pytest.mark.parametrize("scheme", TOKENS, ids=lambda s: s.value)
def test_every_text_and_control_can_be_seen(scheme: Scheme) -> None:
    tokens = TOKENS[scheme]
    weak = [
        (one, other, round(contrast(tokens[one], tokens[other]), 2))
        for pairs, least in ((TEXT_PAIRS, 4.5), (CONTROL_PAIRS, 3.0))
        for one, other in pairs
        if contrast(tokens[one], tokens[other]) < least
    ]
    assert weak == []


@pytest.mark.parametrize(("pair", "ratios"), SPECIFIED.items(), ids=str)
def test_the_contrast_table_of_the_specification_is_true(
    pair: tuple[str, str], ratios: tuple[float, float]
) -> None:
    for tokens, ratio in zip((LIGHT, DARK), ratios, strict=True):
        assert contrast(tokens[pair[0]], tokens[pair[1]]) == pytest.approx(ratio, abs=0.06)


def test_contrast_knows_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("scheme", TOKENS, ids=lambda s: s.value)
def test_the_themes_have_the_same_tokens(scheme: Scheme) -> None:
    assert set(TOKENS[scheme]) == set(LIGHT)


@pytest.mark.parametrize("scheme", TOKENS, ids=lambda s: s.value)
@pytest.mark.parametrize("scale", SCALES_PERCENT)
def test_the_style_sheet_has_no_hole(scheme: Scheme, scale: int) -> None:
    sheet = build_qss(TOKENS[scheme], Density.TILL, scale)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_no_colour_stands_outside_the_tokens() -> None:
    literal = re.compile(r"""["'#\s:(]#[0-9a-fA-F]{3,8}\b|QColor\(\s*\d""")
    found = [
        f"{path.relative_to(UI)}: {match.group()}"
        for path in sorted(UI.rglob("*.py"))
        if path.name != "tokens.py"
        for match in literal.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_switch_reaches_palette_style_sheet_and_widgets(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.use(scheme=Scheme.LIGHT)
    with qtbot.waitSignal(theme.changed):
        theme.use(scheme=Scheme.DARK)
    assert theme.is_dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK["bg_app"])
    assert DARK["text_secondary"] in qapp.styleSheet()
    assert LIGHT["text_secondary"] not in qapp.styleSheet()


def test_the_same_look_again_changes_nothing(theme: Theme, qtbot: QtBot) -> None:
    theme.use(scheme=Scheme.LIGHT)
    with qtbot.assertNotEmitted(theme.changed):
        theme.use(scheme=Scheme.LIGHT, scale_percent=100)


def test_text_grows_with_the_scale_and_controls_half_as_much(theme: Theme) -> None:
    theme.use(scale_percent=150)
    assert (theme.px(16), theme.size(64)) == (24, 80)
    assert theme.font("body_l").pixelSize() == 24


def test_an_untested_scale_is_refused(theme: Theme) -> None:
    with pytest.raises(ValueError, match="text scale"):
        theme.use(scale_percent=120)


def test_figures_have_one_width(theme: Theme) -> None:
    metrics = QFontMetrics(theme.font("amount_xl"))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_a_chinese_sign_is_drawn_from_a_font_that_has_it(theme: Theme) -> None:
    metrics = QFontMetrics(theme.font("body"))
    assert all(metrics.inFont(sign) for sign in "掌柜券⋅¥−×")


@pytest.mark.parametrize("name", icons.names())
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    drawn = icons.pixmap(name, "#112233", 96).toImage()
    every = [drawn.pixelColor(x, y) for x in range(96) for y in range(96)]
    solid = [colour for colour in every if colour.alpha() == 255]
    assert solid, "the drawing is empty"
    # Where two strokes of antialiasing meet, Qt's arithmetic may be off by one.
    assert all(
        abs(colour.red() - 0x11) <= 1
        and abs(colour.green() - 0x22) <= 1
        and abs(colour.blue() - 0x33) <= 1
        for colour in solid
    )


def test_the_core_icons_are_there() -> None:
    core = {
        *("scan", "user", "user-plus", "ticket", "coin", "wallet", "gift", "pause", "rotate"),
        *("receipt", "printer", "refund", "lock", "shield-check", "cloud", "cloud-off"),
        *("cloud-up", "alert", "clock", "complaint", "crown", "medal", "chart", "settings"),
        *("cash", "qrcode", "cake"),
    }
    assert core <= set(icons.names())


def test_icons_are_shared_not_drawn_twice(qapp: QApplication) -> None:
    assert icons.pixmap("scan", "#112233", 24) is icons.pixmap("scan", "#112233", 24)
