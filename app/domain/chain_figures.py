"""Figures of the whole chain as head office told them: sums of two spans, and of the days of one.

Owns: those shapes. Does not own: the arithmetic of figures (figures.py - the same as of a shop's
own sums), asking (sync/till/figures.py), what is shown of it (app/services/chain_figures.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from app.domain.figures import (
    SENT_BOUGHT,
    SENT_JOINED,
    Figure,
    LifeSums,
    PeopleSums,
    SentSums,
    people_figures,
    referral_figures,
    sum_figures,
)
from app.domain.server_answer import Unanswered
from app.domain.survey_record import SurveySums

_ANSWERS, _PROMOTERS, _DETRACTORS = "survey_answers", "survey_promoters", "survey_detractors"


def answer_parts(said: SurveySums) -> dict[str, int]:
    """How purchases were judged, under the names by which head office tells it beside its other
    sums."""
    return {_ANSWERS: said.answers, _PROMOTERS: said.promoters, _DETRACTORS: said.detractors}


@dataclass(frozen=True, slots=True)
class SpanSums:
    """What a span of the chain comes to, before anything is divided."""

    sums: Mapping[str, int]
    people: PeopleSums
    life: LifeSums

    @property
    def answers(self) -> SurveySums | None:
        """How purchases were judged; None: head office has an older program, which keeps it."""
        if _ANSWERS not in self.sums:
            return None
        told = (self.sums.get(name, 0) for name in (_ANSWERS, _PROMOTERS, _DETRACTORS))
        return SurveySums(*told)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """By the arithmetic of every slice; those of answers follow from the rules of the day, too
        (figures.survey_figures)."""
        sent = SentSums(self.sums.get(SENT_JOINED, 0), self.sums.get(SENT_BOUGHT, 0))
        told = sum_figures(self.sums) + people_figures(self.people, self.life)
        return told + referral_figures(sent)


@dataclass(frozen=True, slots=True)
class ChainSpans:
    """Both spans, and the days of the first. `waiting`: records head office has not counted yet;
    `as_of_ms`: when it said so."""

    now: SpanSums
    before: SpanSums
    by_day: Mapping[date, Mapping[str, int]]
    waiting: int
    as_of_ms: int


ChainSpansAnswer: TypeAlias = ChainSpans | Unanswered
