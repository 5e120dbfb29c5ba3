"""The open basket: the sale being rung up, as it survives a kill.

Owns: lines as scanned (also those nobody could resolve yet), the member on the basket, the
choices, money already received, and the steps that can be undone. Does not own: the moves
(app/services/basket.py), prices (pricing.py), where it is kept (app/store).
The records are plain structs: `encode_basket` and `decode_basket` are their one stored form.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from app.domain.basket import Basket, BasketChoices, BasketLine
from app.domain.payment import Tender
from app.domain.quantity import Quantity
from app.domain.quote import Quote
from app.domain.view import IdentifiedBy

Problem = Literal["unknown", "bad_check", "inactive", "no_price", "members_only"]
"""Why a line cannot be sold yet."""


class OpenLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line as scanned. Exactly one of `goods` and `problem` decides what it is;

    `members_only` keeps its goods: they are known and wait for a member of the right tier.
    """

    line_id: str
    scanned: str
    """What was read or typed; never a payment code."""
    quantity: Quantity
    goods: BasketLine | None = None
    problem: Problem | None = None
    unit: str = ""
    label_price: bool = False
    """A scale label that says a price: its quantity follows from it and cannot be changed."""

    @property
    def is_resolved(self) -> bool:
        return self.problem is None


class MemberOnBasket(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whose sale it is and how the person was recognised."""

    member_id: str
    identified_by: IdentifiedBy
    card_code: str = ""


class BasketTick(msgspec.Struct, frozen=True, omit_defaults=True):
    """A benefit that a member used while the basket was open; `of` is the fact that says so."""

    entitlement: str
    of: str
    member_id: str


class UndoStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the basket was before one step: only what the step touched."""

    touched: tuple[tuple[int, OpenLine], ...] = ()
    """Lines as they were, with their places; a line that is gone is put back there."""
    added: tuple[str, ...] = ()
    """Ids of lines the step added."""
    choices: BasketChoices | None = None
    member: tuple[MemberOnBasket | None, ...] = ()
    """One entry where the step changed the member; empty where it did not."""
    cleared_at_ms: int | None = None
    """Monotonic time of a clearing: it can be undone only for a short time."""
    boot_id: str = ""


class OpenBasket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole open sale. `basket_id` is the op_id its sale will have: ringing up twice is one."""

    basket_id: str
    opened_ms: int
    lines: tuple[OpenLine, ...] = ()
    next_line: int = 1
    selected: str | None = None
    member: MemberOnBasket | None = None
    choices: BasketChoices = msgspec.field(default_factory=BasketChoices)
    ticked: tuple[BasketTick, ...] = ()
    """Benefits ticked off during this sale (already recorded)."""
    tenders: tuple[Tender, ...] = ()
    """Money already taken: while there is any, nothing that changes the price may change."""
    set_aside: tuple[str, ...] = ()
    """Attempts nobody waits for any more: another tender is used; they are still queried."""
    parts: tuple[str, ...] = ()
    """Attempts that were begun for a part of what is due."""
    priced_ms: int = 0
    """Wall time of its prices, once money was taken: they stand until it is paid or given back."""
    agreed: Quote | None = None
    """Those prices: what the customer began to pay is what the sale costs, also after a restart."""
    giving_back: str = ""
    """The attempt whose terminal was asked to give its money back: nothing is paid until it says.
    """
    refusals_to_give_back: int = 0
    """How often a terminal has said no: asking once more is another request, with another key."""
    undo: tuple[UndoStep, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.lines

    @property
    def is_untouched(self) -> bool:
        """Nothing was ever done in it."""
        return self == OpenBasket(basket_id=self.basket_id, opened_ms=self.opened_ms)

    @property
    def unresolved(self) -> tuple[OpenLine, ...]:
        return tuple(line for line in self.lines if not line.is_resolved)

    def line(self, line_id: str) -> OpenLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)

    def agreed_on(self, quote: Quote, now_ms: int) -> OpenBasket:
        """With the prices somebody begins to pay; those agreed on before stand."""
        if self.agreed is not None:
            return self
        return msgspec.structs.replace(self, agreed=quote, priced_ms=self.priced_ms or now_ms)

    def free_again(self) -> OpenBasket:
        """Without prices that stand: nothing was taken, or all of it went back."""
        return msgspec.structs.replace(self, agreed=None, priced_ms=0)

    def to_price(self) -> Basket:
        """What price() looks at: the resolved lines and the choices."""
        goods = tuple(line.goods for line in self.lines if line.goods and line.is_resolved)
        return Basket(goods, self.choices)


def encode_basket(basket: OpenBasket) -> bytes:
    """The stored form."""
    return msgspec.json.encode(basket)


def decode_basket(stored: bytes) -> OpenBasket:
    """Read the stored form; msgspec.DecodeError where the file was damaged."""
    return msgspec.json.decode(stored, type=OpenBasket)
