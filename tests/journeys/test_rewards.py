"""A day with rewards and batches at the real window: by keys, and again by taps alone.

Each ends at the stored fact and the printed paper. Does not own: the sheet's rows
(tests/ui/till/test_till_rewards.py), the services (tests/services/test_reward.py, test_batch.py).
"""

import pytest
from PySide6.QtCore import Qt

from app.domain.facts import FullRefundRecorded, FullSaleRecorded, read_fact
from tests.journeys.cashier import Cashier
from tests.journeys.hand_acts import bar, counted, due, front, no_dialog, notice
from tests.real_shop import MILK, TOWEL
from tests.services.conftest import use_program
from tests.services.test_batch import EXPIRED, label
from tests.shop_rules import REWARDS
from ui.approval.panel import ApprovalPanel
from ui.choice.sheet import RewardSheet
from ui.key_map import Action
from ui.kit.dialogs import ConfirmDialog
from ui.refund.table import RefundTable

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def rules(cashier: Cashier) -> Cashier:
    """A shop with rewards; 张三丰, gold, 2,340 points, is on the basket."""
    use_program(cashier.shop, REWARDS)
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.begin()
    return cashier


def take(cashier: Cashier, downs: int) -> None:
    cashier.press(Key.Key_D, CONTROL)
    for _ in range(downs):
        cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)


def tap_reward(cashier: Cashier, name: str) -> None:
    cashier.tap(cashier.till.screen.member.points)
    (sheet,) = cashier.shown(RewardSheet)
    cashier.tap(next(row for row in sheet.rows if row.accessibleName() == name))


def check_towel_sale(cashier: Cashier) -> None:
    """Milk for money, a towel for points, on the fact and on the paper."""
    sale = cashier.sale()
    assert isinstance(sale, FullSaleRecorded)
    assert {line.reward: line.net_minor for line in sale.lines} == {"": 5192, "towel": 0}
    assert (sale.points_spent, sale.total_minor) == (800, 5192)
    paper = cashier.paper()
    assert "积分兑换 800分" in paper
    assert "-19.90" in paper


def test_a_towel_for_points_by_keys(rules: Cashier) -> None:
    rules.scan(MILK)
    take(rules, 2)
    assert counted(rules) == (1, 4, 0)
    assert due(rules) == 5192
    rules.press(Key.Key_F9)
    rules.press(Key.Key_F9)
    check_towel_sale(rules)


def test_the_same_by_taps_alone_with_the_towel_scanned(rules: Cashier) -> None:
    rules.scan(MILK)
    rules.scan(TOWEL)
    rules.begin()
    tap_reward(rules, "毛巾一条")
    assert counted(rules) == (0, 0, 2)
    assert due(rules) == 5192
    rules.tap(rules.till.screen.pay)
    rules.tap_named("确认收款")
    check_towel_sale(rules)


def test_a_coupon_for_points_without_a_sale_by_keys_and_by_taps(rules: Cashier) -> None:
    take(rules, 1)
    assert list(rules.shown(ConfirmDialog))
    rules.press(Key.Key_Return)
    assert rules.panel.points == 1890
    assert "积分换5元" in notice(rules)
    assert any("积分换5元" in text for text in rules.texts())
    rules.shop.clock.go_on(milliseconds=31 * 24 * 3600 * 1000)
    rules.scan(rules.shop.badges["李明"])
    rules.scan(rules.shop.cards["张三丰"])
    before = rules.panel.points
    tap_reward(rules, "5元券")
    rules.tap_named("换成券")
    assert rules.panel.points == before - 450


def test_a_scan_while_the_sheet_is_open_rings_up_and_takes_nothing(rules: Cashier) -> None:
    rules.press(Key.Key_D, CONTROL)
    rules.press(Key.Key_Down)
    rules.scan(MILK)
    assert [line.name for line in rules.state.lines] == ["纯牛奶 250ml×12"]
    assert list(rules.shown(RewardSheet)), "a scan closes nothing"
    assert rules.panel.points == 2340


# ------------------------------------------------------------------ goods with a batch


def test_expired_goods_take_a_badge_and_nothing_else(cashier: Cashier) -> None:
    cashier.scan(EXPIRED)
    assert list(cashier.shown(ApprovalPanel))
    asked = "销售过期商品：纯牛奶 250ml×12 B20261101 2026-11-20"
    assert any(asked in text for text in cashier.texts())
    assert cashier.state.lines == ()
    cashier.scan(cashier.shop.badges["王芳"])
    assert counted(cashier) == (2, 0, 0)
    assert no_dialog(cashier)
    assert notice(cashier) == "纯牛奶 250ml×12已过期（2026-11-20），按过期商品售出。"
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    sale = cashier.sale()
    assert isinstance(sale, FullSaleRecorded)
    assert sale.approved_by == (cashier.shop.staff["王芳"],)
    assert "批次 B20261101" in cashier.paper()
    assert "有效期至 2026-11-20" in cashier.paper()


def test_the_yes_by_pin_and_taps(cashier: Cashier) -> None:
    cashier.scan(EXPIRED)
    cashier.begin()
    panel = front(cashier, ApprovalPanel)
    assert isinstance(panel, ApprovalPanel)
    cashier.tap_named("王*")
    cashier.tap_figures("9513")
    if list(cashier.shown(ApprovalPanel)):
        cashier.tap_figures(["confirm"])
    assert [line.lot for line in cashier.state.lines] == ["B20261101"]
    assert cashier.keys == 0


def test_stepping_back_leaves_them_out_and_the_next_scan_is_heard(cashier: Cashier) -> None:
    cashier.scan(EXPIRED)
    cashier.press(Key.Key_Escape)
    assert no_dialog(cashier)
    assert not cashier.state.lines
    cashier.scan(label(last_day="261121"))
    assert "今天到期" in notice(cashier)
    assert [line.freshness for line in cashier.state.lines] == ["today"]


def test_at_a_refund_the_batch_stands_beside_the_goods(cashier: Cashier) -> None:
    cashier.scan(label())
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_Escape)
    bar(cashier, Action.REFUND)
    cashier.scan(cashier.sale().code)
    (table,) = cashier.shown(RefundTable)
    said = table.model().index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "批次 B20261101 ⋅ 有效期至 2026-11-30" in said


def test_a_reward_that_comes_back_gives_its_points_and_no_money(rules: Cashier) -> None:
    rules.scan(MILK)
    take(rules, 2)
    rules.press(Key.Key_F9)
    rules.press(Key.Key_F9)
    code = rules.sale().code
    rules.press(Key.Key_Escape)
    rules.press(Key.Key_F8)
    rules.scan(code)
    rules.scan(TOWEL)
    rules.type("3")
    rules.press(Key.Key_Return)
    facts = [read_fact(each.data) for each in rules.read(lambda work: work.facts.all_facts())]
    (refund,) = [fact for fact in facts if isinstance(fact, FullRefundRecorded)]
    assert (refund.points_spent, refund.settled_minor, refund.tenders) == (800, 0, ())
    assert "800" in rules.paper(), "the paper says what came back"
    rules.press(Key.Key_Escape)
    rules.scan(rules.shop.cards["张三丰"])
    rules.press(Key.Key_D, CONTROL)
    (sheet,) = rules.shown(RewardSheet)
    towel = next(row for row in sheet.rows if row.accessibleName() == "毛巾一条")
    assert "本月还可兑 2 次" in towel.accessibleDescription()
