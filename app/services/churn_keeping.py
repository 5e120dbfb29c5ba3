"""Keeping churn grades: everybody judged behind the scenes, once a day.

Owns: in how small units it is done, when it is due again. Does not own: the judgement
(app/domain/churn.py), the grade of one member (churn.py), when it is done (the caretaker; whoever
opens the segments).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial

from app.domain.account import MemberAccount
from app.domain.churn import ChurnGrade
from app.domain.churn_record import ChurnSeen, seen_of
from app.domain.consent import refuses
from app.services.churn import grade_visits
from app.services.desk import today
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.shop import Shop

PERSONS_A_UNIT = 100
NOBODY = MemberAccount()


def is_churn_due(*, shop: Shop, work: UnitOfWork) -> bool:
    """Whether nobody was judged today."""
    kept = work.churn.counts()
    return kept is None or kept.as_of < _today(shop, work)


def judge_churn(*, shop: Shop, lane: Lane, keep_on: Callable[[int], bool] | None = None) -> bool:
    """Judge everybody; whether it came to its end. Off the lane. `keep_on` hears how many were
    looked through; False ends it there. Changes: figures."""
    day = lane.run(partial(_today, shop))
    after, looked = "", 0
    while page := lane.run(partial(_unit, shop, day, after)):
        after, looked = page[-1], looked + len(page)
        if keep_on is not None and not keep_on(looked):
            return False
    after = ""
    while after := lane.run(partial(_drop, day, after)):
        pass
    return True


def _drop(day: date, after: str, work: UnitOfWork) -> str:
    return work.churn.drop_before(day, after, PERSONS_A_UNIT)


def _today(shop: Shop, work: UnitOfWork) -> date:
    return today(read_programs(work=work)[-1], shop.now())


def _unit(shop: Shop, day: date, after: str, work: UnitOfWork) -> list[str]:
    """The next few persons, judged; empty at the end."""
    persons = list(work.churn.persons(after, PERSONS_A_UNIT))
    accounts = work.accounts.get_many(persons)
    ids = {each: accounts.get(each, NOBODY).includes | {each} for each in persons}
    days = work.churn.visit_days([one for several in ids.values() for one in several])
    judged = {
        each: None
        if _is_gone(work, each)
        else _judge(shop, accounts.get(each, NOBODY), ids[each], days, day)
        for each in persons
    }
    work.churn.put(day, judged)
    return persons


def _is_gone(work: UnitOfWork, person: str) -> bool:
    """Nobody is judged who asked to be forgotten."""
    member = work.members.get(person)
    return member is not None and member.status == "erased"


def _judge(
    shop: Shop,
    account: MemberAccount,
    ids: Collection[str],
    days: Mapping[str, Mapping[date, int]],
    as_of: date,
) -> ChurnSeen | None:
    """None: he does not want it, or came too seldom."""
    if refuses(account, "profiling"):
        return None
    came: dict[date, int] = {}
    for one in ids:
        for day, count in days.get(one, {}).items():
            came[day] = came.get(day, 0) + count
    graded = grade_visits(shop.churn_model, came, account, as_of)
    return seen_of(graded) if isinstance(graded, ChurnGrade) else None
