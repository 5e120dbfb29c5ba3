"""A real window over a real shop: shell, navigation, every screen, and pictures of it.

Owns: opening the window as main.py does, with what devices lay out, and waiting for answers.
Does not own: the shop (tests/real_shop.py), key events (tests/ui/keys.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.devices.cards import MemberCard, card_page, card_qr
from app.devices.receipt_page import ROLL_80, receipt_page
from app.domain.codes import Code, parse_code
from app.domain.page import Page
from app.domain.paper import Paper
from tests.real_shop import RealShop, words_for
from ui.application import Application, make_application
from ui.open_window import RegisterScreens, TillWindow, WindowWishes, open_window
from ui.printing.pdf import text_width_um
from ui.window_parts import Matrix, PrinterFacts, Renderers

_WAIT_MS, _STEP_MS = 20_000, 5


def _code(text: str) -> Code:
    code = parse_code(text)
    assert isinstance(code, Code)
    return code


def _qr(card: str) -> Matrix:
    return card_qr(_code(card)).rows


def _receipt(receipt: Paper) -> Page:
    return receipt_page(receipt, words_for, text_width_um, roll=ROLL_80)


def _card(card: str, language: str) -> Page:
    return card_page(MemberCard("人民路店", _code(card)), words_for(language), text_width_um)


def renderers(printer: PrinterFacts | None = None) -> Renderers:
    """What main.py hands in."""
    facts = printer or PrinterFacts("ready")
    return Renderers(member_qr=_qr, receipt_page=_receipt, card_page=_card, printer=lambda: facts)


def open_real_window(
    made: RealShop,
    screens: Sequence[RegisterScreens],
    *,
    language: str = "zh_CN",
    size: tuple[int, int] = (1366, 768),
    drawn: Renderers | None = None,
) -> TillWindow:
    """The window, shown, the till open in it. `close_window` it."""
    application = make_application()
    assert isinstance(application, Application)
    wishes = WindowWishes(language=language, renderers=drawn or renderers(), screens=screens)
    opened = open_window(application, made.shop, made.store.lane, wishes)
    opened.window.resize(*size)
    opened.window.show()
    opened.window.activateWindow()
    QTest.qWaitForWindowActive(opened.window, _WAIT_MS)
    opened.start()
    settle(opened)
    if opened.parts.live.state is not None:
        opened.parts.language.use(language)
    return opened


def settle(opened: TillWindow) -> None:
    """Wait until nothing that was asked is unanswered."""
    wait_until(lambda: not opened.parts.runner.is_busy)
    QApplication.processEvents()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Let Qt run until it is so; fails if it never is."""
    left_ms = _WAIT_MS
    while not is_so():
        assert left_ms > 0, "it never came to that"
        QTest.qWait(_STEP_MS)
        left_ms -= _STEP_MS


def picture(opened: TillWindow, path: Path) -> None:
    """A picture of the whole window."""
    settle(opened)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert opened.window.grab().save(str(path))


def close_window(opened: TillWindow) -> None:
    settle(opened)
    opened.close()
    opened.window.set_may_close(True)
    opened.window.close()
    opened.window.deleteLater()
    QApplication.processEvents()
