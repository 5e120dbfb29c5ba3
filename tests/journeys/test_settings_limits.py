"""Limits of roles at the real window: changed by keys or taps, in force for the next cashier.

Owns: the limits page. Does not own: what limits mean (tests/domain/test_rights.py), other pages.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.domain.limit import limit_of, with_limit
from app.domain.rights import Act, Limit
from tests.journeys.cashier import Cashier
from tests.journeys.test_settings import go, screen
from tests.real_shop import MILK, OIL
from tests.services.test_approval import changed, use_rights
from tests.ui import keys, walking
from ui.approval.panel import ApprovalPanel
from ui.kit.choice_row import ChoiceRow
from ui.navigation import ToDesk, ToSettings
from ui.settings.limits.page import LimitsPage
from ui.settings.limits.view_model import VERDICT_WORDS, FieldRefused, form_of, read_form
from ui.sounds import Sound

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def manager(door: Cashier) -> Cashier:
    """王芳 at the till."""
    door.scan(door.shop.badges["王芳"])
    door.begin()
    return door


def page(cashier: Cashier) -> LimitsPage:
    go(cashier, "limits")
    (found,) = cashier.shown(LimitsPage)
    return found


def row(shown: LimitsPage, name: str) -> ChoiceRow:
    (found,) = (each for each in shown.rows if each.accessibleName() == name)
    return found


def kept(cashier: Cashier, role_id: str, act: Act) -> Limit:
    rights = cashier.read(lambda work: work.rights.read())
    found: Limit = limit_of(rights, role_id, act)
    return found


def test_a_limit_is_raised_by_keys_and_holds_for_the_next_discount(manager: Cashier) -> None:
    shown = page(manager)
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    assert shown.card.verdicts["up_to"].hasFocus()
    manager.press(Key.Key_Tab)
    while not shown.card.up_to.edit.hasFocus():
        manager.press(Key.Key_Tab)
    shown.card.up_to.edit.selectAll()
    manager.type("25")
    manager.press(Key.Key_Return)
    assert kept(manager, "cashier", "order_discount") == Limit(verdict="up_to", up_to=2_500)
    assert "25%" in row(shown, "整单折扣").accessibleDescription()
    manager.press(Key.Key_Escape)
    manager.press(Key.Key_Escape)
    assert manager.at(ToDesk)
    manager.press(Key.Key_F12)
    manager.scan(manager.shop.badges["李明"])
    manager.scan(OIL)
    manager.press(Key.Key_F7)
    manager.type("80")
    manager.press(Key.Key_Return)
    assert not list(manager.shown(ApprovalPanel)), "20 % off is within the new limit"


def test_a_limit_is_changed_and_put_back_by_taps_alone(manager: Cashier) -> None:
    shown = page(manager)
    manager.tap(row(shown, "改价"))
    card = shown.card
    manager.tap(card.roles["supervisor"])
    manager.tap(card.up_to.plus)
    manager.tap(card.approves)
    manager.tap(card.save)
    assert kept(manager, "supervisor", "price_override") == Limit(verdict="up_to", up_to=3_100)
    manager.tap(card.verdicts["not_allowed"])
    assert not card.up_to.isVisible()
    manager.tap(card.save)
    assert kept(manager, "supervisor", "price_override") == Limit(verdict="not_allowed")
    manager.tap(card.reset)
    assert kept(manager, "supervisor", "price_override").up_to == 3_000
    assert (manager.keys, manager.scans) == (0, 0)


def test_a_limit_that_cannot_be_stays_typed_with_what_would_do(manager: Cashier) -> None:
    shown = page(manager)
    edit = shown.card.up_to.edit
    manager.press(Key.Key_Return)
    edit.setFocus()
    edit.selectAll()
    manager.type("120")
    manager.sounds.clear()
    manager.press(Key.Key_Return)
    assert edit.text() == "120"
    assert shown.card.error_text == "不在范围内，应为 0 到 100。"
    assert manager.sounds == [Sound.SCAN_ERROR]
    assert kept(manager, "cashier", "line_discount").up_to == 1_000
    manager.press(Key.Key_Escape)
    assert edit.text() == "10"
    assert shown.card.error_text == ""
    assert manager.at(ToSettings)


def test_an_approval_that_nobody_could_give_is_refused(manager: Cashier) -> None:
    shown = page(manager)
    manager.tap(row(shown, "整单折扣"))
    for role_id in ("supervisor", "manager"):
        manager.tap(shown.card.roles[role_id])
        manager.tap(shown.card.approves)
        manager.tap(shown.card.save)
    assert shown.card.error_text.startswith("这样就没有人能授权了")
    assert kept(manager, "manager", "order_discount").approves


def test_a_manager_who_needs_a_yes_cannot_free_herself_of_it(manager: Cashier) -> None:
    asks = changed("manager", "change_settings", Limit(verdict="approval"))
    approving = Limit(verdict="not_allowed", approves=True)
    use_rights(manager.shop, with_limit(asks, "cashier", "change_settings", approving))
    shown = page(manager)
    while row(shown, "修改设置").property("current") is not True:
        manager.press(Key.Key_Down)
    manager.tap(shown.card.roles["manager"])
    manager.tap(shown.card.verdicts["allowed"])
    manager.tap(shown.card.save)
    assert list(manager.shown(ApprovalPanel))
    assert kept(manager, "manager", "change_settings").verdict == "approval"
    manager.scan(manager.shop.badges["张敏"])
    assert not list(manager.shown(ApprovalPanel))
    assert kept(manager, "manager", "change_settings").verdict == "allowed"
    assert shown.card.error_text == ""


def test_a_cashier_sees_the_limits_and_changes_none(cashier: Cashier) -> None:
    shown = page(cashier)
    cashier.tap(shown.card.verdicts["allowed"])
    cashier.tap(shown.card.save)
    assert shown.card.error_text == "你的角色不能修改此项，请找店长。"
    assert kept(cashier, "cashier", "line_discount").verdict == "up_to"


def test_an_act_without_a_unit_has_no_field(manager: Cashier) -> None:
    shown = page(manager)
    while row(shown, "重打").property("current") is not True:
        manager.press(Key.Key_Down)
    assert "up_to" not in shown.card.verdicts
    assert set(shown.card.verdicts) == set(VERDICT_WORDS) - {"up_to"}
    assert not shown.card.up_to.isVisible()
    manager.tap(shown.card.verdicts["approval"])
    manager.tap(shown.card.save)
    assert kept(manager, "cashier", "reprint").verdict == "approval"


def test_from_which_sum_badge_and_pin_are_asked_is_one_figure_for_all(manager: Cashier) -> None:
    shown = page(manager)
    for _ in shown.rows:
        manager.press(Key.Key_Down)  # the last one
    card = shown.card
    assert card.roles == {}
    assert not card.approves.isVisible()
    manager.press(Key.Key_Return)
    card.up_to.edit.setFocus()
    card.up_to.edit.selectAll()
    manager.type("800")
    manager.press(Key.Key_Return)
    assert manager.read(lambda work: work.rights.read()).both_above_minor == 80_000
    manager.tap(card.verdicts["not_allowed"])
    manager.tap(card.save)
    assert manager.read(lambda work: work.rights.read()).both_above_minor is None
    assert row(shown, "授权需工牌加密码").accessibleDescription() == "任一即可"


def test_who_may_say_yes_to_himself_is_set_by_role(manager: Cashier) -> None:
    shown = page(manager)
    for _ in shown.rows[1:-1]:
        manager.press(Key.Key_Down)  # the last but one
    card = shown.card
    assert set(card.verdicts) == {"allowed", "not_allowed"}
    manager.tap(card.roles["manager"])
    manager.tap(card.verdicts["allowed"])
    manager.tap(card.save)
    rights = manager.read(lambda work: work.rights.read())
    assert rights.role("manager").self_approval
    assert not rights.role("supervisor").self_approval


@pytest.mark.parametrize(
    "limit",
    [
        Limit(verdict="up_to", up_to=1_250, approves=True, approves_up_to=5_000),
        Limit(verdict="allowed", approves=True),
        Limit(verdict="approval"),
    ],
)
def test_a_form_says_the_limit_it_shows(limit: Limit) -> None:
    assert read_form(form_of(limit, "line_discount", "CNY"), "line_discount", "CNY") == limit


def test_the_limit_for_others_is_judged_too() -> None:
    form = form_of(Limit(verdict="allowed", approves=True), "refund_amount", "CNY")
    answer = read_form(replace(form, approves_up_to="much"), "refund_amount", "CNY")
    assert isinstance(answer, FieldRefused)
    assert answer.field == "approves_up_to"


@pytest.mark.parametrize("gap_ms", [8, 16, 35])
def test_a_scan_types_and_presses_nothing(manager: Cashier, gap_ms: int) -> None:
    shown = page(manager)
    text = shown.card.up_to.edit.text()
    before = manager.read(lambda work: work.rights.read())
    for widget in walking.focus_order(screen(manager)):
        widget.setFocus()
        manager.shop.clock.go_on(milliseconds=2_000)
        manager.sounds.clear()
        keys.scan(manager.window, MILK, gap_ms=gap_ms)
        manager.settle()
        assert manager.at(ToSettings), walking.described(widget)
        assert manager.sounds == [Sound.SCAN_ERROR], walking.described(widget)
        assert shown.card.up_to.edit.text() == text, walking.described(widget)
    assert manager.read(lambda work: work.rights.read()) == before


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1366, 768), (1920, 1080)])
def test_no_word_is_cut_and_every_widget_has_a_name(
    manager: Cashier, language: str, percent: int, width: int, height: int
) -> None:
    shown = page(manager)
    manager.handle.parts.language.use(language)
    manager.handle.parts.theme.use(scale_percent=percent)
    manager.window.resize(width, height)
    manager.settle()
    for role_id in ("cashier", "supervisor"):
        manager.tap(shown.card.roles[role_id])
        assert walking.nameless(shown) == []
        assert walking.unreachable(shown) == []
        assert walking.outside(shown) == []
        assert walking.clipped(shown) == []
        assert walking.too_small(shown) == []
    manager.handle.parts.theme.use(scale_percent=100)
