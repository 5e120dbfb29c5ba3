"""What is typed into the input line of the till: goods, codes, a member's phone number."""

import threading

import pytest
from PySide6.QtCore import Qt

from app.domain.money import Money
from app.domain.product import Product
from tests.real_shop import GOLD_PHONE, OIL, TOWEL
from tests.ui import keys
from tests.ui.opened import Opened
from tests.ui.till.visits import Visited, rows_of
from ui.navigation import LookUpMember
from ui.sounds import Sound

Key = Qt.Key


@pytest.mark.parametrize("typed", ["cnn", "纯牛", "chunniu"])
def test_typing_finds_goods_and_enter_adds_the_best(opened: Opened, typed: str) -> None:
    opened.till.screen.input.edit.setFocus()
    opened.type(typed)
    assert opened.till.screen.suggestions.is_open
    opened.press(Key.Key_Return)
    assert rows_of(opened) == [("纯牛奶 250ml×12", "1", "59.00")]
    assert opened.till.screen.input.text() == ""
    assert not opened.till.screen.suggestions.is_open


def test_what_nothing_fits_is_said_and_the_text_is_kept(opened: Opened) -> None:
    opened.type("龙虾")
    assert opened.till.screen.suggestions.is_open
    opened.press(Key.Key_Return)
    assert not opened.state.lines
    assert opened.till.screen.input.text() == "龙虾"
    assert "龙虾" in opened.till.screen.notice.sentence


def test_a_typed_barcode_is_a_scan(opened: Opened) -> None:
    opened.type(OIL)
    opened.press(Key.Key_Return)
    assert rows_of(opened) == [("特级初榨橄榄油 500ml", "1", "68.00")]


@pytest.mark.parametrize("typed", [GOLD_PHONE, "138 0013 8000"])
def test_a_typed_mobile_number_looks_its_member_up(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    visited = Visited(opened, monkeypatch)
    opened.type(typed)
    opened.press(Key.Key_Return)
    assert visited.went == [LookUpMember(typed)]
    assert not opened.state.lines, "and never a barcode nobody knows"
    assert opened.till.screen.input.text() == ""


def test_a_mobile_number_typed_in_haste_waits_for_its_answer(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = Visited(opened, monkeypatch)
    may_answer = threading.Event()
    opened.shop.store.lane.submit(lambda work: may_answer.wait(30))
    keys.type_text(opened.window, GOLD_PHONE)
    keys.press(opened.window, Key.Key_Return)
    assert visited.went == []
    may_answer.set()
    opened.settle()
    assert visited.went == [LookUpMember(GOLD_PHONE)]


def test_a_scanned_number_stays_the_code_of_an_item(opened: Opened) -> None:
    opened.scan(GOLD_PHONE)
    assert [line.scanned for line in opened.state.lines] == [GOLD_PHONE]


def test_a_scanned_number_with_its_country_is_nobodys_item(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = Visited(opened, monkeypatch)
    opened.scan(f"+86{GOLD_PHONE}")
    assert visited.went == [LookUpMember(f"+86{GOLD_PHONE}")]
    assert not opened.state.lines


def test_an_item_with_such_a_code_is_rung_up(opened: Opened) -> None:
    cup = Product("cup", "马克杯", "home", Money(2900), (GOLD_PHONE,))
    opened.shop.store.lane.submit(lambda work: work.products.put(cup)).result()
    opened.type(GOLD_PHONE)
    opened.press(Key.Key_Return)
    assert rows_of(opened) == [("马克杯", "1", "29.00")]


def test_a_weight_on_a_label_never_becomes_the_quantity_of_the_next_scan(opened: Opened) -> None:
    opened.scan(f"]C1010{TOWEL}3103000842")
    opened.scan(OIL)
    assert rows_of(opened) == [("特级初榨橄榄油 500ml", "1", "68.00")]


def test_ten_thousand_characters_are_refused_in_a_sentence(opened: Opened) -> None:
    opened.scan("9" * 600)
    assert not opened.state.lines
    assert "没有记入" in opened.till.screen.notice.sentence
    assert opened.sounds.count(Sound.SCAN_ERROR) == 1
