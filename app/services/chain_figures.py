"""Figures of the whole chain: asked of head office, put together by the arithmetic of a shop's own.

Owns: that question, and who may ask. Does not own: the sums (head office counts them), arithmetic
(app/domain/figures.py), a shop's own figures (figures.py), words. Nothing of it is kept: without a
line there is no figure of the chain, and the shop's own stand as ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.chain_figures import ChainSpans, SpanSums
from app.domain.figure_record import CountedSoFar
from app.domain.figures import Days, Figure, survey_figures, tender_mix
from app.domain.server_answer import Unanswered
from app.services.answers import NotAllowed, SignInFirst
from app.services.desk import program_in_force
from app.services.figures import (
    DaySums,
    FigureBeside,
    FiguresRead,
    SpanTooLong,
    refusal_of,
)
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class ChainFigures:
    """The same figures of all stores, and when head office said so."""

    read: FiguresRead
    as_of_ms: int


def ask_chain_figures(
    *, shop: Shop, days: Days, beside: Days
) -> ChainFigures | Unanswered | SpanTooLong | SignInFirst | NotAllowed:
    """Both spans of the chain. Needs the right to see figures. Slow: outside the lane."""
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    told = shop.server.figures(days, beside)
    if not isinstance(told, ChainSpans):
        return told
    before = {each.id: each for each in _figures(shop, told.before, beside)}
    by_day = tuple(
        DaySums(
            day, sums.get("sales", 0), sums.get("paid", 0), sums.get("member_paid", 0),
            sums.get("back", 0), sums.get("member_sales", 0),
        )
        for day, sums in sorted(told.by_day.items())
    )  # fmt: skip
    now = _figures(shop, told.now, days)
    read = FiguresRead(
        days=days,
        compared=beside,
        till=None,
        figures={each.id: FigureBeside(each, before.get(each.id)) for each in now},
        tenders=tender_mix(told.now.sums),
        by_day=by_day,
        tills=(),
        so_far=CountedSoFar(0, told.waiting),
        standing_as_of=None,
        segments=None,
        of_chain=True,
    )
    return ChainFigures(read, told.as_of_ms)


def _figures(shop: Shop, told: SpanSums, days: Days) -> tuple[Figure, ...]:
    answers = told.answers
    if answers is None:
        return told.figures
    asked = program_in_force(shop.desk.state.programs, days.last).survey
    return told.figures + survey_figures(answers, asked)
