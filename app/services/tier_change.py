"""A tier by hand: asked for, given, decided about, undone.

Owns: those acts with their rights and trail. Does not own: what may be wished and how two decisions
become one (app/domain/tier_change.py), the lists (tier_desk.py), what is shown of a member
(tier_member.py), head office's own word (sync/server).
Who may, gives it at once, also offline. Everybody else asks: a request has no effect until somebody
who may has decided and the authority has taken the decision. A shop without a server is its own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any, Literal

import msgspec

from app.domain import effects as do
from app.domain.fact_parts import PhotoNamed, ProgramRef, Sealed
from app.domain.facts import Fact, canonical_bytes
from app.domain.ids import OpId
from app.domain.money import Money
from app.domain.note import clean_note
from app.domain.rights import Allowed, Forbidden, judge_act, may_approve
from app.domain.tier_change import (
    TierWish,
    Words,
    check_wish,
    effect_of,
    grant_of,
    is_undone,
    judge_decision,
    steps_up,
    yearly_cost,
)
from app.domain.tier_desk import place_of
from app.domain.tier_fact import (
    TierDecided,
    TierGrantedByHand,
    TierGrantedOnPhotos,
    TierGrantEnded,
    TierRequested,
    TierRequestedOnPhotos,
    Verdict,
)
from app.services.answers import MemberUnknown, Refusal, SignInFirst
from app.services.approval import ActForbidden, ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.desk import program_in_force
from app.services.fact_origin import origin
from app.services.fact_writer import write_fact
from app.services.open_approval import Approval, Wanted
from app.services.opening import refresh_desk
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.tier_answers import (
    AlreadyDecided,
    CannotDecide,
    GrantUndone,
    NoSuchRequest,
    NothingToUndo,
    OwnMembership,
    RequestDecided,
    TierAsked,
    TierGiven,
    WishRefused,
)
from app.services.tier_case import TierCase, tier_case
from app.services.tier_photo import keep_photos

EVIDENCE_MAX = 5


def change_tier(
    *,
    shop: Shop,
    work: UnitOfWork,
    member_id: str,
    wish: TierWish,
    in_place: bool = False,
    approval: Approval | None = None,
) -> (
    TierGiven | TierAsked | WishRefused | OwnMembership | MemberUnknown | Refusal | ClearanceRefusal
):
    """Give a member a tier by hand, or ask for it where the role may not. `in_place`: somebody who
    may say yes stands here; it is given at once with his badge or PIN.

    Changes: facts, accounts, tiers, audit; what this till waits for.
    """
    case = tier_case(shop=shop, work=work, member_id=member_id)
    if not isinstance(case, TierCase):
        return case
    wish = _clean(wish)
    faults = check_wish(wish, case.program, case.standing, case.day)
    if faults:
        return WishRefused(wish, faults)
    wanted = _wanted(case, wish)
    staff, rights = shop.desk.state.staff, shop.desk.state.rights
    if staff is None:
        return SignInFirst()
    judged = judge_act(rights, staff.role.role_id, "tier_grant", wanted.asked)
    if isinstance(judged, Forbidden):
        return ActForbidden("tier_grant")
    if not isinstance(judged, Allowed) and not in_place:
        return _ask(shop, work, case, wish)
    then = partial(change_tier, member_id=member_id, wish=wish, in_place=True)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    return _give(shop, work, case, wish, cleared.approved_by)


def decide_request(
    *, shop: Shop, work: UnitOfWork, request_id: OpId, verdict: Verdict, note: str = ""
) -> (
    RequestDecided | AlreadyDecided | CannotDecide | NoSuchRequest | OwnMembership | MemberUnknown
    | Refusal
):  # fmt: skip
    """Say yes or no to a request, or take back one's own. Of two decisions one counts.

    Changes: facts, accounts, tiers, audit.
    """
    request = work.tier_changes.request(request_id)
    if request is None or request.member is None:
        return NoSuchRequest(request_id)
    earlier = work.tier_changes.decisions(request_id)
    if earlier:
        first = earlier[0]
        counts = work.tier_changes.is_closed(request_id)
        return AlreadyDecided(request_id, first.verdict, first.staff or "", first.day, counts)
    case = tier_case(shop=shop, work=work, member_id=request.member)
    if not isinstance(case, TierCase):
        return case
    refused = _cannot(shop, case, request, verdict)
    if refused is not None:
        return refused
    decision = TierDecided(
        **origin(shop=shop, now=case.now, day=case.day, member=request.member),
        request=request_id,
        verdict=verdict,
        words=_sealed(work, request.member, Words(clean_note(note))),
    )
    own = is_own_authority(work=work)
    if own and judge_decision(decision, request, (), case.day) is not None:
        return CannotDecide("lapsed")
    _write(shop, work, decision, counted=own)
    if own and verdict == "approved":
        _grant_request(shop, work, case, request, decision)
    details = {"verdict": verdict, "tier": request.tier, "request": request_id}
    _record(shop, work, case, "tier_decided", details)
    return RequestDecided(request_id, verdict, own)


def undo_grant(
    *, shop: Shop, work: UnitOfWork, member_id: str, grant: OpId, note: str = ""
) -> GrantUndone | NothingToUndo | CannotDecide | OwnMembership | MemberUnknown | Refusal:
    """End a grant before its day, by a record of its own. Who may say yes to it may undo it.

    Changes: facts, accounts, tiers, audit.
    """
    case = tier_case(shop=shop, work=work, member_id=member_id)
    if not isinstance(case, TierCase):
        return case
    if is_undone(case.account, grant):
        return NothingToUndo(grant)
    tier = case.account.grants[grant].tier
    if not _may(shop, steps_up(case.account, case.program, tier, case.day)):
        return CannotDecide("too_high")
    fact = TierGrantEnded(
        **origin(shop=shop, now=case.now, day=case.day, member=case.member.member_id),
        effects=(do.TierTaken(grant=grant),),
        undoes=grant,
        words=_sealed(work, case.member.member_id, Words(clean_note(note))),
    )
    _write(shop, work, fact, counted=True)
    _record(shop, work, case, "tier_undone", {"tier": tier, "grant": grant})
    refresh_desk(shop=shop, work=work)
    return GrantUndone(grant)


def may_decide(*, shop: Shop, request: TierRequested, steps: int) -> bool:
    """Whether who is signed in may say yes or no to this request."""
    staff = shop.desk.state.staff
    return staff is not None and request.staff != staff.staff_id and _may(shop, steps)


# ------------------------------------------------------------------ judging


def _clean(wish: TierWish) -> TierWish:
    """What goes into facts and trails: one line, no long run of digits but receipts and cases."""
    evidence = (" ".join(each.split())[:80] for each in wish.evidence)
    kept = tuple(each for each in evidence if each)[:EVIDENCE_MAX]
    return replace(wish, reason=clean_note(wish.reason), evidence=kept)


def _wanted(case: TierCase, wish: TierWish) -> Wanted:
    steps = steps_up(case.account, case.program, wish.tier, case.day)
    cost = yearly_cost(case.account, case.program, case.standing, wish.tier, case.day)
    return Wanted(
        "tier_grant", steps, Money(cost), case.member.member_id, case.standing.tier, wish.tier,
        wish.reason_type,
    )  # fmt: skip


def _may(shop: Shop, steps: int) -> bool:
    """Whether who is signed in may give so many tiers, or say yes to them."""
    staff, rights = shop.desk.state.staff, shop.desk.state.rights
    if staff is None:
        return False
    role = staff.role.role_id
    is_allowed = isinstance(judge_act(rights, role, "tier_grant", steps), Allowed)
    return is_allowed or may_approve(rights, role, "tier_grant", steps)


def _cannot(
    shop: Shop, case: TierCase, request: TierRequested, verdict: Verdict
) -> CannotDecide | None:
    staff = shop.desk.state.staff
    is_own = staff is not None and request.staff == staff.staff_id
    if verdict == "withdrawn":
        return None if is_own else CannotDecide("not_own")
    if is_own:
        return CannotDecide("own")
    if not _may(shop, steps_up(case.account, case.program, request.tier, case.day)):
        return CannotDecide("too_high")
    lapsed = verdict == "approved" and effect_of(request, case.day) is None
    return CannotDecide("lapsed") if lapsed else None


# ------------------------------------------------------------------ writing


def _ask(shop: Shop, work: UnitOfWork, case: TierCase, wish: TierWish) -> TierAsked:
    said = _said(shop, work, case, wish)
    photos = _photos(shop, case, wish)
    said |= {"tier": wish.tier, "card": case.member.card_code}
    fact = TierRequestedOnPhotos(**said, photos=photos) if photos else TierRequested(**said)
    return _asked(shop, work, case, fact, wish)


def _asked(
    shop: Shop, work: UnitOfWork, case: TierCase, fact: TierRequested, wish: TierWish
) -> TierAsked:
    member_id = case.member.member_id
    _write(shop, work, fact, counted=False)
    keep_photos(work=work, fact=fact, photos=wish.photos)
    details = {"tier": wish.tier, "reason": wish.reason_type, "before": case.standing.tier}
    _record(shop, work, case, "tier_asked", details)
    return TierAsked(member_id, wish.tier, fact.op_id, not is_own_authority(work=work))


def _said(shop: Shop, work: UnitOfWork, case: TierCase, wish: TierWish) -> dict[str, Any]:
    """What a request and a grant both say."""
    member_id = case.member.member_id
    words = Words(wish.reason, wish.evidence)
    return origin(shop=shop, now=case.now, day=case.day, member=member_id) | {
        "before": case.standing.tier, "from_day": wish.from_day, "last_day": wish.last_day,
        "locked": wish.locked, "reason_type": wish.reason_type,
        "words": _sealed(work, member_id, words, always=bool(wish.photos)),
        "program": ProgramRef(case.program.id, case.program.version),
    }  # fmt: skip


def _photos(shop: Shop, case: TierCase, wish: TierWish) -> tuple[PhotoNamed, ...]:
    return tuple(
        PhotoNamed(shop.op_id(case.now), len(data), sha256(data).hexdigest())
        for data in wish.photos
    )


def _give(
    shop: Shop, work: UnitOfWork, case: TierCase, wish: TierWish, approved_by: str
) -> TierGiven:
    effect = effect_of(wish, case.day)
    assert effect is not None, "it was checked"
    said = _said(shop, work, case, wish) | {
        "effects": (effect,), "approved_by": (approved_by,) if approved_by else (),
    }  # fmt: skip
    photos = _photos(shop, case, wish)
    fact = TierGrantedOnPhotos(**said, photos=photos) if photos else TierGrantedByHand(**said)
    _write(shop, work, fact, counted=True)
    keep_photos(work=work, fact=fact, photos=wish.photos)
    details = {"tier": wish.tier, "reason": wish.reason_type, "before": case.standing.tier}
    _record(shop, work, case, "tier_given", details)
    refresh_desk(shop=shop, work=work)
    return TierGiven(case.member.member_id, wish.tier, fact.op_id)


def _grant_request(
    shop: Shop, work: UnitOfWork, case: TierCase, request: TierRequested, decision: TierDecided
) -> None:
    """What an authority writes once a request was approved; where there is a server, it does."""
    said = origin(shop=shop, now=case.now, day=case.day, member=request.member)
    fact = grant_of(request, decision, said, case.standing.tier)
    assert fact is not None, "it has not lapsed"
    _write(shop, work, fact, counted=True)
    refresh_desk(shop=shop, work=work)


def _write(shop: Shop, work: UnitOfWork, fact: Fact, *, counted: bool) -> None:
    """The fact, its row, and where the member stands on the lists now."""
    folded = write_fact(shop=shop, work=work, fact=fact)
    work.tier_changes.put(canonical_bytes(fact), counted=counted)
    if folded is not None and fact.member is not None and fact.effects:
        program = program_in_force(shop.desk.state.programs, fact.day)
        work.tier_desk.put({fact.member: place_of(folded, program, fact.day)})


def _sealed(
    work: UnitOfWork, member_id: str, words: Words, *, always: bool = False
) -> Sealed | None:
    """`always`: photos travel under the same key, so that it has to be known everywhere."""
    if words == Words() and not always:
        return None
    return work.member_keys.seal(member_id, msgspec.json.encode(words))


def _record(
    shop: Shop,
    work: UnitOfWork,
    case: TierCase,
    act: Literal["tier_asked", "tier_given", "tier_decided", "tier_undone"],
    details: dict[str, str],
) -> None:
    record(
        shop=shop, work=work, now=case.now, act=act, subject=case.member.member_id, details=details
    )
