"""Signing in by real key events: PIN, badge, wrong PINs, lock, another cashier."""

from __future__ import annotations

import threading

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.services.ports import PinHasher
from app.services.staff import lock_till
from tests.real_shop import MILK, PINS
from tests.ui.keys import window_of
from tests.ui.opened import Opened
from ui.navigation import ToSignIn, ToTill
from ui.sign_in.controller import SignInController
from ui.sign_in.idle import IdleLock
from ui.sounds import Sound
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

Key = Qt.Key


def at_door(opened: Opened) -> SignInController:
    current = opened.handle.parts.navigation.current
    assert isinstance(current, SignInController)
    return current


def here(opened: Opened) -> object:
    return opened.handle.parts.navigation.here


def choose(opened: Opened, name: str) -> None:
    at_door(opened)._choose(opened.shop.staff[name])


def type_pin(opened: Opened, pin: str) -> None:
    for figure in pin:
        opened.press(Qt.Key(ord(figure)))


def test_a_pin_signs_in(door: Opened) -> None:
    choose(door, "李明")
    type_pin(door, PINS["李明"])
    assert at_door(door)._screen.dots.filled == 4
    door.press(Key.Key_Return)
    assert isinstance(here(door), ToTill)
    assert door.state.staff is not None
    assert door.state.staff.name == "李明"


class WatchedPins:
    """The shop's own hasher; says on which thread it was asked."""

    def __init__(self, pins: PinHasher) -> None:
        self._pins = pins
        self.asked_on: list[str] = []

    def hash_pin(self, pin: str) -> str:
        return self._pins.hash_pin(pin)

    def is_right(self, pin: str, pin_hash: str) -> bool:
        self.asked_on.append(threading.current_thread().name)
        return self._pins.is_right(pin, pin_hash)


def test_nobody_waits_for_the_store_while_a_pin_is_compared(door: Opened) -> None:
    pins = WatchedPins(door.shop.shop.pins)
    object.__setattr__(door.handle.parts.shop, "pins", pins)
    choose(door, "李明")
    for pin in ("1357", PINS["李明"]):
        type_pin(door, pin)
        door.press(Key.Key_Return)
    assert isinstance(here(door), ToTill)
    assert len(pins.asked_on) == 2
    assert not [name for name in pins.asked_on if name in ("store-lane", "MainThread")]


def test_the_second_time_the_pin_is_sent_at_its_length(door: Opened) -> None:
    choose(door, "李明")
    type_pin(door, PINS["李明"])
    door.press(Key.Key_Return)
    door.press(Key.Key_F12)
    assert isinstance(here(door), ToSignIn)
    type_pin(door, PINS["李明"])
    assert isinstance(here(door), ToTill)


def test_a_badge_signs_in_at_any_time(door: Opened) -> None:
    type_pin(door, "12")
    door.scan(door.shop.badges["张敏"])
    assert isinstance(here(door), ToTill)


def test_arrows_choose_a_person(door: Opened) -> None:
    first = at_door(door)._form.chosen
    door.press(Key.Key_Right)
    assert at_door(door)._form.chosen != first
    door.press(Key.Key_Left)
    assert at_door(door)._form.chosen == first


def test_wrong_pins_count_down_then_wait_and_never_say_what_was_wrong(door: Opened) -> None:
    choose(door, "李明")
    for wanted in ("不正确，还可试 7 次。", "不正确，还可试 6 次。"):
        type_pin(door, "7777")
        door.press(Key.Key_Return)
        assert at_door(door)._screen.notice.sentence == wanted
        assert at_door(door)._screen.dots.filled == 0
        assert door.sounds[-1] is Sound.SCAN_ERROR
    type_pin(door, "7777")
    door.press(Key.Key_Return)
    assert "秒" in at_door(door)._screen.notice.sentence
    type_pin(door, "2")
    assert at_door(door)._screen.dots.filled == 0


def test_the_long_lock_names_the_way_out(door: Opened) -> None:
    choose(door, "李明")
    for _ in range(8):
        type_pin(door, "7777")
        door.press(Key.Key_Return)
        if "锁定" not in at_door(door)._screen.notice.sentence:
            door.shop.clock.go_on(milliseconds=9_000)
            for _ in range(40):
                at_door(door)._tick()
    assert "店长可以解锁" in at_door(door)._screen.notice.sentence


def test_other_codes_wait_until_somebody_is_signed_in(door: Opened) -> None:
    door.scan(MILK)
    assert at_door(door)._screen.notice.sentence == "请先登录，再扫一次。"
    assert door.state.lines == ()


def test_changing_the_cashier_keeps_the_basket(counter: Opened) -> None:
    counter.scan(MILK)
    counter.press(Key.Key_F12)
    assert isinstance(here(counter), ToSignIn)
    assert "1 件" in at_door(counter)._screen._waiting.sentence
    counter.scan(counter.shop.badges["赵磊"])
    assert counter.state.staff is not None
    assert counter.state.staff.name == "赵磊"
    assert len(counter.state.lines) == 1


def test_nobody_at_the_till_locks_it_and_a_key_puts_it_off(counter: Opened) -> None:
    counter.scan(MILK)
    lock = counter.handle.parts.navigation.findChild(IdleLock)
    assert lock is not None
    assert lock.timer.interval() == 180_000
    before = lock.timer.timerId()
    assert before > 0, "it runs while somebody is signed in"
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window_of(counter.window), event)  # where a keyboard's keys arrive
    # A timer that begins anew is another one to Qt; nothing here depends on how fast this ran.
    assert lock.timer.isActive()
    assert lock.timer.timerId() != before
    lock._idle()
    counter.settle()
    assert isinstance(here(counter), ToSignIn)
    assert len(counter.state.lines) == 1


def test_the_till_is_not_locked_while_money_is_taken(counter: Opened) -> None:
    counter.scan(MILK)
    counter.press(Key.Key_F9)
    lock = counter.handle.parts.navigation.findChild(IdleLock)
    assert lock is not None
    lock._idle()
    counter.settle()
    assert not counter.state.locked


def test_the_lock_screen_shows_who_was_there(counter: Opened) -> None:
    counter.ask(lock_till)
    counter.settle()
    assert at_door(counter)._form.chosen == counter.shop.staff["李明"]


def test_the_look_chosen_before_signing_in_is_kept(door: Opened) -> None:
    Theme.current().use(scheme=Scheme.LIGHT)
    current = door.handle.parts.navigation.current
    assert isinstance(current, SignInController)
    current._screen.theme_requested.emit()
    door.settle()
    kept = door.shop.store.lane.submit(lambda work: work.settings.read()).result()
    assert kept.theme == "dark"
    Theme.current().use(scheme=Scheme.LIGHT)


def test_the_key_for_light_or_dark_shows_what_it_leads_to(door: Opened) -> None:
    key = at_door(door)._screen._theme_key
    Theme.current().use(scheme=Scheme.DARK)
    assert key._icon_name == "sun"
    Theme.current().use(scheme=Scheme.LIGHT)
    assert key._icon_name == "moon"
