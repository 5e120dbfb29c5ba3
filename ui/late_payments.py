"""Late payments: attempts left open, asked about at the start of the till and every night.

Owns: asking the terminal what became of each, once, and saying where money has to be given back,
or was given back twice. Does not own: the attempts of the open basket and of the open refund
(ui/payment and ui/refund show them), the settling (services/payment, refund_payment).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.open_refund import RefundAttempt
from app.domain.payment import PaymentAttempt, QueryResult
from app.services.payment import (
    FinishAnswer,
    PaymentWithoutSale,
    finish_payment,
    query_terminal,
)
from app.services.ports import UnitOfWork
from app.services.refund_answers import FinishBackAnswer, GivenBackTwice
from app.services.refund_payment import finish_giving_back, open_tries, query_terminal_back
from app.services.shop import Shop
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
        self._parts.ask(_tries_set_aside, self._ask_refunds)

    def _query(self, attempt: PaymentAttempt) -> None:
        def settle(result: QueryResult) -> None:
            self._parts.ask(
                finish_payment, self._settled, attempt_id=attempt.attempt_id, result=result
            )

        self._parts.ask_aside(query_terminal, settle, attempt=attempt)

    def _ask_refunds(self, tries: Sequence[RefundAttempt]) -> None:
        """Money that was given in cash while nobody knew: the terminal may have given it too."""
        for attempt in tries:
            self._query_back(attempt)

    def _query_back(self, attempt: RefundAttempt) -> None:
        def settle(result: QueryResult) -> None:
            self._parts.ask(
                finish_giving_back, self._went_back, attempt_id=attempt.attempt_id, result=result
            )

        self._parts.ask_aside(query_terminal_back, settle, attempt=attempt)

    def _went_back(self, answer: FinishBackAnswer) -> None:
        if isinstance(answer, GivenBackTwice):
            amount = phrases.money(answer.attempt.amount, self._parts.state)
            self._say(
                lambda wording: wording.t(
                    "{amount} went back twice, by the terminal and in cash: tell the manager.",
                    amount=amount,
                )
            )

    def _settled(self, answer: FinishAnswer) -> None:
        if isinstance(answer, PaymentWithoutSale):
            amount = phrases.money(answer.attempt.amount, self._parts.state)
            self._say(lambda wording: without_sale_sentence(amount, wording))


def _tries_set_aside(*, shop: Shop, work: UnitOfWork) -> Sequence[RefundAttempt]:
    """Tries of refunds that went another way; by hand only a person can say."""
    return [each for each in open_tries(work=work) if each.is_set_aside and not each.by_hand]
