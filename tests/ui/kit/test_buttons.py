"""Buttons: where the key of a button stands."""

from pytestqt.qtbot import QtBot

from ui.kit.buttons import SecondaryButton
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
