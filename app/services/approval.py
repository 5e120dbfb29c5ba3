"""Approval in place: what somebody may not do alone, a colleague says yes to, and then it is done.

Owns: judging an act by the rights of who is signed in, the one approval this till waits for, who
may give it, and its trail. Does not own: the limits (app/domain/rights.py), the acts (a service
each), looking at a badge or a PIN (proof.py).

An act asks for `clearance` and hands over itself (`then`). Where a yes is needed it answers
ApprovalNeeded; with the yes the act runs by itself in the same transaction as the trail of the yes,
and the cashier stays signed in. A yes is for one act, by whoever asked, within 60 seconds; an act
that has grown meanwhile asks again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from app.domain.money import Money
from app.domain.rights import (
    Act,
    Allowed,
    Forbidden,
    LimitMissing,
    WithApproval,
    judge_act,
    may_approve,
)
from app.domain.staff import StaffMember
from app.services.answers import Changed, SignInFirst
from app.services.audit_trail import record
from app.services.desk import keep
from app.services.open_approval import (
    APPROVAL_MS,
    Approval,
    How,
    PendingApproval,
    Then,
    Wanted,
)
from app.services.ports import UnitOfWork
from app.services.proof import (
    BadgeUnknown,
    Proven,
    TypedPin,
    WaitFirst,
    WrongSignIn,
    prove_by_badge,
    prove_by_pin,
)
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class Cleared:
    """It may be done. `most`: up to this value of its unit; None = any."""

    most: int | None
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalNeeded:
    """Only with somebody else's yes: show it, ask for a badge or a PIN (or both)."""

    state: TillState
    request_id: str
    act: Act
    asked: int
    limit: int
    """What the role of who asks may do alone; 0 = nothing."""
    effect: Money
    takes_both: bool
    requester: str
    about: str = ""
    """Which goods it is about, where the act does not say enough."""
    expires_in_ms: int = APPROVAL_MS


@dataclass(frozen=True, slots=True)
class ActForbidden:
    """This role may not do it, whoever says yes."""

    act: Act


ClearanceRefusal = ApprovalNeeded | ActForbidden | LimitMissing | SignInFirst


def clearance(
    *, shop: Shop, work: UnitOfWork, wanted: Wanted, then: Then, approval: Approval | None = None
) -> Cleared | ClearanceRefusal:
    """Whether who is signed in may do it now; where not, begin to wait for a yes.

    Changes: what this till waits for.
    """
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    judged = judge_act(state.rights, state.staff.role.role_id, wanted.act, wanted.asked)
    match judged:
        case Allowed(most):
            return Cleared(most)
        case Forbidden():
            return ActForbidden(wanted.act)
        case LimitMissing():
            return judged
        case WithApproval(limit):
            if approval is not None and approval.covers(wanted):
                return Cleared(wanted.asked, approval.by)
            return _ask(shop, work, state.staff, wanted, limit, then)


def _ask(
    shop: Shop, work: UnitOfWork, asks: StaffMember, wanted: Wanted, limit: int, then: Then
) -> ApprovalNeeded:
    now = shop.now()
    pending = PendingApproval(shop.op_id(now), wanted, limit, asks.staff_id, now, then)
    state = replace(shop.desk.state, approval=pending)
    return ApprovalNeeded(
        keep(shop, work, state, now), pending.request_id, wanted.act, wanted.asked, limit,
        wanted.effect, state.rights.takes_both(wanted.effect.minor), asks.staff_id, wanted.about,
    )  # fmt: skip


# ------------------------------------------------------------------ saying yes


@dataclass(frozen=True, slots=True)
class Approved:
    """Somebody said yes and the act was done; `answer` is the act's own."""

    by: str
    answer: object


@dataclass(frozen=True, slots=True)
class SecondProofNeeded:
    """So much money takes badge and PIN: `missing` is still to come from the same person."""

    staff_id: str
    missing: How


@dataclass(frozen=True, slots=True)
class ApprovalGone:
    """Nothing waits for this yes any more. `changed`: another cashier, or something else asked."""

    why: Literal["too_late", "changed"]


@dataclass(frozen=True, slots=True)
class CannotApprove:
    """His role may not say yes to so much of this."""

    staff_id: str
    act: Act


