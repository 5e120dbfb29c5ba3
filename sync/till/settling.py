"""Settling: what the server said of this till's facts, kept with what somebody should look at.

Owns: that each answer that differs stands in the list of exceptions, once, and that an overdraft
ends there when it was paid. Does not own: the
answers' table (app/store/outbox.py), which difference is one (app/domain/exception_case.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.account import account_of
from app.domain.business_day import ShopTime, business_day
from app.domain.confirmed import ConfirmedMember
from app.domain.debt import debt_of
from app.domain.exception_case import (
    Concerned,
    ExceptionCase,
    case_of_difference,
    case_of_fork,
    case_of_rejection,
    paid,
    rejected_case,
)
from app.domain.facts import (
    FirstRefundRecorded,
    NotAFact,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    TierRequested,
    UnknownFact,
    read_fact,
)
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.outbox import Answer
from sync.till.ports import TillWork

_WITH_RECEIPT = SaleRecorded | FirstRefundRecorded | RefundRecorded | ReturnRecorded


def settle(work: TillWork, answers: Sequence[Answer], *, at_ms: int, decided: bool = False) -> None:
    """Keep the answers and open their cases, in one unit of work. Twice is as once."""
    work.outbox.settle(answers, at_ms=at_ms, decided=decided)
    _disown(work, answers)
    for answer in answers:
        if answer.outcome == "rejected":
            _take_off(work, answer.op_id)
            _note_rejection(work, answer, at_ms)
        if answer.outcome == "fork":
            _note_fork(work, answer, at_ms)
        if answer.differences:
            _open_cases(work, answer, at_ms)


def _take_off(work: TillWork, op_id: OpId) -> None:
    """Nobody has to decide about a tier that head office would not hear of."""
    sent = work.outbox.get(op_id)
    fact = None if sent is None else read_fact(sent.data)
    if isinstance(fact, TierRequested):
        work.tier_changes.close(op_id)


def _note_rejection(work: TillWork, answer: Answer, at_ms: int) -> None:
    """Somebody has to send it again, or let it go."""
    sent = work.outbox.get(answer.op_id)
    if sent is None or work.exceptions.get(rejected_case(answer.op_id)) is not None:
        return
    code = answer.rejection.code if answer.rejection is not None else ""
    concerned = _concerned(answer.op_id, sent.data)
    work.exceptions.put(case_of_rejection(concerned, sent.kind, code, at_ms))


def _note_fork(work: TillWork, answer: Answer, at_ms: int) -> None:
    """One for each life of this till: what another machine wrote in its name."""
    case = case_of_fork(answer.epoch, answer.dseq, at_ms)
    if work.exceptions.get(case.case_id) is None:
        work.exceptions.put(case)


def _disown(work: TillWork, answers: Sequence[Answer]) -> None:
    """Where another machine used our places, its marks hid what is ours: shown again at once."""
    first: dict[int, int] = {}
    for answer in answers:
        if answer.outcome == "fork":
            first[answer.epoch] = min(answer.dseq, first.get(answer.epoch, answer.dseq))
    for epoch, dseq in first.items():
        work.confirmed.show_own(epoch, dseq)


def _open_cases(work: TillWork, answer: Answer, at_ms: int) -> None:
    sent = work.outbox.get(answer.op_id)
    if sent is None:  # of another life of this till
        return
    concerned = _concerned(answer.op_id, sent.data)
    for difference in answer.differences:
        case = case_of_difference(concerned, difference, at_ms)
        if case is not None and work.exceptions.get(case.case_id) is None:
            kept = work.confirmed.get(concerned.member)
            work.exceptions.put(case if kept is None else _as_paid(case, kept, at_ms))


def end_paid(work: TillWork, told: Sequence[ConfirmedMember], at_ms: int) -> None:
    """End the overdrafts of these members that later points made up for, as the server counts."""
    open_ones = work.exceptions.open_of("overdraft")
    if not open_ones:
        return
    accounts = {one: each for each in told for one in (each.member_id, *_ids(each))}
    for case in open_ones:
        kept = accounts.get(dict(case.story).get("member", ""))
        now = case if kept is None else _as_paid(case, kept, at_ms)
        if now is not case:
            work.exceptions.put(now)


def _ids(member: ConfirmedMember) -> Iterable[str]:
    return account_of(member.account).includes


def _as_paid(case: ExceptionCase, member: ConfirmedMember, at_ms: int) -> ExceptionCase:
    today = business_day(Moment(at_ms, 0, ""), ShopTime())
    return paid(case, debt_of(account_of(member.account), today), member.version, at_ms)


def _concerned(op_id: OpId, data: bytes) -> Concerned:
    fact = read_fact(data)
    if isinstance(fact, NotAFact | UnknownFact):
        return Concerned(op_id)
    code = fact.code if isinstance(fact, _WITH_RECEIPT) else ""
    spent = fact.points_spent if isinstance(fact, SaleRecorded) else 0
    return Concerned(
        op_id, fact.staff or "", fact.member or "", code, spent, at_ms=fact.clock.wall_ms
    )
