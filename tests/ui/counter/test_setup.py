"""The set-up: its route without a window, and the whole way by real key events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.program import NoticeTooShort, ProgramUnreadable
from app.services.setup import ManagerExists, NameMissing, NameUnreadable, RecoveryWrong, SetUpAt
from app.services.staff import PinRefused
from app.store.opening import code_is_right
from app.store.recovery_code import RecoveryCode, parse_recovery_code
from tests.real_shop import recovery_code
from tests.ui.counter.conftest import open_counter
from tests.ui.opened import Opened
from ui.application import Application
from ui.navigation import ToSignIn
from ui.setup.controller import SetupController
from ui.setup.route import SetupForm, SetupRoute, StepFault
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

Key = Qt.Key


# ------------------------------------------------------------------ the route


def at_manager(pin: str, again: str, name: str = "王芳") -> SetupRoute:
    form = SetupForm({"manager": name, "pin": pin, "pin_again": again})
    return SetupRoute("manager", form)


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        pytest.param(SetupRoute("store"), StepFault("store_name", "name_missing"), id="no name"),
        pytest.param(at_manager("9513", "9513", " "), StepFault("manager", "name_missing"),
                     id="nobody"),
        pytest.param(at_manager("951", "951"), StepFault("pin", "length"), id="short pin"),
        pytest.param(at_manager("1234", "1234"), StepFault("pin", "too_common"), id="common pin"),
        pytest.param(at_manager("0000", "0000"), StepFault("pin", "same_digits"), id="zeros"),
        pytest.param(at_manager("95a3", "95a3"), StepFault("pin", "digits"), id="letters"),
        pytest.param(at_manager("9513", "9531"), StepFault("pin_again", "pin_differs"), id="two"),
        pytest.param(at_manager("9513", "9513"), None, id="good"),
        pytest.param(SetupRoute("rules"), StepFault(None, "template_missing"), id="no rules"),
        pytest.param(SetupRoute("recovery"), StepFault("typed_code", "code_missing"), id="no code"),
        pytest.param(SetupRoute("language"), None, id="language"),
    ],
)  # fmt: skip
def test_what_can_be_seen_to_be_wrong(route: SetupRoute, fault: StepFault | None) -> None:
    assert route.checked().fault == fault


@pytest.mark.parametrize(
    ("answer", "step", "fault"),
    [
        pytest.param(SetUpAt("rules"), "rules", None, id="next"),
        pytest.param(ManagerExists(), "rules", None, id="manager of the first time"),
        pytest.param(NameMissing(), "manager", StepFault("manager", "name_missing"), id="name"),
        pytest.param(NameUnreadable(), "manager", StepFault("manager", "name_unreadable"),
                     id="hidden signs"),
        pytest.param(PinRefused("too_common"), "manager", StepFault("pin", "too_common"), id="pin"),
        pytest.param(RecoveryWrong(), "manager", StepFault("typed_code", "code_wrong"), id="code"),
        pytest.param(ProgramUnreadable(()), "manager", StepFault(None, "template_unusable"),
                     id="rules this program cannot read"),
        pytest.param(NoticeTooShort(date(2026, 12, 21)), "manager",
                     StepFault(None, "template_unusable"), id="rules that come too soon"),
    ],
)  # fmt: skip
def test_what_an_answer_leads_to(answer: object, step: str, fault: StepFault | None) -> None:
    after = at_manager("9513", "9513").answered(answer)
    assert (after.step, after.fault) == (step, fault)


def test_going_back_keeps_what_was_typed() -> None:
    route = at_manager("9513", "9513").back()
    assert (route.step, route.form.text("manager")) == ("store", "王芳")
    assert SetupRoute("language").back().step == "language"
    assert not SetupRoute("done").can_go_back


def test_typing_forgets_what_was_wrong_with_the_field_only() -> None:
    route = at_manager("1234", "1234").checked()
    assert route.typed("pin", "9").fault is None
    assert route.typed("manager", "王").fault == route.fault


# ------------------------------------------------------------------ by keys


def wizard(opened: Opened) -> SetupController:
    current = opened.handle.parts.navigation.current
    assert isinstance(current, SetupController)
    return current


def fill_in(opened: Opened, *texts: str) -> None:
    for place, text in enumerate(texts):
        if place:
            opened.press(Key.Key_Tab)
        opened.type(text)
    opened.press(Key.Key_Return)


def to_recovery(opened: Opened) -> None:
    opened.press(Key.Key_Return)
    fill_in(opened, "renmin")
    fill_in(opened, "wang", "9513", "9513")
    opened.press(Key.Key_Return)


def test_from_an_empty_machine_to_the_sign_in(new_till: Opened) -> None:
    to_recovery(new_till)
    assert wizard(new_till).route.step == "recovery"
    shown = wizard(new_till)._screen.code.text.text()
    new_till.type("AAAAA")
    new_till.press(Key.Key_Return)
    assert "恢复码不对" in wizard(new_till)._screen._rows[0].error_text
    for _ in range(5):
        new_till.press(Key.Key_Backspace)
    new_till.type(shown.lower().replace("-", " "))
    new_till.press(Key.Key_Return)
    assert wizard(new_till).route.step == "done"
    new_till.press(Key.Key_Return)
    assert isinstance(new_till.handle.parts.navigation.here, ToSignIn)
    typed = parse_recovery_code(shown)
    assert isinstance(typed, RecoveryCode)
    assert code_is_right(new_till.shop.store.place, typed)
    assert not code_is_right(new_till.shop.store.place, recovery_code())


def test_a_crash_resumes_at_the_same_step(
    new_till: Opened, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    new_till.press(Key.Key_Return)
    fill_in(new_till, "renmin")
    assert wizard(new_till).route.step == "manager"
    again = open_counter(new_till.shop, application, qtbot, tmp_path)
    assert wizard(again).route.step == "manager"
    again.close()


def test_esc_goes_back_and_bad_input_stands_beside_its_field(new_till: Opened) -> None:
    new_till.press(Key.Key_Return)
    new_till.press(Key.Key_Return)
    screen = wizard(new_till)._screen
    assert screen._rows[0].error_text == "请填写名称。"
    new_till.press(Key.Key_Escape)
    assert wizard(new_till).route.step == "language"


def test_the_code_can_be_saved_and_the_backup_folder_changed(
    new_till: Opened, tmp_path: Path
) -> None:
    to_recovery(new_till)
    controller = wizard(new_till)
    shown = controller._screen.code.text.text()
    controller._save_code()
    saved = tmp_path / "documents" / "zhanggui-recovery-code.txt"
    assert shown in saved.read_text("utf-8")
    assert saved.stat().st_mode & 0o077 == 0
    first = new_till.shop.store.backups.folder
    assert first.is_dir()
    controller.use_backup_folder(str(tmp_path / "second"))
    assert not first.exists(), "no folder stays in which nobody finds a backup"
    assert "second" in controller._screen.code.folder.whole_text
    assert new_till.shop.store.backups.folder == tmp_path / "second"


def test_the_language_switches_while_it_stands_open(new_till: Opened) -> None:
    screen = wizard(new_till)._screen
    assert screen._title.text() == "语言与外观"
    wizard(new_till)._choose_language("en")
    assert screen._title.text() == "Language and look"


def test_the_look_chosen_first_is_kept(new_till: Opened) -> None:
    wizard(new_till)._choose_scheme(Scheme.DARK)
    new_till.press(Key.Key_Return)
    kept = new_till.shop.store.lane.submit(lambda work: work.settings.read()).result()
    assert kept.theme == "dark"
    Theme.current().use(scheme=Scheme.LIGHT)
