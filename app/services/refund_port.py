"""The port of refunds: what services need of the store for goods that came back.

Owns: that Protocol. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from app.domain.open_refund import OpenRefund, RefundAttempt
from app.domain.payment import AttemptState
from app.domain.refund_record import Refund


class RefundRepository(Protocol):
    """Finished refunds for look-up, the open one, and a terminal's tries to give money back."""

    def add(self, done: Refund) -> None: ...

    def get(self, refund_id: str) -> Refund | None: ...

    def by_receipt(self, receipt_code: str) -> Refund | None: ...

    def of_sale(self, sale_id: str) -> Sequence[Refund]:
        """In the order of their ids."""

    def latest(self, limit: int = 10) -> Sequence[Refund]:
        """Newest first."""

    def of_day(self, business_day: date, limit: int) -> Sequence[Refund]:
        """Of this till, newest first."""

    def count(self) -> int: ...

    def load_open(self) -> OpenRefund | None: ...

    def save_open(self, begun: OpenRefund) -> None: ...

    def clear_open(self) -> None: ...

    def put_attempt(self, attempt: RefundAttempt) -> None:
        """A new attempt, or what became of a known one."""

    def attempt(self, attempt_id: str) -> RefundAttempt | None: ...

    def attempts_of(self, refund_id: str) -> Sequence[RefundAttempt]:
        """Oldest first."""

    def attempts_in(self, states: Iterable[AttemptState]) -> Sequence[RefundAttempt]:
        """Oldest first."""
