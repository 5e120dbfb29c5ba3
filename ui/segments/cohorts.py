"""Cohorts as a grid and as a table: who first bought in a month, and came back in later ones. Pure.

Owns: those texts. Does not own: painting (ui/kit/cohort_grid.py), cohorts
(app/services/figures.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from app.domain.money import Money, divide_half_up
from app.domain.person_figures import CohortLine
from app.wording import Wording
from ui import formatting
from ui.chart_view import GridCell, GridRow, GridView
from ui.figures.untold import is_too_old, not_told_words
from ui.figures.view_model import share_of
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

_WHOLE = 10_000


def grid_of(
    lines: Sequence[CohortLine], wording: Wording, currency: str, *, of_chain: bool = False
) -> GridView:
    """A row a month, the newest last; a cell is the share that bought so many months later."""
    t = wording.t
    nobody = t("No member has bought anything so far that this till knows of.")
    most = max((len(line.later) for line in lines), default=0)
    return GridView(
        corner=(t("First purchase"), t("Members")),
        columns=tuple(f"+{months}" if months else "0" for months in range(most)),
        rows=tuple(_row(line, wording, currency) for line in lines),
        empty=t("No member has bought anything in any store so far.") if of_chain else nobody,
    )


def told_at(at: datetime, wording: Wording) -> str:
    """When head office told of all stores."""
    return wording.t("Told by head office at {time}.", time=formatting.moment(at))


def not_told(answer: object, wording: Wording) -> str:
    """Why there is nothing of all stores to be seen."""
    if is_too_old(answer):
        return not_told_words(answer, wording)
    return wording.t(
        "Head office does not answer: the cohorts of all stores come from there. Those of this "
        "shop are shown."
    )


def of_this_shop_only(key: str, wording: Wording) -> str:
    """Why a cell of the whole chain does not open. `key`: leads to this shop's own."""
    return wording.t(
        "Who they are can be listed for this shop's own cohorts only: {key} shows those.", key=key
    )


def _row(line: CohortLine, wording: Wording, currency: str) -> GridRow:
    cells = tuple(_cell(line, months, wording, currency) for months in range(len(line.later)))
    return GridRow(str(line.month), f"{line.members:,}", cells)


def _cell(line: CohortLine, months: int, wording: Wording, currency: str) -> GridCell:
    active = line.later[months].active
    share = share_of(Fraction(active, line.members))
    said = wording.t(
        "Of {members} who first bought in {cohort}, {active} ({share}) bought in {month}; all of "
        "them spent {money} up to then.",
        members=f"{line.members:,}", cohort=str(line.month), active=f"{active:,}", share=share,
        month=str(line.month.plus(months)),
        money=formatting.money(Money(line.net_minor(months)), currency=currency),
    )  # fmt: skip
    return GridCell(share, divide_half_up(active * _WHOLE, line.members), said)


def table_columns(lines: Sequence[CohortLine], wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right: so many members, in numbers."""
    t = wording.t
    most = max((len(line.later) for line in lines), default=0)
    later = (
        TableColumn(f"+{months}" if months else "0", 62, right=True, can_hide=months > 0)
        for months in range(most)
    )
    return (
        TableColumn(t("First purchase")),
        TableColumn(t("Members"), 90, right=True),
        TableColumn(t("Money so far"), 140, right=True),
        *later,
    )


def table_rows(lines: Sequence[CohortLine], currency: str) -> list[TableRow]:
    """The same in numbers."""
    most = max((len(line.later) for line in lines), default=0)
    return [
        TableRow(
            str(line.month),
            (
                TableCell(str(line.month)),
                quiet(f"{line.members:,}"),
                quiet(
                    formatting.money(Money(line.net_minor(len(line.later) - 1)), currency=currency)
                ),
                *(
                    quiet(f"{line.later[months].active:,}" if months < len(line.later) else "")
                    for months in range(most)
                ),
            ),
        )
        for line in lines
    ]