@dataclass(frozen=True, slots=True)
class SelfApproval:
    """Nobody says yes to himself; another colleague has to."""


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may say yes to what is asked."""

    staff_id: str
    name: str
    has_pin: bool
    has_badge: bool


ApprovalAnswer = (
    Approved
    | SecondProofNeeded
    | ApprovalGone
    | CannotApprove
    | SelfApproval
    | WrongSignIn
    | WaitFirst
    | BadgeUnknown
)


def approve_with_pin(
    *, shop: Shop, work: UnitOfWork, request_id: str, staff_id: str, pin: TypedPin
) -> ApprovalAnswer:
    """Say yes by PIN. Changes: whatever the act changes, the sign-in record, audit."""
    pending = _alive(shop, request_id)
    if isinstance(pending, ApprovalGone):
        return pending
    proof = prove_by_pin(shop=shop, work=work, staff_id=staff_id, pin=pin, purpose="approval")
    if not isinstance(proof, Proven):
        return proof
    return _said_yes(shop, work, pending, proof.person, "pin")


def approve_with_badge(
    *, shop: Shop, work: UnitOfWork, request_id: str, badge: str
) -> ApprovalAnswer:
    """Say yes by a scanned badge. Changes: as by PIN."""
    pending = _alive(shop, request_id)
    if isinstance(pending, ApprovalGone):
        return pending
    proof = prove_by_badge(shop=shop, work=work, badge=badge, purpose="approval")
    if not isinstance(proof, Proven):
        return proof
    return _said_yes(shop, work, pending, proof.person, "badge")


def cancel_approval(*, shop: Shop, work: UnitOfWork) -> Changed:
    """Nobody said yes: what was asked for is not done. Changes: what this till waits for, audit."""
    now, state = shop.now(), shop.desk.state
    if state.approval is not None:
        wanted = state.approval.wanted
        details = {"act": wanted.act, "asked": str(wanted.asked)}
        record(
            shop=shop, work=work, now=now, act="approval_cancelled", subject=wanted.subject,
            details=details,
        )  # fmt: skip
    return Changed(keep(shop, work, replace(state, approval=None), now))


def approvers(*, shop: Shop, work: UnitOfWork, request_id: str) -> tuple[Approver, ...]:
    """Who may say yes to what is asked, by name; none where nothing is asked."""
    pending = _alive(shop, request_id)
    if isinstance(pending, ApprovalGone):
        return ()
    return tuple(
        Approver(person.staff_id, person.name, person.pin_hash is not None, bool(person.badge_code))
        for person in work.staff.all_staff()
        if person.active and _why_not(shop.desk.state, pending, person) is None
    )


def _alive(shop: Shop, request_id: str) -> PendingApproval | ApprovalGone:
    state = shop.desk.state
    pending = state.approval
    if pending is None or pending.request_id != request_id:
        return ApprovalGone("changed")
    if state.staff is None or state.locked or state.staff.staff_id != pending.requester:
        return ApprovalGone("changed")
    return pending if pending.is_alive(shop.now()) else ApprovalGone("too_late")


def _why_not(
    state: DeskState, pending: PendingApproval, person: StaffMember
) -> SelfApproval | CannotApprove | None:
    """Why this person may not say yes to it; None = he may."""
    wanted, role_id = pending.wanted, person.role.role_id
    if not may_approve(state.rights, role_id, wanted.act, wanted.asked):
        return CannotApprove(person.staff_id, wanted.act)
    role = state.rights.role(role_id)
    may_himself = role is not None and role.self_approval
    return SelfApproval() if person.staff_id == pending.requester and not may_himself else None


def _said_yes(
    shop: Shop, work: UnitOfWork, pending: PendingApproval, person: StaffMember, how: How
) -> ApprovalAnswer:
    now, state, wanted = shop.now(), shop.desk.state, pending.wanted
    refused = _why_not(state, pending, person)
    if refused is not None:
        details = {"act": wanted.act, "asked": str(wanted.asked), "requester": pending.requester}
        record(
            shop=shop, work=work, now=now, act="approval_refused", subject=wanted.subject,
            details=details, staff_id=person.staff_id,
        )  # fmt: skip
        return refused
    if state.rights.takes_both(wanted.effect.minor):
        other: How = "pin" if how == "badge" else "badge"
        if pending.proved != (person.staff_id, other):
            waiting = replace(pending, proved=(person.staff_id, how))
            keep(shop, work, replace(state, approval=waiting), now)
            return SecondProofNeeded(person.staff_id, other)
    return _do(shop, work, pending, person, how)


def _do(
    shop: Shop, work: UnitOfWork, pending: PendingApproval, person: StaffMember, how: How
) -> Approved:
    wanted = pending.wanted
    is_own = person.staff_id == pending.requester
    _record_yes(shop, work, pending, person, how)
    approval = Approval(wanted.act, wanted.asked, wanted.effect, person.staff_id, is_own)
    answer = pending.then(shop=shop, work=work, approval=approval)
    # After what the act itself adopts: it began with the state that still waits.
    work.after_commit(lambda: _forget(shop, pending.request_id))
    return Approved(person.staff_id, answer)


def _record_yes(
    shop: Shop, work: UnitOfWork, pending: PendingApproval, person: StaffMember, how: How
) -> None:
    wanted, now, state = pending.wanted, shop.now(), shop.desk.state
    both = pending.proved is not None and pending.proved[0] == person.staff_id
    details = {
        "act": wanted.act,
        "after": wanted.after,
        "asked": str(wanted.asked),
        "before": wanted.before,
        "effect": str(wanted.effect.minor),
        "how": "badge+pin" if both else how,
        "limit": str(pending.limit),
        "reason": wanted.reason,
        "requester": pending.requester,
        "shift": state.shift.shift_id if state.shift is not None else "",
    }
    by = person.staff_id
    record(
        shop=shop, work=work, now=now, act="approved", subject=wanted.subject, details=details,
        staff_id=by,
    )  # fmt: skip
    if by == pending.requester:
        record(
            shop=shop, work=work, now=now, act="self_approval", subject=wanted.subject,
            details=details, staff_id=by,
        )  # fmt: skip


def _forget(shop: Shop, request_id: str) -> None:
    state = shop.desk.state
    if state.approval is not None and state.approval.request_id == request_id:
        shop.desk.adopt(replace(state, approval=None))
