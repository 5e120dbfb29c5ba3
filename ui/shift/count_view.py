"""Count view: what was typed beside each denomination, as rows and a sum. Pure.

Owns: texts and errors of the rows. Does not own: what a count is (domain/cash_count.py), widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.cash_count import CashCount, CountRefused, parse_count
from app.domain.money import Money, parse_amount
from app.wording import Wording
from ui import formatting
from ui.shift.sentences import count_error


@dataclass(frozen=True, slots=True)
class Denominations:
    """The notes and coins of a drawer, as configured, largest first."""

    values: tuple[str, ...]
    currency: str

    @property
    def decimals(self) -> int:
        return formatting.decimals(self.currency)

    def label(self, value: str) -> str:
        """`¥100`, `¥0.50`."""
        worth = parse_amount(value, self.decimals)
        assert isinstance(worth, Money), "denominations are checked by the shop's settings"
        return formatting.short_money(worth, currency=self.currency)


@dataclass(frozen=True, slots=True)
class CountRow:
    """One denomination: what it is, what its pieces come to, or what is wrong with them."""

    value: str
    label: str
    subtotal: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class CountView:
    """All rows; `total` is what the right ones come to."""

    rows: tuple[CountRow, ...]
    total: Money
    total_text: str
    first_error: str = ""
    """The value of the first row that is wrong."""


def count_view(kinds: Denominations, typed: Mapping[str, str], wording: Wording) -> CountView:
    """Rows and sum of what was typed so far; wrong ones count nothing and say why."""
    rows, total, first_error = [], Money(0), ""
    for value in kinds.values:
        answer = parse_count({value: typed.get(value, "")}, kinds.values, kinds.decimals)
        match answer:
            case CashCount():
                worth = formatting.figure(answer.total, currency=kinds.currency)
                total += answer.total
                shown = worth if answer.pieces else ""
                rows.append(CountRow(value, kinds.label(value), shown))
            case CountRefused(reason=reason):
                first_error = first_error or value
                error = count_error(reason, wording)
                rows.append(CountRow(value, kinds.label(value), error=error))
    text = formatting.money(total, currency=kinds.currency)
    return CountView(tuple(rows), total, text, first_error)
