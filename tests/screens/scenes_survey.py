"""Scenes of the question after a sale: asked, answered, on the customer's screen, behind the score.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.survey import SurveyNoted, answer_survey
from tests.real_shop import MILK, OIL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager, wait
from tests.screens.scenes_figures import board, open_figures
from tests.services.conftest import use_program
from ui.figure_intents import ToFigures
from ui.navigation import ToReceipt
from ui.receipt.controller import ReceiptController

Key = Qt.Key
ASKING = "\n[survey]\nleast_answers = 3\n"
SAID = (("张三丰", 9), ("", 3), ("王小红", 5), ("陈静", 10), ("", 8))


def asking(scene: Scene) -> None:
    """The shop asks from now on."""
    use_program(scene.cashier.shop, ASKING)


def asked(scene: Scene) -> None:
    """A member has paid in cash; his change and the question stand there."""
    asking(scene)
    cashier = scene.cashier
    cashier.scan(cashier.shop.cards["张三丰"])
    for code in (OIL, MILK):
        cashier.scan(code)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    wait(scene, lambda: strip(scene).isVisible())


def held(scene: Scene) -> None:
    """Pressed, and not noted yet: it can be another one."""
    asked(scene)
    scene.cashier.type("9")


def answered(scene: Scene) -> None:
    held(scene)
    current: Any = scene.cashier.handle.parts.navigation.current
    current.survey.settle()
    wait(scene, lambda: not strip(scene).scores.isVisible())


def strip(scene: Scene) -> Any:
    current: Any = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    return current._screen.survey


def answers_of_a_day(scene: Scene) -> None:
    """Five customers answered, two of them with less than seven."""
    asking(scene)
    shop = scene.cashier.shop
    for who, score in SAID:
        for code in ([shop.cards[who]] if who else []) + [MILK]:
            shop.do(scan_code, text=code)
        done = shop.do(pay_cash)
        assert isinstance(done, SaleDone), done
        noted = shop.do(answer_survey, sale_id=done.sale_id, score=score)
        assert isinstance(noted, SurveyNoted), noted
        scene.cashier.handle.parts.live.adopt(done.state)


def behind(scene: Scene) -> None:
    """The score on the figures, and the answers behind it."""
    answers_of_a_day(scene)
    as_manager(scene)
    open_figures(scene)
    found = board(scene).slice.found
    assert found is not None
    board(scene).behind.open_figure("nps", found)
    wait(scene, lambda: len(board(scene).screen.behind.table.rows) == len(SAID))


SHOTS = (
    Shot("survey", "asked", asked, ToReceipt, TILL_SIZES),
    Shot("survey", "asked-150", asked, ToReceipt, TILL_SIZES[:2], scale_percent=150),
    Shot("survey", "held", held, ToReceipt, TILL_SIZES),
    Shot("survey", "held-150", held, ToReceipt, TILL_SIZES[:2], scale_percent=150),
    Shot("survey", "answered", answered, ToReceipt),
    Shot("survey", "behind", behind, ToFigures, TILL_SIZES[:2]),
)
