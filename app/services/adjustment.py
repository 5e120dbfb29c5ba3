"""Points by hand: given or taken with a reason, within the limit of the role or with a yes.

Owns: the right, the limit, the fact and its trail, and taking one back by another fact. Does not
own: what it does to the account (app/domain/adjusting.py), saying yes (approval.py).
A balance is never edited: each of these is an entry of the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from app.domain import effects as do
from app.domain.adjusting import POINTS_MAX, adjusting, taking_back
from app.domain.facts import PointsAdjusted, read_fact
from app.domain.member import Member
from app.domain.note import clean_note
from app.domain.points_ledger import UNDOES, entry_of, undone_by
from app.domain.tiers import rank_of
from app.services.act_reason import ReasonNeeded, missing_reason
from app.services.answers import MemberUnknown, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.find_member import OwnMembership
from app.services.member_page import Looked, look_at
from app.services.member_panel import points_worth
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.standing import with_account
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class PointsChanged:
    """Done: an entry of the ledger. `balance`: as it is now."""

    state: TillState
    op_id: str
    points: int
    balance: int


@dataclass(frozen=True, slots=True)
class PointsRefused:
    """Nothing was done. zero: say how many; too_many: more than `most` at once; not_there: he has
    only `most`; frozen: nothing changes on a frozen membership."""

    why: Literal["zero", "too_many", "not_there", "frozen"]
    most: int = 0


@dataclass(frozen=True, slots=True)
class NothingToTakeBack:
    """no_adjustment: only what was given or taken by hand here can be taken back; done: it was
    already; lapsed: its points have expired since."""

    why: Literal["no_adjustment", "done", "lapsed"]


AdjustAnswer = (
    PointsChanged
    | PointsRefused
    | ReasonNeeded
    | OwnMembership
    | MemberUnknown
    | ClearanceRefusal
    | Refusal
)


def adjust_points(
    *,
    shop: Shop,
    work: UnitOfWork,
    member_id: str,
    points: int,
    reason: str = "",
    note: str = "",
    approval: Approval | None = None,
) -> AdjustAnswer:
    """Give points (positive) or take them, with a reason. Changes: facts, the account, audit."""
    found = _changeable(shop, work, member_id)
    if not isinstance(found, Looked):
        return found
    refused = _not_so_many(points, found)
    needed = missing_reason(shop.desk.state.rights, "points_by_hand", reason, note)
    if refused or needed:
        return refused or needed or PointsRefused("zero")
    words = clean_note(note) or reason
    wanted = _wanted(found, points, words)
    again = partial(adjust_points, member_id=member_id, points=points, reason=reason, note=note)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    effects = (adjusting(points, _lives(found)),)
    return _write(shop, work, found, effects, points, words, cleared.approved_by)


def undo_adjustment(
    *,
    shop: Shop,
    work: UnitOfWork,
    member_id: str,
    op_id: str,
    approval: Approval | None = None,
) -> AdjustAnswer | NothingToTakeBack:
    """Take an adjustment of this till back, by a new entry. Changes: facts, the account, audit."""
    found = _changeable(shop, work, member_id)
    if not isinstance(found, Looked):
        return found
    stored = work.facts.get(op_id)
    fact = read_fact(stored.data) if stored is not None else None
    if not isinstance(fact, PointsAdjusted) or stored is None or fact.member not in found.ids:
        return NothingToTakeBack("no_adjustment")
    if fact.cause is not None or _is_undone(work, found, op_id):
        return NothingToTakeBack("done")
    state = shop.desk.state
    day, _ = fact_day(work, state.program, shop.now(), state.last_moment)
    effects = taking_back(fact.effects, stored.business_day, day, _lives(found))
    if not effects:
        return NothingToTakeBack("lapsed")
    entry = entry_of(fact)
    points = 0 if entry is None else -entry.points
    wanted = _wanted(found, points, fact.reason)
    again = partial(undo_adjustment, member_id=member_id, op_id=op_id)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    cause = f"{UNDOES}{op_id}"
    return _write(shop, work, found, effects, points, fact.reason, cleared.approved_by, cause=cause)


def _changeable(
    shop: Shop, work: UnitOfWork, member_id: str
) -> Looked | PointsRefused | OwnMembership | MemberUnknown | Refusal:
    """The member as he stands; a reason where nothing may be changed about him by this person."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    staff = shop.desk.state.staff
    if staff is not None and staff.member_ids & set(found.ids):
        return OwnMembership()
    return PointsRefused("frozen") if _is_frozen(found.member) else found


def _is_frozen(member: Member) -> bool:
    return member.status != "active"


def _not_so_many(points: int, found: Looked) -> PointsRefused | None:
    if not points:
        return PointsRefused("zero")
    if abs(points) > POINTS_MAX:
        return PointsRefused("too_many", POINTS_MAX)
    balance = max(0, found.seen.balance)
    return PointsRefused("not_there", balance) if points < 0 and -points > balance else None


def _lives(found: Looked) -> int:
    """For how many months points earned by this tier live."""
    return found.program.tiers[rank_of(found.program, found.seen.tier)].points_months


def _wanted(found: Looked, points: int, reason: str) -> Wanted:
    worth = points_worth(found.program, abs(points))
    after = f"{points:+d}"
    subject = found.member.member_id
    return Wanted("points_by_hand", abs(points), worth, subject=subject, after=after, reason=reason)


def _is_undone(work: UnitOfWork, found: Looked, op_id: str) -> bool:
    facts = (
        read_fact(stored.data)
        for each in found.ids
        for stored in work.facts.of_member(each)
        if stored.kind == "points_adjusted.1"
    )
    return any(isinstance(fact, PointsAdjusted) and undone_by(fact) == op_id for fact in facts)


def _write(
    shop: Shop,
    work: UnitOfWork,
    found: Looked,
    effects: tuple[do.Effect, ...],
    points: int,
    reason: str,
    approved_by: str,
    *,
    cause: str | None = None,
) -> PointsChanged:
    state, now, member_id = shop.desk.state, shop.now(), found.member.member_id
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = PointsAdjusted(
        **origin(shop=shop, now=now, day=day, member=member_id),
        effects=effects,
        reason=reason,
        cause=cause,
        approved_by=(approved_by,) if approved_by else (),
    )
    folded = write_fact(shop=shop, work=work, fact=fact, account=found.account)
    details = {"points": f"{points:+d}", "reason": reason, "approved_by": approved_by}
    details["takes_back"] = (cause or "").removeprefix(UNDOES)
    told = {name: value for name, value in details.items() if value}
    record(shop=shop, work=work, now=now, act="points_adjusted", subject=member_id, details=told)
    shown = with_account(shop, work, member_id, folded, now)
    after = look_at(shop=shop, work=work, member_id=member_id)
    balance = after.seen.balance if isinstance(after, Looked) else 0
    return PointsChanged(shown, fact.op_id, points, balance)
