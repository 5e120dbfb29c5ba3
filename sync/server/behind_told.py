"""What stands behind the chain's figures, as a till is told it: days, hours, members, receipts.

Owns: those answers, a page each. Does not own: reading sums and members (figures.py), receipts of a
day (day_papers.py), which answers stand (survey.py), who may ask (web/exchange.py: whoever keeps a
copy of the members). Every number comes from where the figure itself does. Names and phones are
sealed here and stay so: a card is told masked, and a till names whom it knows.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from app.domain.figures import Days
from app.domain.months import Month
from sync.protocol import (
    AnswerBehind,
    AnswersBehind,
    AnswersBehindWanted,
    CohortBehind,
    CohortsBehind,
    CohortsBehindWanted,
    DaysBehind,
    DaysBehindWanted,
    FiguresDay,
    HourBehind,
    HoursBehind,
    HoursBehindWanted,
    PeopleBehind,
    PeopleBehindWanted,
    PersonBehind,
    ReceiptBehind,
    ReceiptsBehind,
    ReceiptsBehindWanted,
    Refusal,
)
from sync.server.day_papers import hours_of_day, papers_page
from sync.server.device import Device
from sync.server.figures import behind_page, read_cells, sums_by_day
from sync.server.figures_told import days_of
from sync.server.member_list import cards_in_use
from sync.server.published import in_force, programs
from sync.server.survey import answers_page, read_answers
from sync.server.tenant import store_names


def tell_days(
    connection: Connection, device: Device, asked: DaysBehindWanted, now_ms: int
) -> DaysBehind:
    """Acts.figure_days. It only reads, as all of these."""
    found = sums_by_day(connection, device.tenant, days_of(asked.first, asked.last))
    days = tuple(FiguresDay(day=day, sums=sums) for day, sums in sorted(found.items()))
    return DaysBehind(days=days, server_ms=now_ms)


def tell_hours(
    connection: Connection, device: Device, asked: HoursBehindWanted, now_ms: int
) -> HoursBehind:
    """Acts.figure_hours."""
    day = _any_day(asked.day)
    program = in_force(programs(connection, device.tenant).values(), day)
    if program is None:
        return HoursBehind(server_ms=now_ms)
    found = hours_of_day(connection, device.tenant, day, program.timezone)
    hours = tuple(
        HourBehind(
            hour=hour, sales=each.sales, paid_minor=each.paid_minor,
            member_sales=each.member_sales, member_paid_minor=each.member_paid_minor,
        )
        for hour, each in sorted(found.items())
    )  # fmt: skip
    return HoursBehind(hours=hours, server_ms=now_ms)


def tell_people(
    connection: Connection, device: Device, asked: PeopleBehindWanted, now_ms: int
) -> PeopleBehind:
    """Acts.figure_people."""
    days = Days(*sorted((asked.first, asked.last)))
    found = behind_page(
        connection, device.tenant, asked.figure, days, offset=asked.offset, limit=asked.rows + 1
    )
    if found is None:
        return PeopleBehind(refusal=Refusal(code="no_such_figure"), server_ms=now_ms)
    page = found[: asked.rows]
    cards = cards_in_use(connection, device.tenant, [member for member, _, _ in page])
    people = tuple(
        PersonBehind(member=member, card=cards.get(member, ""), sales=sales, net_minor=net)
        for member, sales, net in page
    )
    return PeopleBehind(people=people, more=len(found) > len(page), server_ms=now_ms)


def tell_receipts(
    connection: Connection, device: Device, asked: ReceiptsBehindWanted, now_ms: int
) -> ReceiptsBehind:
    """Acts.figure_receipts."""
    found = papers_page(
        connection, device.tenant, _any_day(asked.day), after=asked.after, rows=asked.rows + 1
    )
    receipts = tuple(
        ReceiptBehind(
            op_id=each.op_id, code=each.code, store=each.store, at_ms=max(0, each.at_ms),
            paid_minor=each.paid_minor, lines=each.line_count, refund=each.is_refund,
            member=each.member_id,
        )
        for each in found[: asked.rows]
    )  # fmt: skip
    return ReceiptsBehind(
        receipts=receipts, more=len(found) > asked.rows, server_ms=now_ms,
        stores=store_names(connection, device.tenant, {each.store for each in receipts}),
    )  # fmt: skip


def tell_answers(
    connection: Connection, device: Device, asked: AnswersBehindWanted, now_ms: int
) -> AnswersBehind:
    """Acts.figure_answers."""
    days = days_of(asked.first, asked.last)
    limit = asked.rows + 1
    found = answers_page(connection, device.tenant, days, offset=asked.offset, limit=limit)
    answers = tuple(
        AnswerBehind(
            op_id=each.op_id, sale=each.sale_id, receipt=each.receipt, store=each.store,
            day=each.day, at_ms=max(0, each.at_ms), score=each.score, channel=each.channel,
            member=each.member_id,
        )
        for each in found[: asked.rows]
    )  # fmt: skip
    sums = read_answers(connection, device.tenant, days)
    return AnswersBehind(
        answers=answers, more=len(found) > asked.rows, count=sums.answers,
        promoters=sums.promoters, detractors=sums.detractors, server_ms=now_ms,
        stores=store_names(connection, device.tenant, {each.store for each in answers}),
    )  # fmt: skip


def tell_cohorts(
    connection: Connection, device: Device, asked: CohortsBehindWanted, now_ms: int
) -> CohortsBehind:
    """Acts.figure_cohorts."""
    last = Month.of(asked.last).index
    cells = tuple(
        CohortBehind(
            cohort=cohort, month=month, active=cell.active, repeated=cell.repeated,
            paid_minor=cell.paid_minor, back_minor=cell.back_minor,
        )
        for (cohort, month), cell in sorted(read_cells(connection, device.tenant).items())
        if last - asked.months < cohort and month <= last
    )  # fmt: skip
    return CohortsBehind(cells=cells, server_ms=now_ms)


def _any_day(day: date) -> date:
    """Whatever a till asks for: behind the last day there is no next one."""
    return min(day, date.max.replace(day=1))
