"""Buttons: where the key of a button stands."""

from pytestqt.qtbot import QtBot

from ui.kit.buttons import SecondaryButton
from ui.kit.stacked_buttons import KeyBarButton
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme


def test_a_key_without_room_beside_its_word_stands_in_the_corner(qtbot: QtBot) -> None:
    look = Theme.current()
    look.use(scheme=Scheme.LIGHT, scale_percent=100)
    key = SecondaryButton("Print copy 2", icon="printer", hint="Ctrl+R")
    qtbot.addWidget(key)
    key.resize(300, 48)
    beside = key.grab().toImage()
    assert key.hint_fits()
    key.resize(150, 48)
    with_key = key.grab().toImage()
    assert not key.hint_fits()
    assert key.hint_is_shown()
    key.set_label("Print copy 2", hint="")
    assert key.grab().toImage() != with_key != beside
    key.set_label("Print copy 2", hint="Ctrl+R")
    look.use(scale_percent=150)
    key.resize(180, 60)
    assert key.hint_is_shown()
    key.setFixedHeight(24)
    assert not key.hint_is_shown()
    look.use(scale_percent=100)


def test_a_key_of_the_key_bar_without_room_below_stands_beside_the_icon(qtbot: QtBot) -> None:
    look = Theme.current()
    look.use(scheme=Scheme.LIGHT, scale_percent=150)
    key = KeyBarButton("删除", icon="trash", hint="Del")
    qtbot.addWidget(key)
    key.resize(80, 80)
    assert not key.hint_fits()
    assert key.hint_is_shown()
    upper = key.grab().toImage().copy(0, 0, 80, 44)
    columns = [
        any(upper.pixel(x, y) != upper.pixel(4, 22) for y in range(8, 44)) for x in range(4, 76)
    ]
    strokes = "".join("#" if each else " " for each in columns)
    widest_gap = max(len(gap) for gap in strokes.strip().split("#"))
    assert widest_gap >= 4  # between the icon and its key: nothing lies over anything
    look.use(scale_percent=100)
