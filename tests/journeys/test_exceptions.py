"""Exceptions at the real window: a quiet number, words for each kind, a colleague decides once."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from app.domain.exception_case import ODD_ACTS, OF_SYNC, OF_THE_LINK, ExceptionCase, ExceptionKind
from app.domain.rights import DEFAULT_RIGHTS
from app.services.answers import NotAllowed, SignInFirst
from app.services.audit_trail import Act, record
from app.services.exception_case import CaseClosed, CaseStory, NoSuchCase, OwnCase
from app.services.trail_context import ShiftThen
from app.wording import load
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, TOWEL
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, CONTROL, as_manager, odd_things
from tests.ui import keys, walking
from ui.audit.controller import AuditController
from ui.audit.story import Told
from ui.audit.words import ACTS
from ui.exceptions.controller import ExceptionsController
from ui.exceptions.view_model import both_sides, case_view, exceptions_view, knows
from ui.exceptions.words import KINDS
from ui.navigation import ToAudit, ToDesk, ToExceptions

pytestmark = pytest.mark.journey
Key = Qt.Key
SIZES = ((1024, 768), (1366, 768), (1920, 1080))


@pytest.fixture
def manager(cashier: Cashier) -> Cashier:
    """Odd things happened; 王芳 is at the till."""
    odd_things(Scene(cashier, "zh_CN", WaitingTerminal()))
    cashier.begin()
    return cashier


def screen_of(cashier: Cashier) -> ExceptionsController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, ExceptionsController)
    return current


def open_list(cashier: Cashier) -> ExceptionsController:
    cashier.press(Key.Key_M, CONTROL)
    cashier.type("2")
    return screen_of(cashier)


def bell_of(cashier: Cashier) -> tuple[bool, str]:
    bell = cashier.window.header._bell
    return bell.isVisible(), bell.accessibleName()


def test_a_quiet_number_for_managers_and_none_for_cashiers(cashier: Cashier) -> None:
    scene = Scene(cashier, "zh_CN", WaitingTerminal())
    odd_things(scene)
    assert bell_of(cashier) == (True, "3 条异常待查看")
    assert not cashier.handle.parts.navigation.dialog
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["李明"])
    assert not bell_of(cashier)[0]
    as_manager(scene)
    cashier.tap(cashier.window.header._bell)
    assert cashier.at(ToExceptions)


def test_a_case_is_read_and_decided_with_a_note_by_keys(manager: Cashier) -> None:
    current = open_list(manager)
    assert [case.kind for case in current._cases] == [
        "many_no_sale_openings", "many_sales_of_member", "payment_without_sale",
    ]  # fmt: skip
    manager.press(Key.Key_Down)
    case = current.screen
    assert case._name.text() == "同一会员多笔销售"
    assert case._happened.text().startswith("2026-11-21 同一会员有 2 笔销售")
    manager.tap(case.note)
    manager.type("家人代买 13800138000")
    manager.press(Key.Key_1, ALT)
    assert [row.kind for row in current._cases] == ["many_no_sale_openings", "payment_without_sale"]
    assert bell_of(manager) == (True, "2 条异常待查看")
    manager.press(Key.Key_3, ALT)
    (decided,) = current._cases
    assert decided.end is not None
    assert (decided.end.choice, decided.end.note) == ("accepted", "家人代买 *")
    last = manager.read(lambda work: work.audit.entries(work.audit.last_number() - 1))
    assert last[0].entry.action == "exception_closed"


def test_by_taps_alone_and_into_the_log(manager: Cashier) -> None:
    current = open_list(manager)
    manager.tap(current.screen.rows[2])
    assert current.screen._name.text() == "有收款无销售"
    assert "¥116.40" in current.screen._happened.text()
    manager.tap(current.screen.follow)
    assert len(current._cases) == 2
    manager.tap(current.screen.tabs[1])
    assert [case.kind for case in current._cases] == ["payment_without_sale"]
    manager.tap(current.screen.tabs[0])
    manager.tap(current.screen.rows[1])
    manager.tap(current.screen.log)
    assert manager.at(ToAudit)
    log = manager.handle.parts.navigation.current
    assert isinstance(log, AuditController)
    assert log.filters.about is not None
    assert log.filters.about.kind == "member"
    manager.press(Key.Key_Escape)
    manager.press(Key.Key_Escape)
    assert manager.at(ToDesk)


def test_nobody_decides_his_own_case(manager: Cashier) -> None:
    shop = manager.shop

    def own(work: Any) -> None:
        details = {"act": "no_sale_open", "effect": "0"}
        record(shop=shop.shop, work=work, now=shop.shop.now(), act="self_approval",
               details=details, staff_id=shop.staff["王芳"])  # fmt: skip

    shop.store.lane.submit(own).result()
    current = open_list(manager)
    place = [case.kind for case in current._cases].index("self_approval")
    manager.tap(current.screen.rows[place])
    manager.press(Key.Key_2, ALT)
    assert current.screen.notice.sentence == "这条与你本人有关，须由同事处理。"
    assert len(current._cases) == 4


def test_who_may_not_see_them_is_told_so(cashier: Cashier) -> None:
    cashier.handle.parts.navigation.go(ToExceptions())
    cashier.settle()
    assert screen_of(cashier).screen.notice.sentence == "你的角色不能查看异常。"
    assert not screen_of(cashier).screen.rows
    said = " ".join(label.text() for label in screen_of(cashier).screen.findChildren(QLabel))
    assert "没有需要查看的异常" not in said, "nobody told him that"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", get_args(ExceptionKind))
def test_every_kind_has_its_words(language: str, kind: ExceptionKind) -> None:
    """Also a case of an older version, without any figure."""
    assert kind in KINDS
    assert kind in {*ODD_ACTS.values(), *OF_SYNC.values(), *OF_THE_LINK}
    told = Told({}, "CNY", "Asia/Shanghai", DEFAULT_RIGHTS, load(language))
    case = ExceptionCase("x", kind, 1_795_000_000_000, "s1", "about")
    view = case_view(CaseStory(case, {}, "张*", "R1", ShiftThen(1, 3)), told)
    listed = exceptions_view([case], told, decided=False, waiting=1)
    for text in (view.title, view.happened, view.way_out, listed.rows[0].name):
        assert text
        assert "{" not in text
        if language == "zh_CN":
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text)


@pytest.mark.parametrize(
    ("kind", "says_points"), [("overdraft", True), ("coupon_used_twice", False)]
)
def test_points_stand_beside_both_sides_only_where_it_is_about_them(
    kind: ExceptionKind, says_points: bool
) -> None:
    story = {
        "here_at": "1795000000000", "spent_here": "500", "other_store": "城东店",
        "other_till": "1", "other_at": "1794999000000", "other_points": "500",
    }  # fmt: skip
    case = ExceptionCase("x", kind, 1_795_000_000_000, "s1", "about", story=tuple(story.items()))
    told = Told({}, "CNY", "Asia/Shanghai", DEFAULT_RIGHTS, load("zh_CN"))
    sides = both_sides(case, told)
    assert [line.label for line in sides] == ["在本机", "在另一台"]
    assert all(("用了 500 分" in line.text) == says_points for line in sides)


def test_every_act_has_its_words_and_every_answer_its_sentence() -> None:
    assert set(get_args(Act)) <= set(ACTS)
    for answer in (CaseClosed, OwnCase, NoSuchCase, NotAllowed, SignInFirst):
        assert knows(answer)


def test_every_control_has_a_name_a_size_and_tab(manager: Cashier) -> None:
    screen = open_list(manager).screen
    assert walking.nameless(screen) == []
    assert walking.too_small(screen) == []
    assert walking.unreachable(screen) == []


def test_no_word_is_cut_at_any_size_scale_and_language(manager: Cashier, application: Any) -> None:
    current = open_list(manager)
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Down)
    cut = []
    for scale in (100, 130, 150):
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            manager.handle.parts.language.use(language)
            for width, height in SIZES:
                manager.window.resize(width, height)
                manager.settle()
                place = f"{language} {scale} {width}"
                found = [*walking.clipped(current.screen), *walking.outside(current.screen)]
                found += walking.clipped(manager.window.header)
                cut += [f"{place}: {one}" for one in found]
                if manager.window.width() != width:
                    cut.append(f"{place}: the window grew to {manager.window.width()}")
    application.theme.use(scale_percent=100)
    assert cut == []


@pytest.mark.parametrize("gap_ms", [8, 35])
def test_a_scan_types_and_presses_nothing(manager: Cashier, gap_ms: int) -> None:
    current = open_list(manager)
    for widget in walking.focus_order(current.screen):
        widget.setFocus()
        keys.scan(manager.window, TOWEL if gap_ms > 20 else MILK, gap_ms=gap_ms)
        manager.settle()
        assert manager.at(ToExceptions), walking.described(widget)
        assert [each.text() for each in manager.shown(QLineEdit)] == [""]
    assert len(current._cases) == 3
    assert not manager.state.lines
