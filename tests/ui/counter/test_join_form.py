"""The join form by touch and by key: figures on the screen, how to address, whole words."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest

from tests.real_shop import MILK, NEW_PHONE
from tests.ui.opened import Opened
from ui.join.controller import JoinController
from ui.join.dialog import JoinDialog
from ui.kit.buttons import KitButton
from ui.navigation import JoinMember
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

Key = Qt.Key


def opened_form(counter: Opened, phone: str = "") -> JoinDialog:
    counter.handle.parts.navigation.open_dialog(JoinMember(phone))
    counter.settle()
    controller = counter.handle.parts.navigation.dialog
    assert isinstance(controller, JoinController)
    return controller.dialog


def tap(counter: Opened, button: Any) -> None:
    place = button.mapTo(counter.window, button.rect().center())
    QTest.mouseClick(
        counter.window.windowHandle(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        place,
    )
    counter.settle()


def tap_figures(counter: Opened, dialog: JoinDialog, figures: str) -> None:
    for figure in figures:
        key: KitButton = dialog.side.pad.key(figure)
        assert key.isVisible()
        tap(counter, key)


def joined_person(counter: Opened) -> Any:
    assert counter.state.member is not None
    member_id = counter.state.member.member_id
    member = counter.shop.store.lane.submit(lambda work: work.members.get(member_id)).result()
    assert member is not None
    return member.person


def test_joining_needs_no_keyboard(counter: Opened) -> None:
    counter.scan(MILK)
    dialog = opened_form(counter)
    tap_figures(counter, dialog, NEW_PHONE[:-1] + "9")
    tap(counter, dialog.side.pad.key("back"))
    tap_figures(counter, dialog, NEW_PHONE[-1])
    assert dialog.phone.text() == NEW_PHONE
    assert dialog.phone.hasFocus(), "the pad takes no focus"
    tap(counter, dialog.side.pad.key("confirm"))
    assert dialog.consent.hasFocus()
    tap(counter, dialog.consent)
    tap(counter, dialog.save)
    assert dialog.is_saved
    assert dialog.side.qr.isVisible() and not dialog.side.pad.isVisible()
    tap(counter, dialog.birthday)
    tap_figures(counter, dialog, "0618")
    assert not dialog.side.qr.isVisible()
    tap(counter, dialog.side.pad.key("confirm"))
    assert counter.handle.parts.navigation.dialog is None
    birthday = joined_person(counter).birthday
    assert (birthday.month, birthday.day) == (6, 18)


def test_the_card_is_back_when_the_birthday_is_left(counter: Opened) -> None:
    dialog = opened_form(counter, NEW_PHONE)
    for key in (Key.Key_Space, Key.Key_Return):
        counter.press(key)
    dialog.birthday.setFocus()
    assert dialog.side.pad.isVisible() and not dialog.side.qr.isVisible()
    dialog.name.setFocus()
    assert dialog.side.qr.isVisible() and not dialog.side.pad.isVisible()


@pytest.mark.parametrize(
    ("pressed", "kept"),
    [
        pytest.param(["mr"], "mr", id="Mr"),
        pytest.param(["mr", "ms"], "ms", id="changed"),
        pytest.param(["ms", "ms"], "", id="taken back"),
        pytest.param([], "", id="nobody said"),
    ],
)
@pytest.mark.parametrize("is_saved_first", [False, True], ids=["before joining", "after joining"])
def test_how_to_address_is_optional_and_kept(
    counter: Opened, pressed: list[str], kept: str, is_saved_first: bool
) -> None:
    dialog = opened_form(counter, NEW_PHONE)
    if is_saved_first:
        for key in (Key.Key_Space, Key.Key_Return):
            counter.press(key)
    for which in pressed:
        tap(counter, getattr(dialog.person, which))
    if not is_saved_first:
        tap(counter, dialog.consent)
        tap(counter, dialog.save)
    tap(counter, dialog.save)
    assert counter.handle.parts.navigation.dialog is None
    assert joined_person(counter).salutation == kept


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_hint_in_a_field_is_seen_whole(counter: Opened, language: str) -> None:
    counter.window.resize(1024, 768)
    counter.handle.parts.language.use(language)
    dialog = opened_form(counter)
    for field in (dialog.birthday, dialog.referrer):
        hint = field.placeholderText()
        needed = QFontMetrics(field.font()).horizontalAdvance(hint)
        assert needed <= field.contentsRect().width() - 30, hint


def test_how_long_joining_took_is_said_anew_in_the_other_language(counter: Opened) -> None:
    dialog = opened_form(counter, NEW_PHONE)
    counter.shop.clock.go_on(milliseconds=14_000)
    for key in (Key.Key_Space, Key.Key_Return):
        counter.press(key)
    assert dialog._seconds.text == "用时 14 秒"
    counter.shop.clock.go_on(milliseconds=5_000)
    counter.window.switch_language()
    counter.settle()
    assert dialog._seconds.text == "14 s"


@pytest.mark.parametrize("scale_percent", [100, 150])
def test_the_focus_ring_runs_around_the_box_of_a_consent(
    counter: Opened, scale_percent: int
) -> None:
    theme = Theme.current()
    theme.use(scheme=Scheme.LIGHT, scale_percent=scale_percent)
    dialog = opened_form(counter, NEW_PHONE)
    assert dialog.consent.hasFocus()
    drawn = dialog.consent.grab().toImage()
    middle = drawn.height() // 2
    ring, ground = theme.colour("focus").rgb(), drawn.pixel(5, middle)
    assert any(drawn.pixel(x, middle) == ring for x in range(3)), "the ring is at the edge"
    inside = range(4, drawn.height() - 4)
    gap = {drawn.pixel(x, y) for y in inside for x in range(4, 7)}
    assert gap == {ground}, "nothing stands between the ring and the box"
    assert any(drawn.pixel(x, y) != ground for y in inside for x in range(7, 13)), "the box"
    theme.use(scheme=Scheme.LIGHT, scale_percent=100)
