"""Attempts to take money by a terminal: written before the terminal is asked.

Owns: the payment_attempt table. Does not own: the steps of paying (services), terminals (devices).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.domain.money import Money
from app.domain.payment import AttemptState, PaymentAttempt
from app.store.changes import Changes
from app.store.errors import StoreBug
from app.store.repository import Repository
from app.store.tables import payment_attempt as table

_OLDEST_FIRST = (table.c.started_ms, table.c.attempt_id)
_ADD = insert(table)
_GET = select(table).where(table.c.attempt_id == bindparam("key"))
_UPDATE = (
    update(table)
    .where(table.c.attempt_id == bindparam("key"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("state", "by_hand", "reference", "detail")}
    )
)
# Literals in the statement: with bound states SQLite cannot use its partial index.
_IN_STATES = (
    select(table)
    .where(table.c.state.in_(bindparam("states", expanding=True, literal_execute=True)))
    .order_by(*_OLDEST_FIRST)
)
_OF_BASKET = select(table).where(table.c.basket_id == bindparam("key")).order_by(*_OLDEST_FIRST)


class PaymentRepository(Repository):
    """Attempts, by their idempotency key."""

    def add(self, attempt: PaymentAttempt) -> None:
        self._execute(_ADD, _row(attempt))
        self._changed(Changes(payments=True))

    def get(self, attempt_id: str) -> PaymentAttempt | None:
        row = self._execute(_GET, {"key": attempt_id}).mappings().first()
        return None if row is None else _attempt(row)

    def update(self, attempt: PaymentAttempt) -> None:
        """What became of it; amount, kind and basket of an attempt never change."""
        row = {
            "key": attempt.attempt_id,
            "new_state": attempt.state,
            "new_by_hand": int(attempt.by_hand),
            "new_reference": attempt.reference,
            "new_detail": attempt.detail,
        }
        if self._execute(_UPDATE, row).rowcount != 1:
            raise StoreBug("an attempt that was never started cannot change")
        self._changed(Changes(payments=True))

    def in_states(self, states: Iterable[AttemptState]) -> Sequence[PaymentAttempt]:
        """Oldest first."""
        rows = self._execute(_IN_STATES, {"states": list(states)}).mappings()
        return [_attempt(row) for row in rows]

    def of_basket(self, basket_id: str) -> Sequence[PaymentAttempt]:
        """Oldest first."""
        rows = self._execute(_OF_BASKET, {"key": basket_id}).mappings()
        return [_attempt(row) for row in rows]


def _row(attempt: PaymentAttempt) -> dict[str, object]:
    return {
        "attempt_id": attempt.attempt_id,
        "basket_id": attempt.basket_id,
        "kind": attempt.kind,
        "amount_minor": attempt.amount.minor,
        "started_ms": attempt.started_ms,
        "staff_id": attempt.staff_id,
        "state": attempt.state,
        "by_hand": int(attempt.by_hand),
        "reference": attempt.reference,
        "detail": attempt.detail,
    }


def _attempt(row: Mapping[Any, Any]) -> PaymentAttempt:
    return PaymentAttempt(
        attempt_id=row["attempt_id"],
        basket_id=row["basket_id"],
        kind=row["kind"],
        amount=Money(row["amount_minor"]),
        started_ms=row["started_ms"],
        staff_id=row["staff_id"],
        state=row["state"],
        by_hand=bool(row["by_hand"]),
        reference=row["reference"],
        detail=row["detail"],
    )
