"""Refunds, for look-up; the one that is open; tries of a terminal to give money back.

Owns: the refund, refund_piece, open_refund and refund_attempt tables. Does not own: the truth
about a refund (its fact), what pieces are worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select

from app.domain.fact_parts import RefundedPieces
from app.domain.money import Money
from app.domain.open_refund import OpenRefund, RefundAttempt, decode_refund, encode_refund
from app.domain.payment import AttemptState
from app.domain.refund_record import Refund
from app.store.changes import Changes
from app.store.device import DeviceRepository
from app.store.errors import Damaged
from app.store.known_fact import KnownFactRepository
from app.store.repository import Prepared, Repository, Transaction, put_row
from app.store.tables import open_refund, refund, refund_attempt, refund_piece

_ADD = Prepared(insert(refund))
_ADD_PIECE = Prepared(insert(refund_piece))
_ONE = select(refund).where(refund.c.refund_id == bindparam("key"))
_BY_CODE = select(refund).where(refund.c.receipt_code == bindparam("key"))
_OF_SALE = select(refund).where(refund.c.sale_id == bindparam("key")).order_by(refund.c.refund_id)
_LATEST = (
    select(refund)
    .order_by(refund.c.epoch.desc(), refund.c.business_day.desc(), refund.c.sequence.desc())
    .limit(bindparam("most"))
)
_OF_DAY = (
    select(refund)
    .where(refund.c.business_day == bindparam("day"))
    .order_by(refund.c.epoch.desc(), refund.c.sequence.desc())
    .limit(bindparam("most"))
)
_COUNT = select(func.count()).select_from(refund)
_PIECES = (
    select(refund_piece)
    .where(refund_piece.c.refund_id == bindparam("key"))
    .order_by(refund_piece.c.number)
)
_OPEN_SLOT = 1
_LOAD_OPEN = select(open_refund.c.data).where(open_refund.c.slot == bindparam("key"))
_SAVE_OPEN = Prepared(put_row(open_refund, "slot"))
_CLEAR_OPEN = Prepared(delete(open_refund).where(open_refund.c.slot == bindparam("key")))

_OLDEST_FIRST = (refund_attempt.c.started_ms, refund_attempt.c.attempt_id)
_PUT_ATTEMPT = Prepared(put_row(refund_attempt, "attempt_id"))
_ATTEMPT = select(refund_attempt).where(refund_attempt.c.attempt_id == bindparam("key"))
_OF_REFUND = (
    select(refund_attempt)
    .where(refund_attempt.c.refund_id == bindparam("key"))
    .order_by(*_OLDEST_FIRST)
)
# Literals in the statement: with bound states SQLite cannot use its partial index.
_IN_STATES = (
    select(refund_attempt)
    .where(refund_attempt.c.state.in_(bindparam("states", expanding=True, literal_execute=True)))
    .order_by(*_OLDEST_FIRST)
)


class RefundRepository(Repository):
    """Refunds and returns of this till; look-ups also find those of others (known_fact.py)."""

    def __init__(self, transaction: Transaction, device: DeviceRepository) -> None:
        super().__init__(transaction)
        self._device = device
        self._known = KnownFactRepository(transaction)

    def add(self, done: Refund) -> None:
        """All rows of a refund. StoreBug where it or its receipt number is known."""
        self._write(_ADD, _row(done, self._device.epoch()))
        if done.pieces:
            self._write(_ADD_PIECE, _piece_rows(done))
        self._changed(Changes(refunds=True))

    def get(self, refund_id: str) -> Refund | None:
        found = self._one(self._execute(_ONE, {"key": refund_id}).mappings().first())
        return found or self._known.refund(refund_id)

    def by_receipt(self, receipt_code: str) -> Refund | None:
        found = self._one(self._execute(_BY_CODE, {"key": receipt_code}).mappings().first())
        return found or self._known.refund_by_receipt(receipt_code)

    def of_sale(self, sale_id: str) -> Sequence[Refund]:
        """In the order of their ids."""
        rows = self._execute(_OF_SALE, {"key": sale_id}).mappings().all()
        mine = [self._with_pieces(row) for row in rows]
        others = self._known.refunds_of_sale(sale_id)
        return sorted((*mine, *others), key=lambda done: done.refund_id)

    def latest(self, limit: int = 10) -> Sequence[Refund]:
        """Newest first."""
        rows = self._execute(_LATEST, {"most": limit}).mappings().all()
        return [self._with_pieces(row) for row in rows]

    def of_day(self, business_day: date, limit: int) -> Sequence[Refund]:
        """Newest first."""
        asked = {"day": business_day.isoformat(), "most": limit}
        rows = self._execute(_OF_DAY, asked).mappings().all()
        return [self._with_pieces(row) for row in rows]

    def count(self) -> int:
        """How many refunds and returns this store holds."""
        return int(self._execute(_COUNT).scalar_one())

    def load_open(self) -> OpenRefund | None:
        """The refund that is not finished. Raises Damaged."""
        data: bytes | None = self._execute(_LOAD_OPEN, {"key": _OPEN_SLOT}).scalar()
        if data is None:
            return None
        try:
            return decode_refund(data)
        except msgspec.DecodeError as error:
            raise Damaged(f"open refund: {error}") from error

    def save_open(self, begun: OpenRefund) -> None:
        self._write(_SAVE_OPEN, {"slot": _OPEN_SLOT, "data": encode_refund(begun)})
        self._changed(Changes(refunds=True))

    def clear_open(self) -> None:
        self._write(_CLEAR_OPEN, {"key": _OPEN_SLOT})
        self._changed(Changes(refunds=True))

    def put_attempt(self, attempt: RefundAttempt) -> None:
        """A new attempt, or what became of a known one."""
        self._write(_PUT_ATTEMPT, _attempt_row(attempt))
        self._changed(Changes(refunds=True))

    def attempt(self, attempt_id: str) -> RefundAttempt | None:
        row = self._execute(_ATTEMPT, {"key": attempt_id}).mappings().first()
        return None if row is None else _attempt(row)

    def attempts_of(self, refund_id: str) -> Sequence[RefundAttempt]:
        """Oldest first."""
        rows = self._execute(_OF_REFUND, {"key": refund_id}).mappings()
        return [_attempt(row) for row in rows]

    def attempts_in(self, states: Iterable[AttemptState]) -> Sequence[RefundAttempt]:
        """Oldest first."""
        rows = self._execute(_IN_STATES, {"states": list(states)}).mappings()
        return [_attempt(row) for row in rows]

    def _one(self, row: Mapping[Any, Any] | None) -> Refund | None:
        return None if row is None else self._with_pieces(row)

    def _with_pieces(self, row: Mapping[Any, Any]) -> Refund:
        pieces = self._execute(_PIECES, {"key": row["refund_id"]}).mappings()
        return _refund(row, tuple(_piece(piece) for piece in pieces))


def _row(done: Refund, epoch: int) -> dict[str, object]:
    return {
        "refund_id": done.refund_id,
        "receipt_code": done.receipt_code,
        "epoch": epoch,
        "business_day": done.business_day.isoformat(),
        "sequence": done.sequence,
        "refunded_ms": done.refunded_ms,
        "staff_id": done.staff_id,
        "shift_id": done.shift_id,
        "member_id": done.member_id,
        "sale_id": done.sale_id,
        "sale_code": done.sale_code,
        "worth_minor": done.worth.minor,
        "kept_back_minor": done.kept_back.minor,
        "paid_minor": done.paid.minor,
        "last_piece": int(done.last_piece),
        "exchanged_for": done.exchanged_for,
    }


def _piece_rows(done: Refund) -> list[dict[str, object]]:
    return [
        {
            "refund_id": done.refund_id,
            "number": number,
            "line_id": piece.line,
            "first": piece.start,
            "past": piece.end,
            "amount_minor": piece.amount_minor,
            "reason": piece.reason,
        }
        for number, piece in enumerate(done.pieces, start=1)
    ]


def _piece(row: Mapping[Any, Any]) -> RefundedPieces:
    return RefundedPieces(
        line=row["line_id"],
        start=row["first"],
        end=row["past"],
        amount_minor=row["amount_minor"],
        reason=row["reason"],
    )


def _refund(row: Mapping[Any, Any], pieces: tuple[RefundedPieces, ...]) -> Refund:
    return Refund(
        refund_id=row["refund_id"],
        receipt_code=row["receipt_code"],
        sequence=row["sequence"],
        business_day=date.fromisoformat(row["business_day"]),
        refunded_ms=row["refunded_ms"],
        staff_id=row["staff_id"],
        sale_id=row["sale_id"],
        sale_code=row["sale_code"],
        worth=Money(row["worth_minor"]),
        paid=Money(row["paid_minor"]),
        kept_back=Money(row["kept_back_minor"]),
        last_piece=bool(row["last_piece"]),
        pieces=pieces,
        member_id=row["member_id"],
        shift_id=row["shift_id"],
        exchanged_for=row["exchanged_for"],
    )


def _attempt_row(attempt: RefundAttempt) -> dict[str, object]:
    return {
        "attempt_id": attempt.attempt_id,
        "refund_id": attempt.refund_id,
        "tender": attempt.tender,
        "kind": attempt.kind,
        "amount_minor": attempt.amount.minor,
        "original": attempt.original,
        "started_ms": attempt.started_ms,
        "staff_id": attempt.staff_id,
        "state": attempt.state,
        "by_hand": int(attempt.by_hand),
        "is_set_aside": int(attempt.is_set_aside),
        "reference": attempt.reference,
        "detail": attempt.detail,
    }


def _attempt(row: Mapping[Any, Any]) -> RefundAttempt:
    return RefundAttempt(
        attempt_id=row["attempt_id"],
        refund_id=row["refund_id"],
        tender=row["tender"],
        kind=row["kind"],
        amount=Money(row["amount_minor"]),
        original=row["original"],
        started_ms=row["started_ms"],
        staff_id=row["staff_id"],
        state=row["state"],
        by_hand=bool(row["by_hand"]),
        is_set_aside=bool(row["is_set_aside"]),
        reference=row["reference"],
        detail=row["detail"],
    )
