"""CSV file: members as rows for a spreadsheet, masked as the list shows them. Pure.

Owns: the columns, that no cell is taken for a formula. Does not own: which members (export.py),
writing the file (ui/audit/csv_file.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.services.member_list import MemberRow
from app.wording import Wording
from ui import formatting
from ui.members.view_model import STATES
from ui.phrases import words

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def heading(wording: Wording) -> str:
    """The first line."""
    t = wording.t
    return _line([t("Phone"), t("Name"), t("Member card"), t("Tier"), t("Points"),
                  t("Spent in 12 months"), t("Last visit"), t("State"), t("Tags")])  # fmt: skip


def lines(rows: Sequence[MemberRow], wording: Wording, currency: str) -> str:
    """One line a member; figures without signs, so that a spreadsheet reads them."""
    return "".join(_of(row, wording, currency) for row in rows)


def _of(row: MemberRow, wording: Wording, currency: str) -> str:
    spend = formatting.figure(row.spend, currency=currency).replace(",", "")
    cells = [
        row.phone_masked or "",
        row.name_masked,
        row.card_masked,
        words(row.tier, wording),
        str(row.points),
        spend.replace(formatting.MINUS, "-"),
        "" if row.last_visit is None else row.last_visit.isoformat(),
        wording.t(STATES[row.state]),
        ", ".join(row.tags),
    ]
    figures = (4, 5)
    return _line([cell if at in figures else _guarded(cell) for at, cell in enumerate(cells)])


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet would calculate is shown as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: Sequence[str]) -> str:
    kept = io.StringIO()
    csv.writer(kept).writerow(cells)
    return kept.getvalue()
