"""What a cashier reads at the payment and after it: nothing cut, nothing twice, nothing torn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics

from app.domain.money import Money
from app.wording import load
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL
from tests.ui.counter.test_layout import look, troubles
from tests.ui.opened import Opened
from ui.navigation import ToReceipt
from ui.payment.controller import PaymentController
from ui.payment.view_model import PayForm, Phase, present
from ui.receipt.controller import ReceiptController
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

Key = Qt.Key


@pytest.fixture(autouse=True)
def _usual_look() -> Iterator[None]:
    yield
    Theme.current().use(scheme=Scheme.LIGHT, scale_percent=100)


def at_payment(counter: Opened) -> PaymentController:
    counter.scan(counter.shop.cards["张三丰"])
    for code in (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL):
        counter.shop.clock.go_on(milliseconds=1_000)
        counter.scan(code)
    counter.press(Key.Key_F9)
    current = counter.handle.parts.navigation.current
    assert isinstance(current, PaymentController)
    return current


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [1024, 1366])
def test_paying_with_points_is_said_whole_in_large_text(
    counter: Opened, language: str, width: int
) -> None:
    look(counter, language, 150)
    counter.window.resize(width, 768)
    screen = at_payment(counter)._screen
    counter.press(Key.Key_F6)
    label = screen.points._label
    assert label.text() in (label.whole_text, "Points"), "never a word with its end cut off"
    if width == 1366:
        assert label.text() == label.whole_text


def test_the_caret_stands_beside_an_amount_that_is_only_suggested(counter: Opened) -> None:
    edit = at_payment(counter)._screen.amount.edit
    hint = edit.placeholderText()
    assert hint.strip() == "136.40"
    metrics = QFontMetrics(edit.font())
    assert metrics.horizontalAdvance(hint) - metrics.horizontalAdvance("136.40") >= 2
    counter.type("120")
    assert edit.text() == "120"


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        pytest.param(3, "等待终端答复。", id="as usual"),
        pytest.param(20, "比平时慢。请继续等待，不要重复收款。", id="long"),
    ],
)
def test_waiting_for_a_terminal_names_the_amount_once(
    counter: Opened, seconds: int, sentence: str
) -> None:
    screen = at_payment(counter)._screen
    form = PayForm(tender="mobile", phase=Phase.PROCESSING, elapsed_s=seconds)
    view = present(counter.state, form, load("zh_CN"))
    assert view.terminal is not None
    assert view.terminal.sentence == sentence
    screen.render_view(view)
    said = [
        label.text()
        for label in (screen.terminal._amount, screen.terminal._headline)
        if not label.isHidden()
    ]
    assert sum("136.43" in text for text in said) == 1
    chosen = replace(form, phase=Phase.CHOOSE, received=Money(1))
    screen.render_view(present(counter.state, chosen, load("zh_CN")))
    assert not screen.terminal._amount.isHidden()


def test_points_cannot_be_touched_while_a_terminal_is_asked(counter: Opened) -> None:
    """What is asked for stands: a switch that looks alive there does nothing."""
    controller = at_payment(counter)
    points = controller._screen.points
    assert points.switch.isEnabled()
    counter.press(Key.Key_3, Qt.KeyboardModifier.AltModifier)
    counter.press(Key.Key_Return)
    counter.settle()
    assert controller.phase is Phase.BY_HAND
    assert not points.switch.isEnabled()
    assert not points._edit.isEnabled()
    counter.press(Key.Key_Delete)
    counter.settle()
    assert points.switch.isEnabled()
    assert points._edit.isEnabled()


@pytest.mark.parametrize("scale_percent", [100, 130, 150])
def test_the_change_stands_beside_its_word(counter: Opened, scale_percent: int) -> None:
    look(counter, "zh_CN", scale_percent)
    counter.window.resize(1366, 768)
    at_payment(counter)
    counter.type("200")
    counter.press(Key.Key_Return)
    current = counter.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    screen = current._screen
    counter.settle()
    word, figure = screen._figure_label, screen._figure
    gap = figure.mapTo(screen, QPoint(0, 0)).x() - word.mapTo(screen, QPoint(word.width(), 0)).x()
    drawn = QFontMetrics(figure._drawn_font()).horizontalAdvance(figure.text())
    assert gap + figure.width() - drawn <= 40


@pytest.mark.parametrize("width", [1024, 1366])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_done_screen_keeps_every_word_beside_the_distance_to_the_tier(
    counter: Opened, width: int, language: str
) -> None:
    look(counter, language, 150)
    counter.window.resize(width, 768)
    at_payment(counter)
    counter.press(Key.Key_F9)
    current = counter.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    assert troubles(current.widget) == {}


def test_a_receipt_printed_again_asks_for_no_money(counter: Opened) -> None:
    at_payment(counter)
    counter.press(Key.Key_F9)
    counter.press(Key.Key_Escape)
    counter.handle.parts.navigation.go(ToReceipt())
    counter.settle()
    current = counter.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    assert current._screen._figure_label.text() == "单据金额"
