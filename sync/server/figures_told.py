"""What a till hears of the whole chain's figures: the sums of two spans, and of the days of one.

Owns: that answer. Does not own: reading sums (figures.py), counting (figure_count.py), the
arithmetic (app/domain/figures.py, which the till does itself).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from app.domain.chain_figures import answer_parts
from app.domain.figures import SENT_BOUGHT, SENT_JOINED, Days
from sync.protocol import FiguresDay, FiguresSpan, FiguresTold, FiguresWanted
from sync.server.device import Device
from sync.server.figure_count import so_far
from sync.server.figures import read_life, read_people, read_sent, read_sums, sums_by_day
from sync.server.survey import read_answers

SPAN_DAYS_MAX = 1_100
"""As many as a till asks for at once; of a longer span the last days are told."""
DRAWN = frozenset({"sales", "paid", "member_paid", "back", "member_sales"})
"""What a chart draws of a day."""


def tell_figures(
    connection: Connection, device: Device, asked: FiguresWanted, now_ms: int
) -> FiguresTold:
    """Acts.figures. It only reads."""
    tenant = device.tenant
    days = days_of(asked.first, asked.last)
    beside = days_of(asked.beside_first, asked.beside_last)
    by_day = sums_by_day(connection, tenant, days, DRAWN)
    return FiguresTold(
        now=_span(connection, tenant, days),
        before=_span(connection, tenant, beside),
        days=tuple(FiguresDay(day=day, sums=sums) for day, sums in sorted(by_day.items())),
        waiting=so_far(connection, tenant).waiting,
        server_ms=now_ms,
    )


def days_of(first: date, last: date) -> Days:
    """Never the other way round, never longer than a till asks."""
    end = last.toordinal()
    begin = max(min(first.toordinal(), end), end - SPAN_DAYS_MAX + 1)
    return Days(date.fromordinal(max(1, begin)), last)


def _span(connection: Connection, tenant: str, days: Days) -> FiguresSpan:
    people = read_people(connection, tenant, days)
    life = read_life(connection, tenant, days.last)
    sent, said = read_sent(connection, tenant, days), read_answers(connection, tenant, days)
    parts = {SENT_JOINED: sent.joined, SENT_BOUGHT: sent.bought, **answer_parts(said)}
    return FiguresSpan(
        sums={**read_sums(connection, tenant, days), **parts},
        active=people.active,
        repeated=people.repeated,
        paid_minor=people.paid_minor,
        back_minor=people.back_minor,
        ever_bought=max(0, life.bought),
        ever_paid_minor=life.paid_minor,
        ever_back_minor=life.back_minor,
    )
