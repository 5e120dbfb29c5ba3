"""Figures: what the whole chain's days come to, as head office has counted them.

Owns: asking, and the answer in the till's own values. Does not own: the lane (../ask.py), who asks
(joined.py), what is said of it (app/services/chain_figures.py). Nothing of it is kept.
"""

from __future__ import annotations

from app.domain.chain_figures import ChainSpans, SpanSums
from app.domain.figures import Days, LifeSums, PeopleSums
from sync.ask import DeskLane
from sync.protocol import FiguresSpan, FiguresWanted


def chain_spans(days: Days, beside: Days, lane: DeskLane) -> ChainSpans:
    """Ask; both spans."""
    told = lane.figures(
        FiguresWanted(
            first=days.first, last=days.last, beside_first=beside.first, beside_last=beside.last
        )
    )
    by_day = {each.day: each.sums for each in told.days}
    return ChainSpans(_span(told.now), _span(told.before), by_day, told.waiting, told.server_ms)


def _span(told: FiguresSpan) -> SpanSums:
    return SpanSums(
        told.sums,
        PeopleSums(told.active, told.repeated, told.paid_minor, told.back_minor),
        LifeSums(told.ever_bought, told.ever_paid_minor, told.ever_back_minor),
    )
