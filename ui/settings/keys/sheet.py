"""Key sheet: the keys of a till on one sheet of paper, to lie beside the keyboard.

Owns: the sheet's layout. Does not own: which keys there are, painting and printing (ui/printing).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.page import Mark, Page, PlacedRule, PlacedText
from app.wording import Wording
from ui.printing.pdf import text_width_um
from ui.settings.keys.view_model import KeyRow

WIDTH_UM, HEIGHT_UM = 148_000, 210_000
"""A5."""
MARGIN_UM, _GAP_UM = 10_000, 8_000
_TITLE_UM, _PLACE_UM, _TEXT_UM, _SMALLEST_UM = 6_000, 3_600, 3_400, 2_000
_TOP_UM, _STEP_UM = 42_000, 8_200
_COLUMN_UM = (WIDTH_UM - 2 * MARGIN_UM - _GAP_UM) // 2


def key_sheet(rows: Sequence[KeyRow], place: str, preset: str, wording: Wording) -> Page:
    """The sheet, read downwards in two columns. `place`: shop and till; `preset`: its name."""
    title = wording.t("Keys of the till")
    marks: list[Mark] = [
        PlacedText(MARGIN_UM, 20_000, _TITLE_UM, title, bold=True),
        PlacedText(MARGIN_UM, 29_000, _PLACE_UM, place),
        PlacedText(WIDTH_UM - MARGIN_UM, 29_000, _PLACE_UM, preset, "right"),
    ]
    height = -(-len(rows) // 2)
    step = min(_STEP_UM, (HEIGHT_UM - MARGIN_UM - _TOP_UM) // max(height - 1, 1))
    for number, row in enumerate(rows):
        x = MARGIN_UM + number // height * (_COLUMN_UM + _GAP_UM)
        marks += _line(row, x, _TOP_UM + number % height * step)
    return Page(WIDTH_UM, HEIGHT_UM, title, tuple(marks))


def _line(row: KeyRow, x: int, y: int) -> list[Mark]:
    """The key in front of its act, a hairline below; long words are set smaller, never cut."""
    key_room = _COLUMN_UM * 2 // 5
    act_room = _COLUMN_UM - key_room
    return [
        PlacedText(x, y, _size(row.key, key_room, bold=True), row.key, bold=True),
        PlacedText(x + key_room, y, _size(row.name, act_room), row.name),
        PlacedRule(x, y + 2_400, _COLUMN_UM, 100),
    ]


def _size(text: str, room: int, *, bold: bool = False) -> int:
    size = _TEXT_UM
    while size > _SMALLEST_UM and text_width_um(text, size, bold) > room:
        size -= 100
    return size
