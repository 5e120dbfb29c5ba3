"""Cards: a member's or a colleague's code to scan, as a page to print and as a picture to send.

Owns: the card's layout (85.6 x 54 mm, the size of a bank card) and its PNG. Does not own: the
code's making (domain/codes.py), painting pages (ui/printing).
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from app.devices.codes import (
    BARS_QUIET_MODULES,
    QR_QUIET_MODULES,
    Bars,
    QrMatrix,
    code128_bars,
    qr_matrix,
)
from app.devices.paper_text import visible, wrapped
from app.devices.receipt_rows import Words
from app.domain.codes import Code, CodeKind, parse_code
from app.domain.page import Mark, Measure, Page, PlacedBars, PlacedFrame, PlacedModules, PlacedText

CARD_WIDTH_UM = 85_600
CARD_HEIGHT_UM = 54_000
_RADIUS_UM = 3_180
_MARGIN_UM = 6_000
_QR_MODULE_UM = 1_150
_BAR_MODULE_UM = 330
_BAR_HEIGHT_UM = 10_000
_PNG_PIXELS_PER_MODULE = 12


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What stands on a card: the shop and the code. `holder`: on a colleague's badge only.

    A member's has no name and no phone: cards get lost.
    """

    shop: str
    code: Code
    holder: str = ""

    def __post_init__(self) -> None:
        wanted = CodeKind.STAFF if self.holder else CodeKind.MEMBER
        assert self.code.kind is wanted, f"{self.code.text} is no such card"


def card_of(shop: str, code: str, holder: str = "") -> PrintedCard:
    """The card with this code; a member's, or a colleague's badge."""
    read = parse_code(code)
    assert isinstance(read, Code), f"{code} is no code of ours"
    return PrintedCard(shop, read, holder)


def grouped(code: Code) -> str:
    """The code as people read it out: groups of four letters."""
    text = code.text
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def card_qr(code: Code) -> QrMatrix:
    """The QR of the card, for any screen; paint it black on white in dark themes too."""
    return qr_matrix(code.text)


def card_bars(code: Code) -> Bars:
    """The same code for scanners that read only bars."""
    return code128_bars(code.text)


def card_png(code: Code, *, pixels_per_module: int = _PNG_PIXELS_PER_MODULE) -> bytes:
    """The QR as a PNG with its quiet zone, black on white, to send to the customer's phone."""
    from PIL import Image

    rows = card_qr(code).with_quiet_zone()
    pixels = bytes(0 if module else 255 for row in rows for module in row)
    image = Image.frombytes("L", (len(rows), len(rows)), pixels)
    size = len(rows) * pixels_per_module
    target = io.BytesIO()
    image.resize((size, size), Image.Resampling.NEAREST).save(target, format="PNG")
    return target.getvalue()


def card_page(card: PrintedCard, words: Words, measure: Measure) -> Page:
    """The card on a page of its own size, to print on a card or to cut out."""
    qr, bars = card_qr(card.code), card_bars(card.code)
    quiet = QR_QUIET_MODULES * _QR_MODULE_UM
    qr_um = qr.size * _QR_MODULE_UM
    qr_x = CARD_WIDTH_UM - quiet - qr_um - 1_000
    qr_y = quiet + 1_000
    marks: list[Mark] = [
        PlacedFrame(100, 100, CARD_WIDTH_UM - 200, CARD_HEIGHT_UM - 200, _RADIUS_UM, 150),
        PlacedModules(qr_x, qr_y, _QR_MODULE_UM, qr.rows),
    ]
    marks += _card_texts(card, words, measure, qr_x - quiet - _MARGIN_UM)
    bars_x = (CARD_WIDTH_UM - bars.modules * _BAR_MODULE_UM) // 2
    bars_y = CARD_HEIGHT_UM - 8_500 - _BAR_HEIGHT_UM
    assert bars_x >= BARS_QUIET_MODULES * _BAR_MODULE_UM, "the bars need white beside them"
    assert bars_y >= qr_y + qr_um + quiet, "the two codes need white between them"
    marks.append(PlacedBars(bars_x, bars_y, _BAR_MODULE_UM, _BAR_HEIGHT_UM, bars.widths))
    number_y = CARD_HEIGHT_UM - 3_800
    centre = CARD_WIDTH_UM // 2
    marks.append(PlacedText(centre, number_y, 3_400, grouped(card.code), "centre"))
    return Page(CARD_WIDTH_UM, CARD_HEIGHT_UM, card.code.text, tuple(marks))


def _card_texts(card: PrintedCard, words: Words, measure: Measure, width_um: int) -> list[Mark]:
    shop_um, title_um, hint_um = 5_600, 3_800, 2_600
    shop = wrapped(visible(card.shop), width_um, lambda text: measure(text, shop_um, True))[:2]
    marks: list[Mark] = []
    y = _MARGIN_UM - 1_000
    for line in shop:
        y += 6_800
        marks.append(PlacedText(_MARGIN_UM, y, shop_um, line, bold=True))
    y += 6_600
    title = card.holder or words.t("Member card")
    marks.append(PlacedText(_MARGIN_UM, y, title_um, title))
    use = words.t("Staff badge") if card.holder else words.t("Show this code at the till")
    hint = wrapped(use, width_um, lambda text: measure(text, hint_um, False))
    for line in hint[:2]:
        y += 4_600
        marks.append(PlacedText(_MARGIN_UM, y, hint_um, line))
    return marks
