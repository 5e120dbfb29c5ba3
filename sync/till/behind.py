"""Behind the chain's figures: asking a page of it, and the answer in the till's own values.

Owns: that translation, one message for each question. Does not own: the lane (../ask.py), who asks
(campaign.py), what is shown of it (app/services/chain_behind.py). Nothing of it is kept.
"""

from __future__ import annotations

from typing import cast

from app.domain.chain_behind import (
    BehindTold,
    BehindWanted,
    ChainCohorts,
    ChainCohortsWanted,
    ChainDays,
    ChainDaysWanted,
    ChainHour,
    ChainHours,
    ChainHoursWanted,
    ChainPeople,
    ChainPeopleWanted,
    ChainPerson,
    ChainReceipt,
    ChainReceipts,
    ChainReceiptsWanted,
    ChainScores,
    ChainScoresWanted,
)
from app.domain.figure_count import till_number
from app.domain.person_figures import CohortCell
from app.domain.server_answer import Declined
from app.domain.survey_fact import AnswerChannel
from app.domain.survey_record import SurveyAnswer, SurveySums
from sync import protocol as wire
from sync.ask import DeskLane


def told_behind(asked: BehindWanted, lane: DeskLane) -> BehindTold | Declined:
    """Ask; a page of it."""
    match asked:
        case ChainDaysWanted(days):
            found = lane.figure_days(wire.DaysBehindWanted(first=days.first, last=days.last))
            return ChainDays({each.day: each.sums for each in found.days})
        case ChainHoursWanted(day):
            return _hours(lane.figure_hours(wire.HoursBehindWanted(day=day)))
        case ChainPeopleWanted():
            return _people(asked, lane)
        case ChainReceiptsWanted(day, after, rows):
            wanted = wire.ReceiptsBehindWanted(day=day, after=after, rows=rows)
            return _receipts(lane.figure_receipts(wanted))
        case ChainScoresWanted(days, offset, rows):
            span = wire.AnswersBehindWanted(
                first=days.first, last=days.last, offset=offset, rows=rows
            )
            return _scores(lane.figure_answers(span))
        case ChainCohortsWanted(last, months):
            told = lane.figure_cohorts(wire.CohortsBehindWanted(last=last, months=months))
            return ChainCohorts({(e.cohort, e.month): _cell(e) for e in told.cells})


def _cell(told: wire.CohortBehind) -> CohortCell:
    return CohortCell(told.active, told.repeated, told.paid_minor, told.back_minor)


def _hours(told: wire.HoursBehind) -> ChainHours:
    return ChainHours(
        tuple(
            ChainHour(
                each.hour, each.sales, each.paid_minor, each.member_sales, each.member_paid_minor
            )
            for each in told.hours
        )
    )


def _people(asked: ChainPeopleWanted, lane: DeskLane) -> ChainPeople | Declined:
    days = asked.days
    told = lane.figure_people(
        wire.PeopleBehindWanted(
            figure=asked.figure, first=days.first, last=days.last, offset=asked.offset,
            rows=asked.rows,
        )
    )  # fmt: skip
    if told.refusal is not None:
        return Declined(told.refusal.code)
    people = tuple(
        ChainPerson(each.member, each.card, each.sales, each.net_minor) for each in told.people
    )
    return ChainPeople(people, told.more)


def _receipts(told: wire.ReceiptsBehind) -> ChainReceipts:
    receipts = tuple(
        ChainReceipt(
            each.op_id, each.code, each.store, each.at_ms, each.paid_minor, each.lines,
            each.refund, each.member,
        )
        for each in told.receipts
    )  # fmt: skip
    return ChainReceipts(receipts, told.more, told.stores)


def _scores(told: wire.AnswersBehind) -> ChainScores:
    answers = tuple(
        SurveyAnswer(
            sale_id=each.sale, op_id=each.op_id, store=each.store,
            till=till_number(each.receipt) or 0, receipt=each.receipt, member_id=each.member,
            day=each.day, at_ms=each.at_ms, score=each.score,
            channel=cast(AnswerChannel, each.channel),
        )
        for each in told.answers
    )  # fmt: skip
    sums = SurveySums(told.count, told.promoters, told.detractors)
    return ChainScores(answers, told.more, sums, told.stores)
