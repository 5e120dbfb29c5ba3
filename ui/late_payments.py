"""Late payments: attempts left open, asked about at the start of the till and every night.

Owns: asking the terminal what became of each, once, and saying where money has to be given back.
Does not own: the open basket's own attempt (ui/payment shows it), the settling (services/payment).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.payment import PaymentAttempt, QueryResult
from app.services.payment import (
    FinishAnswer,
    PaymentWithoutSale,
    finish_payment,
    query_terminal,
)
from ui import phrases
from ui.payment.sentences import without_sale_sentence
from ui.window_banner import Say
from ui.window_parts import WindowParts


class LatePayments:
    """Asks about every attempt but the open basket's own."""

    def __init__(self, parts: WindowParts, say: Callable[[Say], None]) -> None:
        """`say` shows a sentence that needs attention, in whatever language."""
        self._parts, self._say = parts, say

    def ask(self, attempts: Sequence[PaymentAttempt], current: PaymentAttempt | None) -> None:
        """Query all but the open basket's own, beside the lane; by hand only a person can say."""
        for attempt in attempts:
            if (
                current is None or attempt.attempt_id != current.attempt_id
            ) and not attempt.by_hand:
                self._query(attempt)

    def _query(self, attempt: PaymentAttempt) -> None:
        def settle(result: QueryResult) -> None:
            self._parts.ask(
                finish_payment, self._settled, attempt_id=attempt.attempt_id, result=result
            )

        self._parts.ask_aside(query_terminal, settle, attempt=attempt)

    def _settled(self, answer: FinishAnswer) -> None:
        if isinstance(answer, PaymentWithoutSale):
            amount = phrases.money(answer.attempt.amount, self._parts.state)
            self._say(lambda wording: without_sale_sentence(amount, wording))
