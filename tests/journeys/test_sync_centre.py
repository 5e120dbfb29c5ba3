"""The sync centre at the real window: what is seen, decided and exported there, and by whom."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.domain.enrolment import Enrolment
from app.domain.link import Link
from app.domain.pending_export import ExportedPart, read_part
from app.domain.server_answer import Enrolled, EnrolRefused, EnrolTrouble
from app.services.answers import NotAllowed, SignInFirst
from app.services.sync_state import GivenUp, NotRefused, ReasonMissing, TriedAgain
from app.wording import load
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens import scenes_sync as acts
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import as_manager
from tests.ui import walking
from ui.kit.buttons import LinkButton
from ui.navigation import ToDesk, ToExceptions, ToSettings, ToSync, ToTill
from ui.sync_centre.answers import answer_words, knows
from ui.sync_centre.cards import CaseCard
from ui.sync_centre.controller import SyncController
from ui.sync_centre.give_up_dialog import GiveUpDialog
from ui.sync_centre.offline_page import OfflinePage
from ui.sync_centre.removal_dialog import RemovalDialog

pytestmark = pytest.mark.journey
Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SIZES = ((1024, 768), (1366, 768), (1920, 1080))


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    """王芳 is at the till."""
    made = Scene(cashier, "zh_CN", WaitingTerminal())
    cashier.scan(cashier.shop.badges["李明"])
    as_manager(made)
    return made


def centre_of(scene: Scene) -> SyncController:
    current = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, SyncController)
    return current


def test_the_chip_follows_the_link_and_a_tap_or_its_key_opens_the_centre(scene: Scene) -> None:
    cashier = scene.cashier
    acts.answer_all(scene)
    line = acts.online(scene)
    header = cashier.window.header
    assert (header.status_tone, header.status_text) == ("success", "在线 ⋅ 18:02 已同步")
    cashier.tap(header._status)
    assert cashier.at(ToSync)
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToDesk)
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToTill)
    acts.sell(scene)
    line.tell(Link("offline", line.now_ms, "unreachable"))
    cashier.settle()
    assert header.status_text == "离线 ⋅ 可正常收银 ⋅ 1 笔待上传"
    assert header.status_tone == "offline"
    assert cashier.window.banner.sentence == "网络断开，可以正常收银；1 笔会在联网后自动上传。"
    cashier.press(Key.Key_S, CONTROL)
    assert cashier.at(ToSync)
    assert line.synced == 1
    cashier.press(Key.Key_S, CONTROL)
    assert line.synced == 2


def test_a_refused_request_is_sent_again_by_its_key(scene: Scene) -> None:
    acts.refuse(scene)
    acts.online(scene)
    acts.open_centre(scene)
    assert [card.view.kind for card in centre_of(scene).screen.cards] == ["dead"]
    scene.cashier.press(Key.Key_1, ALT)
    assert centre_of(scene).screen.notice.sentence == "已重新发送。"
    assert centre_of(scene).screen.cards == []


def test_giving_up_wants_a_reason_and_never_goes_by_enter_alone(scene: Scene) -> None:
    cashier = scene.cashier
    acts.refuse(scene)
    acts.online(scene)
    acts.open_centre(scene)
    cashier.tap_named("放弃…")
    (dialog,) = cashier.shown(GiveUpDialog)
    assert walking.nameless(dialog) == walking.unreachable(dialog) == []
    cashier.scan(MILK)
    assert dialog.is_open, "a scan closes no dialog"
    cashier.press(Key.Key_Return, CONTROL)
    assert dialog.row.error_text == "请简单说明原因。"
    cashier.type("gk")
    cashier.press(Key.Key_Return)
    assert dialog.is_open
    cashier.press(Key.Key_Return, CONTROL)
    assert not list(cashier.shown(GiveUpDialog))
    assert centre_of(scene).screen.notice.sentence == "已放弃，并连同原因记录在案。"


def test_a_cashier_sees_it_all_and_is_told_to_ask(scene: Scene) -> None:
    cashier = scene.cashier
    acts.refuse(scene)
    acts.online(scene)
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["李明"])
    acts.open_centre(scene)
    cashier.press(Key.Key_1, ALT)
    assert centre_of(scene).screen.notice.sentence == "你的角色无权决定，请店长处理。"
    assert len(centre_of(scene).screen.cards) == 1


def test_a_till_with_facts_of_its_own_is_not_removed_and_they_are_exported(
    scene: Scene, tmp_path: Path
) -> None:
    cashier = scene.cashier
    acts.answer_all(scene, keep=2)
    acts.offline(scene)
    acts.open_centre(scene)
    centre = centre_of(scene)
    centre.export.folder = tmp_path / "out"
    cashier.tap(centre.screen.removal)
    (dialog,) = cashier.shown(RemovalDialog)
    assert walking.nameless(dialog) == walking.unreachable(dialog) == []
    cashier.press(Key.Key_Return)
    cashier.settle()
    (file,) = (tmp_path / "out").glob("*.sealed")
    parts = map(read_part, list(cashier.shop.shop.pending_seal.open(file))[1:])
    facts = [fact for part in parts if isinstance(part, ExportedPart) for fact in part.facts]
    waiting = acts.waiting(scene)
    assert len(facts) == len(waiting) >= 2
    assert [fact.op_id for fact in facts] == [each.op_id for each in waiting]
    assert str(file) in centre.screen.notice.sentence
    acts.answer_all(scene)
    cashier.tap(centre.screen.removal)
    (dialog,) = cashier.shown(RemovalDialog)
    assert not dialog.export.isVisible()


def test_an_export_that_cannot_be_written_says_why_and_loses_nothing(
    scene: Scene, tmp_path: Path
) -> None:
    acts.offline(scene)
    acts.open_centre(scene)
    centre, before = centre_of(scene), len(acts.waiting(scene))
    (tmp_path / "taken").write_text("a file", "utf-8")
    centre.export.folder = tmp_path / "taken"
    scene.cashier.press(Key.Key_E, CONTROL)
    assert centre.screen.notice.sentence.startswith("文件写不进去：")
    assert len(acts.waiting(scene)) >= before


def test_the_cable_of_a_demo_is_pulled_and_put_back(scene: Scene) -> None:
    acts.answer_all(scene)
    line = acts.offline(scene, cable=True)
    acts.open_centre(scene)
    switch = centre_of(scene).screen.side.state.cable
    assert switch.isChecked()
    scene.cashier.tap(switch)
    assert line.cable is False
    scene.cashier.tap(switch)
    assert line.cable is True


def test_a_code_that_is_refused_is_answered_beside_it_and_what_was_typed_stays(
    scene: Scene,
) -> None:
    cashier = scene.cashier
    acts.server_page(scene)
    line = cashier.handle.parts.shop.server
    assert isinstance(line, acts.ToldLine)
    page = acts.page_of(scene)
    cashier.press(Key.Key_Return)
    assert page.address_row.error_text
    page.address.setFocus()
    cashier.type("https://head-office.example")
    page.code.setFocus()
    cashier.type("7K2M9XQ4TB3W")
    cashier.press(Key.Key_Return)
    assert line.typed == [("https://head-office.example", "7K2M9XQ4TB3W")]
    assert page.code_row.error_text
    assert (page.address.text(), page.code.text()) == line.typed[0]
    assert cashier.window.focusWidget() is page.code


def test_a_code_on_a_slip_is_scanned_into_its_field(scene: Scene) -> None:
    acts.server_page(scene)
    page = acts.page_of(scene)
    scene.cashier.scan(acts.URL)
    scene.cashier.scan("7K2M9XQ4TB3W")
    assert (page.address.text(), page.code.text()) == (acts.URL, "7K2M9XQ4TB3W")
    line: Any = scene.cashier.handle.parts.shop.server
    assert line.typed == [], "the scanner's Enter lets nobody in"
    scene.cashier.press(Key.Key_Return)
    assert line.typed == [(acts.URL, "7K2M9XQ4TB3W")]
    scene.cashier.press(Key.Key_Escape)
    scene.cashier.handle.parts.navigation.go(ToSettings("server"))
    scene.cashier.settle()
    assert (page.address.text(), page.code.text()) == (acts.URL, ""), "a code is for one place"


def test_an_overdraft_is_told_with_both_sides_here_and_in_the_exceptions(scene: Scene) -> None:
    cashier = scene.cashier
    acts.answer_all(scene)
    acts.differ(scene)
    acts.online(scene)
    acts.open_centre(scene)
    adjusted = only_adjusted(scene)
    assert "城东店 收银机 01，单号 R001 0101 " in adjusted.view.detail
    assert "已在别处用掉" in said(scene)
    cashier.tap(cashier.window.header._language)
    assert "somewhere else in the meantime" in said(scene), "the window's language, not the shop's"
    assert not re.search("[一-龥]", said(scene).replace("城东店", ""))
    cashier.tap(cashier.window.header._language)
    cashier.tap_named("双方经过")
    assert cashier.at(ToExceptions)
    assert header_number(scene) == 2
    current: Any = cashier.handle.parts.navigation.current
    view = {line.label: line.text for line in current.screen.lines_shown}
    assert view["在本机"].startswith("2026-11-21")
    assert view["在另一台"].startswith("城东店 ⋅ 收银机 01 ⋅ ")
    assert "用了 500 分" in view["在另一台"]


def test_who_may_not_see_exceptions_is_not_led_there(scene: Scene) -> None:
    acts.answer_all(scene)
    acts.differ(scene)
    acts.online(scene)
    scene.cashier.press(Key.Key_F12)
    scene.cashier.scan(scene.cashier.shop.badges["李明"])
    acts.open_centre(scene)
    adjusted = only_adjusted(scene)
    assert "已在别处用掉" in adjusted.view.detail
    assert not adjusted.findChildren(LinkButton)


def only_adjusted(scene: Scene) -> CaseCard:
    [card] = [each for each in centre_of(scene).screen.cards if each.view.kind == "adjusted"]
    return card


def said(scene: Scene) -> str:
    """Everything that stands in the centre."""
    labels = centre_of(scene).screen.findChildren(QLabel)
    return " ".join(each.text() for each in labels if each.isVisible())


def test_each_receipt_says_what_became_of_it(scene: Scene) -> None:
    acts.answer_all(scene)
    acts.online(scene)
    acts.open_centre(scene)
    assert not centre_of(scene).screen.latest.isVisible()
    scene.cashier.handle.parts.navigation.go(ToTill())
    acts.sell(scene)
    acts.open_centre(scene)
    assert [row.state for row in centre_of(scene).screen.latest.rows] == ["待上传"]
    acts.answer_all(scene)
    scene.cashier.handle.parts.navigation.go(ToTill())
    acts.differ(scene)
    acts.open_centre(scene)
    held, adjusted, confirmed = (row.state for row in centre_of(scene).screen.latest.rows)
    assert (held, confirmed) == ("等总部核查", "已确认")
    assert adjusted.startswith("已调整：这些积分")


@pytest.mark.parametrize("has_server", [False, True])
def test_what_works_offline_is_listed_with_this_shops_limits(
    scene: Scene, has_server: bool
) -> None:
    cashier = scene.cashier
    if has_server:
        acts.offline(scene)
        acts.open_centre(scene)
        cashier.tap(centre_of(scene).screen.offline.more)
    else:
        cashier.handle.parts.navigation.go(ToSettings("offline"))
        cashier.settle()
    (page,) = cashier.shown(OfflinePage)
    says = {line.what: line.says for group in page.groups for line in group.lines}
    limits = cashier.shop.shop.desk.state.program.offline
    assert (f"每位会员 {limits.floor_member:,} 分" in says["积分抵现"]) is has_server
    assert ("没有别处" in says["积分抵现"]) is not has_server
    cashier.window.resize(1024, 768)
    cashier.handle.parts.theme.use(scale_percent=150)
    try:
        for language in ("en", "zh_CN"):
            cashier.handle.parts.language.use(language)
            cashier.settle()
            assert walking.clipped(page) == walking.outside(page) == []
    finally:
        cashier.handle.parts.theme.use(scale_percent=100)


def header_number(scene: Scene) -> int:
    return int(scene.cashier.window.header._bell.accessibleName().split()[0])


@pytest.mark.parametrize("trouble", ["unreachable", "busy"])
def test_every_refusal_has_its_place(scene: Scene, trouble: EnrolTrouble) -> None:
    acts.server_page(scene)
    line: Any = scene.cashier.handle.parts.shop.server
    line.answer = EnrolRefused(trouble, acts.URL)
    page = acts.page_of(scene)
    page.address.setText(acts.URL)
    page.code.setText("7K2M")
    scene.cashier.tap(page.connect_key)
    said = page.address_row.error_text if trouble == "unreachable" else page.notice.sentence
    assert said


def test_a_till_that_was_let_in_says_where_it_belongs(scene: Scene) -> None:
    cashier = scene.cashier
    acts.server_page(scene)
    line: Any = cashier.handle.parts.shop.server
    line.answer = Enrolled(cashier.shop.shop.identity, "人民路店")
    who = Enrolment(acts.URL, "key-1", line.now_ms, server_epoch=1)
    cashier.read(lambda work: work.enrolment.write(who))
    page = acts.page_of(scene)
    page.address.setText(acts.URL)
    page.code.setText("7K2M")
    cashier.tap(page.connect_key)
    assert [fact.says for fact in page.list.facts][:3] == ["人民路店", "收银机 02", acts.URL]
    assert not page.connect_key.isVisible()
    assert page.code.text() == ""


def test_a_till_without_a_server_leads_to_the_page_that_lets_it_in(scene: Scene) -> None:
    acts.centre_alone(scene)
    assert not list(scene.cashier.shown(RemovalDialog))
    scene.cashier.press(Key.Key_Return)
    assert scene.cashier.at(ToSettings)
    assert acts.page_of(scene).isVisible()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scale", [100, 150])
def test_no_word_is_cut_and_everything_is_reached(scene: Scene, size: Any, scale: int) -> None:
    cashier = scene.cashier
    acts.centre_busy(scene)
    theme = cashier.handle.parts.theme
    theme.use(scale_percent=scale)
    try:
        for language in ("zh_CN", "en"):
            cashier.handle.parts.language.use(language)
            cashier.window.resize(*size)
            cashier.settle()
            screen = centre_of(scene).screen
            assert walking.clipped(screen) == walking.outside(screen) == []
            assert walking.nameless(screen) == walking.too_small(screen) == []
            assert walking.unreachable(screen) == []
    finally:
        theme.use(scale_percent=100)


@pytest.mark.parametrize(
    "answer",
    [TriedAgain("x"), GivenUp("x"), ReasonMissing(), NotRefused("x"), NotAllowed("sell"),
     SignInFirst()],
    ids=lambda answer: type(answer).__name__,
)  # fmt: skip
def test_every_answer_has_its_sentence(answer: object) -> None:
    assert knows(type(answer))
    assert answer_words(answer, load("en")) != answer_words(answer, load("zh_CN"))
