"""What giving money back answers: done, ask a terminal, not given, not known, not yet.

Owns: those answers. Does not own: the acts (refund_payment.py, goods_exchange.py), sentences (ui).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import OpId
from app.domain.money import Money
from app.domain.open_refund import RefundAttempt
from app.domain.payment import TenderKind
from app.domain.refund import PointsMoved
from app.domain.refund_receipt import RefundReceipt
from app.services.answers import Refusal
from app.services.approval import ClearanceRefusal
from app.services.pieces_kept import AskToKeepPieces, PiecesNotKept
from app.services.refund import NoOpenRefund
from app.services.refund_state import RefundState
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class RefundDone:
    """The refund is durable. `cash`: hand this out; the rest went back by terminals."""

    state: TillState
    refund_id: OpId
    receipt: RefundReceipt
    paid: Money
    cash: Money
    coupons: tuple[str, ...]
    points: PointsMoved


@dataclass(frozen=True, slots=True)
class RefundDoneBefore:
    """It was recorded already (confirmed twice, or just before a crash): nothing happened now."""

    refund_id: OpId
    receipt: RefundReceipt


@dataclass(frozen=True, slots=True)
class NothingChosen:
    """No goods were chosen yet."""


@dataclass(frozen=True, slots=True)
class ReasonMissing:
    """Say why this line comes back."""

    line_id: str


@dataclass(frozen=True, slots=True)
class PayoutChanged:
    """Another sum goes back than was shown; nothing was recorded. Show it, then ask again."""

    state: RefundState


@dataclass(frozen=True, slots=True)
class AskTerminalBack:
    """The try is recorded: now ask the terminal, outside the lane."""

    state: RefundState
    attempt: RefundAttempt


@dataclass(frozen=True, slots=True)
class GaveBackByHand:
    """A separate terminal: the cashier looks and says whether it gave the money back."""

    state: RefundState
    attempt: RefundAttempt


@dataclass(frozen=True, slots=True)
class NotGivenBack:
    """The terminal refused. Try again, or give it in cash (with an approval)."""

    state: RefundState
    attempt: RefundAttempt
    reason: str


@dataclass(frozen=True, slots=True)
class GivingBackUnknown:
    """It may have been given back. Query it; never ask for it again."""

    state: RefundState
    attempt: RefundAttempt


@dataclass(frozen=True, slots=True)
class TerminalsDone:
    """All that goes by terminals is back: confirm the exchange again, it will complete."""

    state: RefundState


@dataclass(frozen=True, slots=True)
class NoTerminalBack:
    """No terminal here gives this kind of tender back: give it in cash (with an approval)."""

    state: RefundState
    kind: TenderKind


@dataclass(frozen=True, slots=True)
class GivenBackTwice:
    """A terminal gave money back that had been given in cash meanwhile: for the manager."""

    attempt: RefundAttempt


@dataclass(frozen=True, slots=True)
class NoSuchTry:
    """No open try by this id."""

    attempt_id: str


@dataclass(frozen=True, slots=True)
class IsAnExchange:
    """New goods are being rung up with it: confirm the exchange."""


NotReady = (
    NothingChosen
    | ReasonMissing
    | PayoutChanged
    | ClearanceRefusal
    | GivingBackUnknown
    | AskToKeepPieces
    | PiecesNotKept
    | RefundDoneBefore
    | NoOpenRefund
    | Refusal
)
ConfirmAnswer = RefundDone | AskTerminalBack | NoTerminalBack | IsAnExchange | NotReady
FinishBackAnswer = (
    RefundDone
    | TerminalsDone
    | AskTerminalBack
    | NoTerminalBack
    | NotGivenBack
    | GivingBackUnknown
    | GaveBackByHand
    | GivenBackTwice
    | NoSuchTry
)
