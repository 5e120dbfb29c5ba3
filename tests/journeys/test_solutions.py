"""The library of solutions at the real window: changed, retired, and from a cause to its cases."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.services.complaint_act import Result, resolve_complaint
from app.services.solution import NewSolution, keep_solution, suggest_solutions
from tests.journeys.cashier import Cashier
from tests.journeys.test_complaints import SIZES, desk_of, open_desk
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, CONTROL, as_manager
from tests.services.complaints import MINUTE, taken
from tests.ui import walking
from ui.application import Application
from ui.complaints.library_dialog import LibraryDialog
from ui.navigation import ToComplaints, ToDesk, ToMember, ToSolutions
from ui.solutions.view_model import entry_view

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def manager(cashier: Cashier) -> Cashier:
    """王芳 at the till."""
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    cashier.begin()
    return cashier


def test_the_library_is_changed_and_retired_and_causes_lead_to_their_cases(
    manager: Cashier,
) -> None:
    shop = manager.shop
    shop.do(keep_solution, new=NewSolution("weight", "水果短秤", "少了", "复称、补差"))
    case = taken(shop, "张三丰", topic="weight", text="少了 200 克")
    result = Result(text="补差", cause="scale", told="phone")
    shop.do(resolve_complaint, case_id=case, result=result)
    open_desk(manager)
    manager.press(Key.Key_1, ALT)
    manager.settle()
    room: Any = manager.handle.parts.navigation.current
    manager.press(Key.Key_Return)
    dialog = next(iter(manager.shown(LibraryDialog)))
    dialog.answer.setPlainText("")
    manager.press(Key.Key_Return, CONTROL)
    assert dialog.rows["answer"].error_text == "请至少写几个字。"
    dialog.answer.setFocus()
    manager.type("当面复称")
    choose_kinds(manager, dialog, "quality", "scale")
    shop.clock.go_on(milliseconds=MINUTE)
    manager.press(Key.Key_Return, CONTROL)
    manager.settle()
    assert not dialog.is_open
    told = [line.text for line in room_before(room)]
    assert told[0].startswith("王芳 修改") and "复称、补差" in told[0] and told[1] == "王芳 编写"
    assert "类型原为：短秤" in told[0] and "根本原因原为：—" in told[0]
    assert (room._entry().topic, room._entry().cause) == ("quality", "scale")
    shop.clock.go_on(milliseconds=MINUTE)
    manager.press(Key.Key_2, ALT)
    manager.press(Key.Key_Return)
    manager.settle()
    assert room.screen.table.rows[0].cells[0].text == "水果短秤（已停用）"
    assert shop.do(suggest_solutions, text="短秤") == ()
    manager.type("2")
    manager.settle()
    assert [cell.text for cell in room.screen.table.rows[0].cells][2:4] == ["1", "100%"]
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    manager.settle()
    assert room.screen.table.rows[0].key == case
    manager.press(Key.Key_Escape)
    assert room.screen.table.rows[0].key == "weight/scale"
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    manager.settle()
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    manager.settle()
    assert_in_front(manager, case)
    back_the_way_he_came(manager, room, case)


def choose_kinds(manager: Cashier, dialog: LibraryDialog, *choices: str) -> None:
    """Topic and cause by Alt and a figure, then by the figure of the choice."""
    for key, choice in zip((Key.Key_1, Key.Key_2), choices, strict=True):
        manager.press(key, ALT)
        offered = dialog.kinds.pick
        assert offered is not None
        manager.type(str([pick.key for pick in offered._picks].index(choice) + 1))


def assert_in_front(manager: Cashier, case: str) -> None:
    view = desk_of(manager).view
    assert view is not None
    assert view.line.case_id == case


def back_the_way_he_came(manager: Cashier, room: Any, case: str) -> None:
    """From the case to its member and to the library and back, to the cause, to the complaints, to
    the desk."""
    manager.press(Key.Key_1, ALT)
    manager.settle()
    assert manager.at(ToSolutions)
    manager.press(Key.Key_Escape)
    manager.settle()
    assert_in_front(manager, case)
    manager.type("m")
    manager.settle()
    assert manager.at(ToMember)
    manager.press(Key.Key_Escape)
    manager.settle()
    assert_in_front(manager, case)
    manager.press(Key.Key_Escape)
    manager.settle()
    assert manager.at(ToSolutions)
    assert room.screen.table.current_key == case
    for place in (ToSolutions, ToComplaints, ToDesk):
        manager.press(Key.Key_Escape)
        manager.settle()
        assert manager.at(place)


def room_before(room: Any) -> Any:
    return entry_view(room._entry(), room._story, room._told()).before


def test_every_word_of_the_library_has_its_room(manager: Cashier, application: Application) -> None:
    shop = manager.shop
    shop.do(keep_solution, new=NewSolution("weight", "水果短秤", "少了", "复称、补差"))
    taken(shop, "张三丰", topic="weight", text="少了 200 克")
    manager.handle.parts.navigation.go(ToSolutions())
    screen, cut = manager.handle.parts.navigation.current, []
    assert screen is not None
    for digit in "12":
        manager.type(digit)
        manager.settle()
        assert walking.nameless(screen.widget) == []
        assert walking.too_small(screen.widget) == []
        for scale, language in ((100, "zh_CN"), (150, "en")):
            application.theme.use(scale_percent=scale)
            manager.handle.parts.language.use(language)
            for width, height in SIZES[:2]:
                manager.window.resize(width, height)
                manager.settle()
                place = f"{digit} {language} {width}"
                cut += [f"{place}: {one}" for one in walking.clipped(screen.widget)]
    application.theme.use(scale_percent=100)
    assert cut == []
