"""Survey records: one answer as it is listed, and the sums a figure is made of.

Owns: those shapes. Does not own: the fact (survey_fact.py), the figure (figures.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.figure_count import till_number
from app.domain.ids import OpId
from app.domain.survey import kind_of
from app.domain.survey_fact import AnswerChannel, SurveyAnswered


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """The answer that stands for a sale. `till`: of the sale, 0 where its receipt names none."""

    sale_id: OpId
    op_id: OpId
    store: str
    till: int
    receipt: str
    member_id: str | None
    day: date
    at_ms: int
    score: int
    channel: AnswerChannel


@dataclass(frozen=True, slots=True)
class SurveySums:
    """How many answered, and how many of them recommend or advise against."""

    answers: int = 0
    promoters: int = 0
    detractors: int = 0


def answer_of(fact: SurveyAnswered) -> SurveyAnswer:
    """The row of a fact."""
    return SurveyAnswer(
        sale_id=fact.sale,
        op_id=fact.op_id,
        store=fact.store,
        till=till_number(fact.receipt) or 0,
        receipt=fact.receipt,
        member_id=fact.member,
        day=fact.day,
        at_ms=fact.clock.wall_ms,
        score=fact.score,
        channel=fact.channel,
    )


def sums_of(by_score: Mapping[int, int]) -> SurveySums:
    """How many gave each score, added up."""
    return SurveySums(
        sum(by_score.values()),
        _of("promoter", by_score.items()),
        _of("detractor", by_score.items()),
    )


def _of(kind: str, counted: Iterable[tuple[int, int]]) -> int:
    return sum(count for score, count in counted if kind_of(score) == kind)
