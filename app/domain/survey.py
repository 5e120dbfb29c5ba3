"""Surveys: one question after a sale - would you recommend us? - and what an answer is worth.

Owns: until when a sale takes an answer, what a score says, when an answer is rewarded. Does not
own: the `[survey]` part of a program file (survey_rule.py), the fact (survey_fact.py), the figure
made of answers (figures.py), the link to the page (survey_link.py). Of several answers to one sale
the one with the smallest id stands, at every till and at the server: ids begin with their time.

Of goods that all came back nobody is asked any more: the shop settles that at the counter. An
answer that was given before stands, and so do its points: they were for the answer, not for the
goods. What is voided before it is paid is no sale and has no question.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal, Protocol

from app.domain.account import MemberAccount
from app.domain.fact_parts import FactLine, RefundedPieces
from app.domain.ids import OpId
from app.domain.occasions import answered_sale, survey_of
from app.domain.survey_rule import Survey

_DAY_MS = 86_400_000
PROMOTER_FROM, DETRACTOR_TO = 9, 6
AnswerKind = Literal["promoter", "passive", "detractor"]
Reason = Literal["back", "ended"]


class AnsweredSale(Protocol):
    """What is asked of a sale."""

    @property
    def day(self) -> date: ...
    @property
    def lines(self) -> tuple[FactLine, ...]: ...


def kind_of(score: int) -> AnswerKind:
    """9 and 10 recommend, 0 to 6 advise against."""
    if score >= PROMOTER_FROM:
        return "promoter"
    return "detractor" if score <= DETRACTOR_TO else "passive"


def closed_because(
    rule: Survey, sale: AnsweredSale, pieces: Iterable[RefundedPieces], today: date
) -> Reason | None:
    """Why a sale takes no answer (any more); None: it does. `pieces`: all that came back of it."""
    if (today - sale.day).days > rule.open_days:
        return "ended"
    return "back" if is_all_back(sale.lines, pieces) else None


def is_all_back(lines: Iterable[FactLine], pieces: Iterable[RefundedPieces]) -> bool:
    """Whether the last piece of a sale came back."""
    found: dict[str, set[tuple[int, int]]] = {}
    for each in pieces:
        found.setdefault(each.line, set()).add((each.start, each.end))
    return all(
        sum(end - start for start, end in found.get(line.line_id, ())) >= line.pieces
        for line in lines
    )


def points_due(account: MemberAccount, rule: Survey, day: date) -> int:
    """What an answer on this day brings, as far as the account knows: none soon after another."""
    given = (
        each.usable
        for occasion, by_op in account.occasions.items()
        if answered_sale(occasion) is not None
        for each in by_op.values()
    )
    is_soon = any(abs(day.toordinal() - at) < rule.reward_days for at in given)
    return 0 if is_soon else rule.points


def is_asked_enough(rule: Survey, heard_ms: Iterable[int], now_ms: int) -> bool:
    """Whether a message with the question would be one too many. `heard_ms`: when he was asked by
    a message or answered; nobody is written to more often than an answer is rewarded."""
    return any(now_ms - each < rule.reward_days * _DAY_MS for each in heard_ms)


def occasion_of(rule: Survey, sale: OpId) -> str:
    """The occasion of the points for answering about this sale."""
    return survey_of(sale, rule.reward_days)
