"""Passes at the till: the code on a member's phone puts him on the basket, also offline.

Owns: gathering what a pass is judged by, using each pass once here, how well it identifies. Does
not own: the judgement (app/domain/member_pass.py), the signature's arithmetic (a device), putting
somebody on (find_member.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.codes import Code
from app.domain.facts import PassTaken
from app.domain.member_pass import (
    MemberPassClaims,
    NotAPass,
    PassAccepted,
    PassAsCard,
    PassContext,
    PassKeyKnown,
    PassRefused,
    SignedPass,
    judge_pass,
    key_for,
    read_pass,
)
from app.domain.moment import Moment
from app.domain.open_basket import MemberOnBasket
from app.domain.server_answer import LookUpAnswer, LookUpWanted
from app.services.desk import may_change
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.find_member import (
    MemberElsewhere,
    MemberOutOfReach,
    MemberPutOn,
    PutOnAnswer,
    put_identified_on,
    who_else,
)
from app.services.ports import UnitOfWork
from app.services.shop import Shop

CHAIN = "chain"
"""The stream that keys come by."""
NEVER_MS = 2**62


@dataclass(frozen=True, slots=True)
class PassNeedsServer:
    """A rotating pass: it can be verified only once this shop has joined a server."""


@dataclass(frozen=True, slots=True)
class PassNotTaken:
    """This pass identifies nobody here. `form`: no server of ours made it; the others as judged."""

    reason: Literal["form", "unknown_key", "forged", "expired", "not_yet", "used"]


PassAnswer = PutOnAnswer | PassNeedsServer | PassNotTaken


def put_on_by_pass(
    *, shop: Shop, work: UnitOfWork, code: Code, looked_up: LookUpAnswer | None = None
) -> PassAnswer:
    """Put the member of a pass on the basket. Changes: the basket, the passes used here,
    facts."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    if work.enrolment.read() is None:
        return PassNeedsServer()
    signed = read_pass(code)
    if isinstance(signed, NotAPass):
        return PassNotTaken("form")
    now = shop.now()
    judged = _judged(shop, work, signed, now)
    if isinstance(judged, PassRefused):
        return PassNotTaken(judged.reason)
    claims = judged.claims
    how = MemberOnBasket(claims.member, "pass" if isinstance(judged, PassAccepted) else "card")
    if work.members.get(claims.member) is None:
        return _elsewhere(shop, work, claims, looked_up)
    answer = put_identified_on(shop=shop, work=work, how=how)
    if isinstance(answer, MemberPutOn):
        # Only now it is used up: who was refused for another reason may show it again.
        work.grants.keep_pass(claims.member, claims.issued_ms, now.wall_ms)
        # Another till may take the same picture of it: the server sees where both say so.
        state = shop.desk.state
        day, _ = fact_day(work, state.program, now, state.last_moment)
        taken = PassTaken(
            **origin(shop=shop, now=now, day=day, member=claims.member), issued_ms=claims.issued_ms
        )
        write_fact(shop=shop, work=work, fact=taken)
    return answer


def member_of_pass(
    *, shop: Shop, work: UnitOfWork, code: Code
) -> str | PassNeedsServer | PassNotTaken:
    """Whose pass it is, also of one that was used here. Changes nothing: it is not used up."""
    if work.enrolment.read() is None:
        return PassNeedsServer()
    signed = read_pass(code)
    if isinstance(signed, NotAPass):
        return PassNotTaken("form")
    judged = _judged(shop, work, signed, shop.now())
    if isinstance(judged, PassRefused) and judged.reason != "used":
        return PassNotTaken(judged.reason)
    return signed.claims.member


def _elsewhere(
    shop: Shop, work: UnitOfWork, claims: MemberPassClaims, looked_up: LookUpAnswer | None
) -> MemberElsewhere | MemberOutOfReach:
    found = who_else(
        shop=shop, work=work, wanted=LookUpWanted(member_id=claims.member), looked_up=looked_up
    )
    return MemberOutOfReach() if found is None else found


def _judged(
    shop: Shop, work: UnitOfWork, signed: SignedPass, now: Moment
) -> PassAccepted | PassAsCard | PassRefused:
    context = _context(shop, work, signed.claims, now)
    key = key_for(signed, context)
    is_genuine = key is not None and shop.is_signed(key.public, signed.signed, signed.signature)
    return judge_pass(signed, is_genuine=is_genuine, context=context)


def _context(shop: Shop, work: UnitOfWork, claims: MemberPassClaims, now: Moment) -> PassContext:
    contact = shop.server.contact()
    measured, heard = contact.offset_monotonic_ms, contact.heard_monotonic_ms
    ages = [now.wall_ms - each.heard_ms for each in work.inbox.listened() if each.name == CHAIN]
    if heard is not None:
        ages.append(now.monotonic_ms - heard)  # a stream without news is heard too
    keys = {
        int(key.key_id): PassKeyKnown(key.public, key.from_ms, key.until_ms)
        for key in work.grants.pass_keys()
        if key.key_id.isascii() and key.key_id.isdecimal()
    }
    return PassContext(
        keys=keys,
        now_ms=contact.server_ms(now),
        offset_age_ms=None if measured is None else max(0, now.monotonic_ms - measured),
        keys_age_ms=max(0, min(ages, default=NEVER_MS)),
        seen=work.grants.pass_seen(claims.member, claims.issued_ms),
    )
