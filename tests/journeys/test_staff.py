"""The staff desk by keys: somebody new, a new PIN, a new badge, leaving, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.services.staff import SignedIn, sign_in_with_badge, sign_in_with_pin
from tests.journeys.cashier import Cashier
from tests.ui import walking
from ui.application import Application
from ui.kit.pick_dialog import PickDialog
from ui.navigation import ToDesk, ToStaff
from ui.staff.controller import StaffController
from ui.staff.person_dialog import PersonDialog

pytestmark = pytest.mark.journey
Key = Qt.Key
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SIZES = ((1024, 768), (1366, 768))


@pytest.fixture
def at_staff(door: Cashier, tmp_path: Path) -> Cashier:
    """王芳 at the staff desk, by keys."""
    door.scan(door.shop.badges["王芳"])
    door.press(Key.Key_M, CONTROL)
    door.handle.parts.navigation.go(ToStaff())
    door.settle()
    staff(door).folder = tmp_path / "badges"
    return door


def staff(cashier: Cashier) -> StaffController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, StaffController)
    return current


def names(cashier: Cashier) -> list[str]:
    return [row.name for row in staff(cashier).screen._shown]


def mark(cashier: Cashier, name: str) -> None:
    """By the arrows."""
    for _ in names(cashier):
        cashier.press(Key.Key_Up)
    for _ in range(names(cashier).index(name)):
        cashier.press(Key.Key_Down)


def notice(cashier: Cashier) -> str:
    return staff(cashier).screen.notice.sentence


def test_somebody_new_gets_a_role_a_pin_and_a_badge_to_print(
    at_staff: Cashier, tmp_path: Path
) -> None:
    at_staff.press(Key.Key_1, ALT)
    at_staff.type("1")
    dialog = next(at_staff.shown(PersonDialog))
    at_staff.press(Key.Key_Return)
    assert dialog._name_row.error_text == "请填写姓名。"
    at_staff.type("周强")
    at_staff.press(Key.Key_Tab)
    at_staff.type("7419")
    at_staff.press(Key.Key_Tab)
    at_staff.press(Key.Key_Space, text=" ")
    at_staff.press(Key.Key_Return)
    assert notice(at_staff).endswith("周强.pdf")
    assert (tmp_path / "badges" / "周强.pdf").exists()
    assert names(at_staff)[staff(at_staff)._current] == "周强"


def test_a_bad_pin_says_why_beside_its_field_and_keeps_what_was_typed(at_staff: Cashier) -> None:
    mark(at_staff, "李明")
    at_staff.press(Key.Key_Return)
    at_staff.type("1")
    dialog = next(at_staff.shown(PersonDialog))
    at_staff.type("1234")
    at_staff.press(Key.Key_Return)
    assert dialog.pin.text() == "1234"
    assert dialog._pin_row.error_text == "这个密码太常见，请换一个。"
    dialog.pin.selectAll()
    at_staff.type("7419")
    at_staff.press(Key.Key_Return)
    assert not dialog.is_open
    his = at_staff.shop.staff["李明"]
    assert isinstance(at_staff.shop.do(sign_in_with_pin, staff_id=his, pin="7419"), SignedIn)


def test_a_new_badge_is_a_file_with_his_name(at_staff: Cashier, tmp_path: Path) -> None:
    mark(at_staff, "李明")
    at_staff.press(Key.Key_Return)
    at_staff.type("3")
    assert "李明.pdf" in notice(at_staff)
    assert (tmp_path / "badges" / "李明.pdf").read_bytes().startswith(b"%PDF")
    old = at_staff.shop.badges["李明"]
    assert not isinstance(at_staff.shop.do(sign_in_with_badge, badge=old), SignedIn)


def test_leaving_asks_first_and_coming_back_is_one_act(at_staff: Cashier) -> None:
    mark(at_staff, "李明")
    at_staff.press(Key.Key_Return)
    at_staff.type("5")
    at_staff.press(Key.Key_Escape)
    assert names(at_staff)[-1] != "李明"
    at_staff.press(Key.Key_Return)
    at_staff.type("5")
    at_staff.press(Key.Key_Return, CONTROL)
    assert names(at_staff)[-1] == "李明"
    at_staff.press(Key.Key_Return)
    assert len(next(at_staff.shown(PickDialog)).rows) == 1, "nothing else can be done with him"
    at_staff.type("1")
    assert notice(at_staff) == "已保存并记入审计。"
    at_staff.press(Key.Key_Escape)
    assert at_staff.at(ToDesk)


def test_a_training_step_is_ticked_taken_back_and_left_out_by_keys(at_staff: Cashier) -> None:
    mark(at_staff, "李明")
    rows = staff(at_staff).screen.training.shown
    assert rows is not None and rows.title == "培训：9 项中已完成 0 项"
    at_staff.press(Key.Key_Return)
    at_staff.type("6")
    picks = next(at_staff.shown(PickDialog)).rows
    assert [row.accessibleName() for row in picks][-2:] == ["更换打印纸", "断网时收银"]
    at_staff.type("8")
    rows = staff(at_staff).screen.training.shown
    assert rows is not None and rows.title == "培训：9 项中已完成 1 项"
    assert rows.rows[7].is_done and rows.rows[7].detail.endswith("王芳在场")
    at_staff.press(Key.Key_Return)
    at_staff.type("68")
    assert notice(at_staff) == "已保存并记入审计。"
    at_staff.press(Key.Key_2, ALT)
    at_staff.type("9")
    at_staff.press(Key.Key_Escape)
    rows = staff(at_staff).screen.training.shown
    assert rows is not None and rows.title == "培训：8 项中已完成 0 项"


def test_every_control_has_a_name_a_size_and_no_word_is_cut(
    at_staff: Cashier, application: Application
) -> None:
    screen = staff(at_staff).widget
    assert walking.nameless(screen) == []
    assert walking.too_small(screen) == []
    assert walking.unreachable(screen) == []
    cut = []
    for scale in (100, 150):
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            at_staff.handle.parts.language.use(language)
            for width, height in SIZES:
                at_staff.window.resize(width, height)
                at_staff.settle()
                place = f"{language} {scale} % {width}x{height}"
                cut += [f"{place}: {one}" for one in walking.clipped(screen)]
    application.theme.use(scale_percent=100)
    assert cut == []
