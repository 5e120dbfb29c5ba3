"""Holds: a sale put aside so that the next customer can be served.

Owns: the held sale, what it looked like when it was put aside, its end, whether it stood overnight,
and what is different once it is priced again. Does not own: the basket itself (open_basket.py), the
steps (app/services/hold.py), where it is kept (app/store/hold.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from app.domain.money import ZERO, Money, total
from app.domain.open_basket import OpenBasket
from app.domain.quote import Quote

HoldOutcome = Literal["recalled", "voided"]


class SeenLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one line cost as the customer saw it: its row, without its shares of the order."""

    line_id: str
    name: str
    net: Money


class SeenPrices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The prices of a basket at one moment. `offers`: what the rules took off, positive."""

    total: Money = ZERO
    lines: tuple[SeenLine, ...] = ()
    offers: Mapping[str, Money] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HoldEnd:
    """How a hold ended."""

    outcome: HoldOutcome
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class HeldSale:
    """A basket put aside. `hold_id` is the basket's own id: its sale will have it."""

    hold_id: str
    held_ms: int
    business_day: date
    staff_id: str
    pieces: int
    seen: SeenPrices
    basket: OpenBasket
    note: str = ""
    end: HoldEnd | None = None

    def is_overnight(self, today: date) -> bool:
        """Whether it stood over the end of a business day: its prices may be of yesterday."""
        return self.business_day < today


def seen_prices(quote: Quote, names: Mapping[str, str]) -> SeenPrices:
    """What a quote shows the customer; `names` by line id (a gift has its sku)."""
    offers: dict[str, Money] = {}
    own = [change for line in quote.lines for change in line.adjustments]
    for change in (*own, *quote.order_adjustments):
        offers[change.rule] = offers.get(change.rule, ZERO) - change.amount
    return SeenPrices(
        total=quote.total,
        lines=tuple(
            SeenLine(
                line_id=line.line_id,
                name=names.get(line.line_id, line.sku),
                net=line.list_amount + total(change.amount for change in line.adjustments),
            )
            for line in quote.lines
        ),
        offers=dict(sorted(offers.items())),
    )


@dataclass(frozen=True, slots=True)
class LineDiffers:
    """A line costs something else now. None: it was not there, or is no more."""

    line_id: str
    name: str
    before: Money | None
    after: Money | None


@dataclass(frozen=True, slots=True)
class OfferDiffers:
    """A rule takes off something else now; zero: it did not, or does no more."""

    rule: str
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class PricesDiffer:
    """What is different between two looks at one basket."""

    before: Money
    after: Money
    lines: tuple[LineDiffers, ...] = ()
    offers: tuple[OfferDiffers, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the customer pays what he was told, for the same reasons."""
        return self.before == self.after and not self.lines and not self.offers


def difference(before: SeenPrices, after: SeenPrices) -> PricesDiffer:
    """What became different, line by line and rule by rule."""
    return PricesDiffer(
        before.total,
        after.total,
        tuple(_lines_that_differ(before.lines, after.lines)),
        tuple(
            OfferDiffers(rule, before.offers.get(rule, ZERO), after.offers.get(rule, ZERO))
            for rule in sorted({*before.offers, *after.offers})
            if before.offers.get(rule, ZERO) != after.offers.get(rule, ZERO)
        ),
    )


def _lines_that_differ(before: Sequence[SeenLine], after: Sequence[SeenLine]) -> list[LineDiffers]:
    was, now = ({line.line_id: line for line in lines} for lines in (before, after))
    found = []
    for line_id in dict.fromkeys([*was, *now]):
        old, new = was.get(line_id), now.get(line_id)
        name = new.name if new is not None else old.name if old is not None else ""
        differs = LineDiffers(line_id, name, old.net if old else None, new.net if new else None)
        if differs.before != differs.after:
            found.append(differs)
    return found
