"""The churn grade of a member: by his visits to this shop, for the manager's desk.

Owns: who may see it, whose rhythm is judged, reading the model. Does not own: the judgement
(app/domain/churn.py), its words (ui). It is never shown where a customer may read along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

import msgspec

from app.domain.account import MemberAccount
from app.domain.churn import ChurnGrade, ChurnModel, TooFewVisits, churn_grade, rhythm
from app.domain.consent import refuses
from app.services.answers import MemberUnknown, Refusal
from app.services.desk import allowed, today
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop


class ModelUnreadable(Exception):
    """The numbers of a model are missing or damaged in this installation."""

    code: ClassVar[str] = "E-APP-02"

    def __init__(self, path: Path, why: Exception) -> None:
        """`why` is for the log."""
        super().__init__(f"{self.code} {path}: {why}")


def load_churn_model(file: Path) -> ChurnModel:
    """The model of this installation. Raises ModelUnreadable."""
    try:
        return msgspec.toml.decode(file.read_bytes(), type=ChurnModel)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise ModelUnreadable(file, error) from error


@dataclass(frozen=True, slots=True)
class NoProfileWanted:
    """He does not want his purchases to be looked at in this way: nothing is judged."""

    member_id: str


ChurnAnswer = ChurnGrade | TooFewVisits | NoProfileWanted | MemberUnknown | Refusal


def churn_of_member(*, shop: Shop, work: UnitOfWork, member_id: str) -> ChurnAnswer:
    """How likely this member no longer comes, and what speaks for it. Changes: nothing."""
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    member = survivor(work, work.members.get(member_id))
    if member is None or member.status == "erased":
        return MemberUnknown(member_id)
    account = account_of_member(work, member.member_id)
    if refuses(account, "profiling"):
        return NoProfileWanted(member.member_id)
    ids = sorted(account.includes | {member.member_id})
    day = today(shop.desk.state.program, shop.now())
    return grade_visits(shop.churn_model, work.habits.visit_days(ids), account, day)


def grade_visits(
    model: ChurnModel, days: Mapping[date, int], account: MemberAccount, as_of: date
) -> ChurnGrade | TooFewVisits:
    """The grade of somebody by his visits here (how many on which day), as of a day.

    What his account tells of a later visit elsewhere in the chain counts too: who now goes to
    another shop of it is not lost. What a wrong clock dated later than today counts as today's.
    """
    came = {min(day, as_of): 0 for day in days}
    visits = sum(days.values())
    last = account.last_visit
    if last is not None and date.fromordinal(last) not in days:
        came[min(date.fromordinal(last), as_of)] = 0
        visits += 1
    if not came:
        return TooFewVisits(0, model.visits_least)
    return churn_grade(model, rhythm(came, visits, as_of))
