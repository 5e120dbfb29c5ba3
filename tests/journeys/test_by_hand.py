"""Rows 13 and 14: discounts by hand and the yes to them, by keys and again by taps alone.

Each counts what was really sent, and ends at the price, the stored fact or the paper.
"""

from typing import Any

import pytest
from msgspec.structs import replace as replace_struct
from PySide6.QtCore import Qt

from app.domain.facts import SaleByHandRecorded
from tests.journeys.cashier import Cashier
from tests.journeys.hand_acts import (
    bar,
    counted,
    due,
    front,
    goods,
    no_dialog,
    notice,
)
from tests.real_shop import MILK, OIL
from ui.approval.panel import ApprovalPanel
from ui.discount.dialog import DiscountDialog
from ui.key_map import Action
from ui.kit.basket_table import BasketTable
from ui.why.sheet import WhySheet

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


# ------------------------------------------------------------------ discounts by keys


def test_13_a_whole_sale_discount_within_the_limit_is_f7_95_enter(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("95")
    cashier.press(Key.Key_Return)
    assert counted(cashier) == (0, 4, 0)
    assert no_dialog(cashier)
    assert due(cashier) == 12700 - 635
    assert "6.35" in notice(cashier)
    assert any(row.label == "整单折扣" for row in cashier.till.view.totals.rows)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    sale = cashier.sale()
    assert isinstance(sale, SaleByHandRecorded)
    assert sale.total_minor == 12065
    assert "整单折扣" in cashier.paper()


@pytest.mark.parametrize(
    ("typed", "left"), [("9.5", 12065), ("9", 11430), ("90", 11430), ("98.5", 12509)]
)
def test_a_figure_is_what_the_customer_pays(cashier: Cashier, typed: str, left: int) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.type(typed)
    cashier.press(Key.Key_Return)
    assert due(cashier) == left


@pytest.mark.parametrize("typed", ["", "0", "100", "0.5", "950"])
def test_what_is_no_discount_is_said_beside_the_field_and_stays(
    cashier: Cashier, typed: str
) -> None:
    goods(cashier, MILK)
    cashier.press(Key.Key_F7)
    cashier.type(typed)
    cashier.press(Key.Key_Return)
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.error_text
    assert dialog.field.edit.text() == typed
    assert due(cashier) == 5900
    cashier.press(Key.Key_Escape)
    assert no_dialog(cashier)


def test_14_beyond_the_limit_it_takes_a_reason_and_a_badge(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("80")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    assert list(cashier.shown(ApprovalPanel))
    said = cashier.texts()
    assert any("整单折扣 8折" in text for text in said)
    assert any("9折" in text for text in said), "what he may do alone"
    assert any("25.40" in text for text in said), "what it does to money"
    assert due(cashier) == 12700, "nothing is given before the yes"
    cashier.scan(cashier.shop.badges["王芳"])
    assert counted(cashier) == (1, 5, 0)
    assert no_dialog(cashier)
    assert due(cashier) == 10160
    assert cashier.state.staff is not None
    assert cashier.state.staff.name == "李明"
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    sale = cashier.sale()
    assert isinstance(sale, SaleByHandRecorded)
    (given,) = sale.by_hand
    assert given.reason == "regular"


def test_an_approval_that_is_cancelled_gives_nothing(cashier: Cashier) -> None:
    goods(cashier, MILK)
    cashier.press(Key.Key_F7)
    cashier.type("50")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    cashier.press(Key.Key_Escape)
    assert no_dialog(cashier)
    assert due(cashier) == 5900
    cashier.scan(OIL)
    assert due(cashier) == 12700


def test_a_line_discount_stands_in_its_row_and_in_the_why_sheet(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_F7)
    cashier.type("9")
    cashier.press(Key.Key_Return)
    assert due(cashier) == 5900 + 6120
    table = front(cashier, BasketTable)
    assert isinstance(table, BasketTable)
    row = next(row for row in table.rows if "橄榄油" in row.name)
    assert ("单品折扣" in row.reason, row.saving) == (True, "−6.80")
    cashier.type("?")
    why = front(cashier, WhySheet)
    assert isinstance(why, WhySheet)
    assert any("单品折扣" in part.name for part in why.view.own)  # type: ignore[union-attr]  # it shows a price


def test_another_price_takes_a_reason_and_a_yes(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_Up)  # the last way: another price
    cashier.type("60")
    cashier.press(Key.Key_Return)
    cashier.type("2")  # the price tag differs
    cashier.scan(cashier.shop.badges["王芳"])
    assert due(cashier) == 6000
    table = front(cashier, BasketTable)
    assert isinstance(table, BasketTable)
    assert "改价（价签不符）" in table.rows[0].reason


def test_a_reason_in_ones_own_words_is_asked_for_them(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_Up)
    cashier.type("60")
    cashier.press(Key.Key_Return)
    cashier.type("3")
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.reasons.note.isVisible()
    cashier.press(Key.Key_Return)
    assert list(cashier.shown(DiscountDialog)), "words are missing"
    dialog.reasons.note.setText("展示品")
    cashier.press(Key.Key_Return)
    assert list(cashier.shown(ApprovalPanel))


def test_what_was_given_is_taken_back_with_del(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("95")
    cashier.press(Key.Key_Return)
    assert due(cashier) == 6460
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_Delete)
    assert no_dialog(cashier)
    assert due(cashier) == 6800


def test_a_scan_over_the_open_dialog_rings_up_and_changes_nothing_in_it(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("9")
    cashier.scan(MILK)
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.field.edit.text() == "9"
    assert len(cashier.state.lines) == 2
    cashier.press(Key.Key_Return)
    assert due(cashier) == 11430


# ------------------------------------------------------------------ discounts by taps


def test_13_by_taps_alone(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    bar(cashier, Action.DISCOUNT)
    cashier.tap_figures("95")
    cashier.tap_named("确定")
    assert counted(cashier) == (0, 0, 4)
    assert due(cashier) == 12065


def test_14_by_taps_alone_with_the_managers_pin(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    bar(cashier, Action.DISCOUNT)
    cashier.tap_named("整单减钱")
    cashier.tap_figures("20")
    cashier.tap_named("确定")
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    cashier.tap(dialog.reasons.rows[0])
    cashier.tap_named("王*")
    cashier.tap_figures("9513")
    cashier.tap_figures(["confirm"])
    assert (cashier.keys, cashier.scans) == (0, 0)
    assert due(cashier) == 10700


def test_a_role_that_may_not_is_told_so_in_the_dialog(cashier: Cashier) -> None:
    from app.services.rights import read_rights

    def forbid(work: Any) -> None:
        rights = read_rights(work=work)
        roles = tuple(
            replace_struct(
                role,
                limits={
                    **role.limits,
                    "order_discount": replace_struct(
                        role.limits["order_discount"],
                        verdict="not_allowed",
                        up_to=0,
                        approves=False,
                        approves_up_to=None,
                    ),
                },
            )
            if role.role_id == "cashier"
            else role
            for role in rights.roles
        )
        work.rights.write(replace_struct(rights, roles=roles))

    cashier.shop.store.lane.submit(forbid).result()
    from app.services.opening import refresh_desk

    cashier.shop.do(refresh_desk)
    goods(cashier, MILK)
    cashier.press(Key.Key_F7)
    cashier.type("95")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.error_text
    assert due(cashier) == 5900
