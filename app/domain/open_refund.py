"""The open refund: goods being taken back, as they survive a kill.

Owns: the pieces chosen, the try of a terminal to give money back, and their one stored form. Does
not own: what they are worth (refund.py), the moves (services), where it is kept (app/store).
`refund_id` is the op_id its fact will have: confirming twice records one refund.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from app.domain.ids import OpId
from app.domain.money import Money
from app.domain.payment import AttemptState, TenderKind
from app.domain.refund_fact import PackKept
from app.domain.rights import Act

RefundReason = Literal["size", "quality", "unwanted", "wrong", "expired", "other"]
REFUND_REASONS: tuple[RefundReason, ...] = (
    "size", "quality", "unwanted", "wrong", "expired", "other",
)  # fmt: skip
"""In the order of their keys: 1 to 6."""


class ChosenBack(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many pieces (of a weight: thousandths) of a line; the reason may still be missing."""

    line: str
    count: int
    reason: RefundReason | None = None


class OpenRefund(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The one refund of this till that is not finished."""

    refund_id: OpId
    sale_id: OpId
    opened_ms: int
    staff_id: str
    chosen: tuple[ChosenBack, ...] = ()
    in_cash: tuple[int, ...] = ()
    """Tenders (places in the sale) whose terminal cannot give back: their money goes in cash."""
    exchange: bool = False
    """New goods are being rung up: the refund pays for them."""
    approved: tuple[Act, ...] = ()
    """Acts that somebody said yes to, for what is chosen now."""
    approved_by: tuple[str, ...] = ()
    points_kept: int | None = None
    """Set once money moves: what was so then is what will be recorded."""
    seen: tuple[OpId, ...] | None = None
    """Set then too: the refunds of the sale that were known."""
    packs: tuple[PackKept, ...] | None = None
    """Set then as well: what stays with the shop of packs, by the day on which money began to
    move."""
    kept: OpId | None = None
    """By which reservation the server keeps the pieces of another till's sale, or was asked to."""

    def of_line(self, line_id: str) -> ChosenBack | None:
        return next((each for each in self.chosen if each.line == line_id), None)


def encode_refund(refund: OpenRefund) -> bytes:
    """The stored form."""
    return msgspec.json.encode(refund)


def decode_refund(stored: bytes) -> OpenRefund:
    """Read the stored form; msgspec.DecodeError where the file was damaged."""
    return msgspec.json.decode(stored, type=OpenRefund)


@dataclass(frozen=True, slots=True)
class RefundAttempt:
    """One try to give money back by a terminal; `attempt_id` is the idempotency key.

    `tender`: the place among the sale's tenders of what is given back; `original` is how the
    terminal knows the payment.
    """

    attempt_id: str
    refund_id: OpId
    tender: int
    kind: TenderKind
    amount: Money
    original: str
    started_ms: int
    staff_id: str
    state: AttemptState = "started"
    by_hand: bool = False
    is_set_aside: bool = False
    """Nobody waits for it any more: the money went in cash; it is still queried."""
    reference: str = ""
    detail: str = ""
