"""What a real window is given: the pages and codes that devices lay out, and patience.

Owns: those renderers, waiting until something is so. Does not own: the windows themselves
(opened.py, tests/journeys/cashier.py), the shop (tests/real_shop.py), key events (keys.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer

from app.devices.cards import card_of, card_page, card_qr
from app.devices.poster import poster_pages
from app.devices.receipt_page import ROLL_80, receipt_page
from app.domain.campaign_record import CampaignRecord
from app.domain.codes import Code, parse_code
from app.domain.page import Page
from app.domain.paper import Paper
from tests.real_shop import words_for
from ui.printing.pdf import text_width_um
from ui.window_parts import Matrix, PrinterFacts, Renderers

_WAIT_MS, _STEP_MS = 60_000, 1


def _code(text: str) -> Code:
    code = parse_code(text)
    assert isinstance(code, Code)
    return code


def _qr(card: str) -> Matrix:
    return card_qr(_code(card)).rows


def _receipt(receipt: Paper) -> Page:
    return receipt_page(receipt, words_for, text_width_um, roll=ROLL_80)


def _card(card: str, language: str, holder: str) -> Page:
    return card_page(card_of("人民路店", card, holder), words_for(language), text_width_um)


def _poster(record: CampaignRecord, url: str) -> Sequence[Page]:
    return poster_pages("人民路店", record, url, words_for, text_width_um)


def renderers(printer: PrinterFacts | None = None) -> Renderers:
    """What main.py hands in."""
    facts = printer or PrinterFacts("ready")
    return Renderers(
        member_qr=_qr, receipt_page=_receipt, card_page=_card, poster_pages=_poster,
        printer=lambda: facts,
    )  # fmt: skip


def let_run(span_ms: int) -> None:
    """Let Qt and every other thread run for so long.

    Not by QTest.qWait: it keeps Python's lock, so nothing else of the program runs meanwhile, and a
    widget that is deleted in it can wait for ever for a thread that waits for that lock.
    """
    loop = QEventLoop()
    QTimer.singleShot(span_ms, loop.quit)
    loop.exec()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Let Qt run until it is so; fails if it never is."""
    deadline = QDeadlineTimer(_WAIT_MS)
    while not is_so():
        assert not deadline.hasExpired(), "it never came to that"
        let_run(_STEP_MS)
