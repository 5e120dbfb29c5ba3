"""Rows: what the kit's widgets show, as plain values that a view model can make without Qt.

Owns: a basket row as text and its cells, one thing of a list to pick from, which tone a tier has.
Does not own: painting them (ui/kit/basket_table.py, marks.py).
"""

from dataclasses import dataclass
from enum import IntEnum

TIER_TONES = ("regular", "silver", "gold", "diamond")


class Column(IntEnum):
    """The columns, left to right."""

    NUMBER = 0
    NAME = 1
    QUANTITY = 2
    UNIT_PRICE = 3
    AMOUNT = 4


@dataclass(frozen=True, slots=True)
class BasketRow:
    """One line as text. `problem`: why it blocks payment (unknown code); empty: nothing does."""

    line_id: str
    number: str
    name: str
    quantity: str
    unit_price: str
    amount: str
    reason: str = ""
    saving: str = ""
    problem: str = ""
    can_step: bool = True

    def cell(self, column: Column) -> str:
        match column:
            case Column.NUMBER:
                return self.number
            case Column.NAME:
                return self.name
            case Column.QUANTITY:
                return self.quantity
            case Column.UNIT_PRICE:
                return self.unit_price
            case Column.AMOUNT:
                return self.amount


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to choose. `key`: what is answered."""

    key: str
    words: str
    detail: str = ""


def tier_tone(rank: int, tier_count: int) -> str:
    """The colours of the tier of this rank (0 = entry) in a program of so many tiers."""
    if rank <= 0:
        return "regular"
    from_top = tier_count - 1 - rank
    if tier_count <= 3:
        return "gold" if from_top == 0 else "silver"
    return ("diamond", "gold")[from_top] if from_top < 2 else "silver"
