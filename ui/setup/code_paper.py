"""The recovery code on paper: a small page that says what it is and how to keep it.

Owns: the page's layout. Does not own: the code, painting and printing (ui/printing), files. The
code stands on the page alone: never in its title, which printers and logs keep.
"""

from __future__ import annotations

from app.domain.page import Mark, Page, PlacedFrame, PlacedText
from app.wording import Wording

WIDTH_UM, HEIGHT_UM = 105_000, 148_000
"""A6: it fits an envelope."""
MARGIN_UM = 8_000
_TITLE_UM, _CODE_UM, _TEXT_UM = 5_600, 7_200, 2_900
_GROUPS_PER_LINE = 3


def code_page(code: str, shop: str, wording: Wording) -> Page:
    """The page. `code`: in groups with hyphens, as it is shown."""
    t = wording.t
    title = t("Recovery code of a Zhanggui till")
    edge = MARGIN_UM // 2
    marks: list[Mark] = [
        PlacedFrame(edge, edge, WIDTH_UM - 2 * edge, HEIGHT_UM - 2 * edge, 3_000, 200),
        PlacedText(MARGIN_UM, 20_000, _TITLE_UM, title, bold=True),
        PlacedText(MARGIN_UM, 29_000, 4_000, shop),
    ]
    groups = code.split("-")
    y = 52_000
    for start in range(0, len(groups), _GROUPS_PER_LINE):
        line = "-".join(groups[start : start + _GROUPS_PER_LINE])
        marks.append(PlacedText(WIDTH_UM // 2, y, _CODE_UM, line, "centre", bold=True))
        y += 13_000
    y += 8_000
    for sentence in (
        t("If the machine breaks, a backup opens only with this code."),
        t("Whoever has it and a backup can read everything."),
        t("Lock it up, away from the till."),
        t("Never photograph it, never send it to anybody."),
    ):
        marks.append(PlacedText(MARGIN_UM, y, _TEXT_UM, sentence))
        y += 7_000
    return Page(WIDTH_UM, HEIGHT_UM, title, tuple(marks))
