"""Compensation: what a shop gives because of a complaint, through the facts everything else uses.

Owns: giving points and a coupon for a case, naming the refund or the tier that was given for it,
the limit of the role and the month's budget of the store. Does not own: refunds (refund.py), tiers,
what a coupon is worth at the till (pricing), the case (complaint.py).

Points and coupons are ordinary facts about the member (points_adjusted, coupon_issued); the case
then names that fact. Beyond the limit of a role, or beyond what is left of the month, somebody
above says yes. A refund and a tier have limits of their own where they are given;
they count for the case and not for the budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from app.domain import effects as do
from app.domain.complaint import Case
from app.domain.complaint_fact import Compensated, Form
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued, PointsAdjusted, TierGranted, read_fact
from app.domain.ids import OpId
from app.domain.money import Money, parse_amount
from app.domain.offer import AmountOff, FixedPrice, Offer, PercentOff
from app.domain.refund_fact import FirstRefundRecorded, RefundRecorded, ReturnRecorded
from app.domain.rights import Act, Allowed, WithApproval, judge_act
from app.domain.sale_effects import coupon_of
from app.services.answers import MemberUnknown
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.complaint import TextRefused, text_refused
from app.services.complaint_step import (
    NoSuchComplaint,
    may_look,
    read_case,
    step_fact,
    write_case_fact,
)
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.member_panel import points_worth
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.seating import survivor
from app.services.shop import Shop
from app.services.standing import with_account

REASON = "complaint"
POINTS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Gift:
    """What to give: points, or a coupon of an offer."""

    points: int = 0
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Compensation:
    """It is given; what it costs, and who said yes where somebody had to."""

    case_id: OpId
    form: Form
    amount: Money
    coupon_id: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class GiftRefused:
    """Nothing to give, too many points, an offer that is none for complaints, nobody to give it to,
    or a fact that is no refund and no tier of this case."""

    why: Literal["nothing", "too_many", "no_such_offer", "no_member", "not_of_this_case", "twice"]


@dataclass(frozen=True, slots=True)
class Room:
    """What may still be given. `alone`: by whoever is signed in, for one case, without a yes."""

    alone: Money | None
    """None = any amount."""
    given: Money
    """For this case so far."""
    month: str
    spent: Money
    budget: Money


CompensationAnswer: TypeAlias = (
    Compensation | GiftRefused | MemberUnknown | NoSuchComplaint | TextRefused | ClearanceRefusal
)


def compensate(
    *,
    shop: Shop,
    work: UnitOfWork,
    case_id: OpId,
    gift: Gift,
    text: str = "",
    approval: Approval | None = None,
) -> CompensationAnswer:
    """Give points or a coupon to the member of a case. It cannot be taken back by this.

    Changes: facts, the account, coupons, complaints, audit.
    """
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    refused = text_refused("note", text, may_be_empty=True) or _refused(shop, case, gift)
    if refused is not None:
        return refused
    member = survivor(work, work.members.get(case.opened.member or ""))
    if member is None or member.status != "active":
        return MemberUnknown(case.opened.member or "")
    cost = worth_of(shop=shop, gift=gift)
    then = partial(compensate, case_id=case_id, gift=gift, text=text)
    wanted = _wanted(shop, work, case, cost)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    return _give(_Giving(shop, work, case, member.member_id, cleared.approved_by), gift, cost, text)


def _refused(shop: Shop, case: Case, gift: Gift) -> GiftRefused | None:
    if case.opened.member is None:
        return GiftRefused("no_member")
    if gift.offer:
        return None if _offer(shop, gift.offer) is not None else GiftRefused("no_such_offer")
    if gift.points <= 0:
        return GiftRefused("nothing")
    return GiftRefused("too_many") if gift.points > POINTS_MAX else None


def offers_for_complaints(*, shop: Shop) -> tuple[Offer, ...]:
    """The coupons that may be given for a complaint, by the program in force."""
    return tuple(
        offer
        for offer in shop.desk.state.program.offers
        if offer.trigger == "coupon" and offer.why == "recovery"
    )


def _offer(shop: Shop, offer_id: str) -> Offer | None:
    return next((each for each in offers_for_complaints(shop=shop) if each.id == offer_id), None)


def worth_of(*, shop: Shop, gift: Gift) -> Money:
    """What a gift costs the shop: what the points pay, what the coupon takes off at most.

    A coupon without a bound (a percentage without a cap, goods for nothing) counts as nothing here:
    which of these may be given is for the program to say.
    """
    program = shop.desk.state.program
    offer = _offer(shop, gift.offer) if gift.offer else None
    if offer is None:
        return points_worth(program, gift.points)
    match offer.effect:
        case AmountOff(amount=amount):
            text = amount
        case PercentOff(cap=cap) if cap is not None:
            text = cap
        case FixedPrice() | _:
            text = "0"
    found = parse_amount(text, program.prices.decimals)
    return found if isinstance(found, Money) else Money(0)


def room_for(*, shop: Shop, work: UnitOfWork, case: Case) -> Room:
    """What is left to give for a case, by the role and by the month."""
    state = shop.desk.state
    role = state.staff.role.role_id if state.staff is not None else ""
    judged = judge_act(state.rights, role, "complaint_compensation", case.given_minor)
    alone: int | None = 0
    match judged:
        case Allowed(most):
            alone = None if most is None else max(0, most - case.given_minor)
        case WithApproval() | _:
            pass
    month, spent, budget = _month(shop, work)
    left = max(0, budget - spent)
    alone = left if alone is None else min(alone, left)
    return Room(Money(alone), Money(case.given_minor), month, Money(spent), Money(budget))


def _month(shop: Shop, work: UnitOfWork) -> tuple[str, int, int]:
    """The month, what was given in it, and its budget."""
    program = shop.desk.state.program
    day, _ = fact_day(work, program, shop.now(), shop.desk.state.last_moment)
    month = f"{day:%Y-%m}"
    budget = parse_amount(program.complaints.budget, program.prices.decimals)
    assert isinstance(budget, Money), "program check refuses such an amount"
    return month, work.complaints.spent(shop.identity.store_id, month), budget.minor


def _wanted(shop: Shop, work: UnitOfWork, case: Case, cost: Money) -> Wanted:
    """Asked for is what the whole case would have cost then: a limit is not passed in parts."""
    month, spent, budget = _month(shop, work)
    beyond = spent + cost.minor > budget
    act: Act = "complaint_budget" if beyond else "complaint_compensation"
    return Wanted(
        act=act,
        asked=case.given_minor + cost.minor,
        effect=cost,
        subject=case.case_id,
        before=str(spent) if beyond else str(case.given_minor),
        after=str(budget) if beyond else str(case.given_minor + cost.minor),
        reason=month if beyond else "",
        about=case.opened.number,
    )


@dataclass(frozen=True, slots=True)
class _Giving:
    """Who gives what to whom, with whose yes."""

    shop: Shop
    work: UnitOfWork
    case: Case
    member_id: str
    approved_by: str


def _give(at: _Giving, gift: Gift, cost: Money, text: str) -> Compensation:
    shop, work = at.shop, at.work
    now, program = shop.now(), shop.desk.state.program
    day, _ = fact_day(work, program, now, shop.desk.state.last_moment)
    begun = origin(shop=shop, now=now, day=day, member=at.member_id)
    yes = (at.approved_by,) if at.approved_by else ()
    coupon = next(fresh_coupons(shop)) if gift.offer else ""
    offer = _offer(shop, gift.offer) if gift.offer else None
    fact: CouponIssued | PointsAdjusted
    if offer is not None:
        fact = CouponIssued(
            **begun, effects=(coupon_of(offer, coupon),), why="recovery",
            program=ProgramRef(program.id, program.version), approved_by=yes,
        )  # fmt: skip
    else:
        months = program.tier(_tier(shop, at.case)).points_months
        fact = PointsAdjusted(
            **begun, effects=(do.Gained(points=gift.points, expires_in=months),), reason=REASON,
            cause=at.case.case_id, approved_by=yes,
        )  # fmt: skip
    folded = write_fact(shop=shop, work=work, fact=fact)
    with_account(shop, work, at.member_id, folded, now)
    form: Form = "coupon" if offer is not None else "points"
    step = Compensated(
        form=form, by=fact.op_id, amount_minor=cost.minor, points=gift.points, offer=gift.offer,
        month=f"{day:%Y-%m}", approved_by=yes,
    )  # fmt: skip
    _note(at, step, text)
    return Compensation(at.case.case_id, form, cost, coupon, at.approved_by)


def _tier(shop: Shop, case: Case) -> str:
    """The tier whose points' life counts; one that is gone counts as the entry's."""
    program = shop.desk.state.program
    known = {each.id for each in program.tiers}
    return case.opened.tier if case.opened.tier in known else program.tiers[0].id


def _note(at: _Giving, step: Compensated, text: str) -> None:
    fact = step_fact(at.shop, at.work, at.case, step, text)
    write_case_fact(at.shop, at.work, fact)
    details = {
        "form": step.form, "amount": str(step.amount_minor), "points": str(step.points),
        "offer": step.offer, "by": step.by, "approved_by": at.approved_by,
    }  # fmt: skip
    record(
        shop=at.shop, work=at.work, now=fact.clock, act="complaint_compensated",
        subject=at.case.case_id,
        details={name: value for name, value in details.items() if value not in ("", "0")},
    )  # fmt: skip


def name_compensation(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, by: OpId, text: str = ""
) -> CompensationAnswer:
    """A refund or a tier was given for this case, where those are given: `by` is its fact.

    For whoever may read the case: what it cost was judged where it was given. Changes: facts,
    complaints, audit.
    """
    refused = may_look(shop)
    if refused is not None:
        return refused
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    stored = work.facts.get(by)
    fact = None if stored is None else read_fact(stored.data)
    if any(each.by == by for each in case.given):
        return GiftRefused("twice")
    step = None if fact is None else step_of_elsewhere(case, by, fact)
    if step is None:
        return GiftRefused("not_of_this_case")
    _note(_Giving(shop, work, case, case.opened.member or "", ""), step, text)
    return Compensation(case_id, step.form, Money(step.amount_minor))


def step_of_elsewhere(case: Case, by: OpId, fact: object) -> Compensated | None:
    """What a refund or a tier by hand is to a case; None = it is none of this case."""
    match fact:
        case FirstRefundRecorded() | RefundRecorded() if fact.sale == case.opened.sale:
            worth = sum(piece.amount_minor for piece in fact.pieces)
            return Compensated(form="refund", by=by, amount_minor=worth)
        case ReturnRecorded() if fact.sale_code and fact.sale_code == case.opened.receipt:
            worth = sum(each.amount_minor for each in fact.tenders)
            return Compensated(form="refund", by=by, amount_minor=worth)
        case TierGranted() if fact.member == case.opened.member:
            tiers = (do.TierGiven, do.TierGivenFrom)
            given = next((each for each in fact.effects if isinstance(each, tiers)), None)
            return Compensated(form="tier", by=by, offer="" if given is None else given.tier)
        case _:
            return None
