"""The question after a sale at the real window: one key at the till or one tap of the customer, and
from a low score to a complaint by one key.

Owns: that story, beside the customer's own screen. Does not own: the page of his phone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.survey_record import SurveyAnswer
from tests.journeys.cashier import Cashier
from tests.journeys.test_customer_display import WITH_WINDOW, a_counter, touch, view, window
from tests.real_shop import MILK
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import wait
from tests.screens.scenes_figures import board, open_figures
from tests.screens.scenes_survey import ASKING, strip
from tests.services.conftest import use_program
from ui.application import Application
from ui.complaints.intake import IntakeDialog
from ui.navigation import ToReceipt, ToTill
from ui.receipt.controller import ReceiptController

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def scene(tmp_path: Path, application: Application) -> Iterator[Scene]:
    for made in a_counter(tmp_path, application, WITH_WINDOW):
        use_program(made.shop, ASKING.replace("3", "2"))
        yield Scene(made, "zh_CN", WaitingTerminal())


def sold(cashier: Cashier, who: str = "") -> str:
    """Milk for cash; the id of the sale. The done screen is in front."""
    if who:
        cashier.scan(cashier.shop.cards[who])
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)
    return cashier.sales()[-1].op_id


def receipt(cashier: Cashier) -> ReceiptController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    return current


def shown_score(cashier: Cashier) -> int | None:
    """What the customer's screen marks."""
    shown = view(cashier).survey
    assert shown is not None and shown.is_open
    score: int | None = shown.score
    return score


def said(cashier: Cashier, sale: str) -> tuple[int, str] | None:
    answer = kept(cashier, sale)
    return None if answer is None else (answer.score, answer.channel)


def kept(cashier: Cashier, sale: str) -> SurveyAnswer | None:
    found: SurveyAnswer | None = cashier.read(lambda work: work.surveys.of_sale(sale))
    return found


def test_one_key_or_one_tap_answers_and_a_low_score_becomes_a_complaint(scene: Scene) -> None:
    cashier = scene.cashier
    mistyped_and_mended(scene)
    tapped(scene)
    third = sold(cashier)
    wait(scene, lambda: strip(scene).isVisible())
    cashier.press(Key.Key_Plus, text="+")
    cashier.press(Key.Key_F12)
    wait(scene, lambda: said(cashier, third) == (10, "cashier"))
    cashier.scan(cashier.shop.badges["王芳"])
    open_figures(scene)
    found = board(scene).slice.found
    assert found is not None
    assert found.figures["nps"].figure.rounded == 33
    board(scene).behind.open_figure("nps", found)
    page = board(scene).screen.behind
    wait(scene, lambda: len(page.table.rows) == 3)
    assert [row.cells[0].text for row in page.table.rows] == ["3", "10", "10"]
    assert "3 位评价的顾客中：9 至 10 分 2 位，7 至 8 分 0 位，0 至 6 分 1 位。" in page.words
    cashier.press(Key.Key_N, CONTROL)
    wait(scene, lambda: bool(list(cashier.shown(IntakeDialog))))


def mistyped_and_mended(scene: Scene) -> None:
    """A member says three; the cashier's finger slipped before."""
    cashier = scene.cashier
    first = sold(cashier, "王小红")
    wait(scene, lambda: strip(scene).isVisible())
    screen = receipt(cashier)
    for _ in range(cashier.state.settings.receipt_return_s):
        screen._tick()
    assert cashier.at(ToReceipt), "whoever thinks about it has longer"
    cashier.begin()
    cashier.type("9")
    assert cashier.keys == 1, "one key"
    assert "已选 9 分" in strip(scene).words
    assert shown_score(cashier) == 9, "the customer sees what is noted of him"
    cashier.press(Key.Key_Backspace)
    assert cashier.keys == 2, "one key takes it back"
    assert (shown_score(cashier), kept(cashier, first)) == (None, None)
    cashier.type("8")
    cashier.type("3")
    cashier.scan(MILK)
    assert cashier.at(ToTill), "the next sale has begun"
    wait(scene, lambda: said(cashier, first) == (3, "cashier"))


def tapped(scene: Scene) -> None:
    """The next customer answers on his own screen, and slips as well."""
    cashier = scene.cashier
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    second = cashier.sales()[-1].op_id
    wait(scene, lambda: view(cashier).survey is not None)
    scores = window(cashier).sentence.scores
    assert all(min(key.width(), key.height()) >= 48 for key in scores.buttons)
    touch(scores.buttons[0])
    touch(scores.buttons[10])
    receipt(cashier).survey.pause.start(0)
    wait(scene, lambda: said(cashier, second) == (10, "display"))
    wait(scene, lambda: not strip(scene).scores.isVisible())
    assert "已记录：10 分" in strip(scene).words
    cashier.press(Key.Key_Backspace)
    cashier.type("1")
    assert said(cashier, second) == (10, "display"), "what is noted stays"
