"""Replaying facts: a fact from the journal, written into a store once more with all that follows.

Owns: appending it by the store's own writer, folding it, and the rows that are made from it.
Does not own: the journal and the order of its facts (app/store), recording anything new
(fact_writer.py), what no fact tells: goods, settings, staff, the audit trail, open baskets.

What a fact settles is cleared: a basket that was sold later than the backup must not be offered
for sale again, nor a payment be asked about whose sale stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from app.domain.account import FoldItem, Mark, fold
from app.domain.campaign_fact import (
    CampaignAnnounced,
    CampaignDrawn,
    CampaignEnded,
    CampaignPublished,
)
from app.domain.complaint_fact import (
    CaseFact,
    ComplaintOpened,
    ComplaintStepped,
    SolutionNoted,
)
from app.domain.effects import CouponGiven
from app.domain.erasure_fact import ErasureDone, PersonErased
from app.domain.fact_rows import (
    closed_shift_of,
    counts_of,
    offer_uses_of,
    refund_of,
    return_of,
    sale_of,
    sequence_of,
    shift_opened,
)
from app.domain.facts import (
    CardIssued,
    Fact,
    FirstRefundRecorded,
    FullRefundRecorded,
    MemberJoined,
    MembersMerged,
    MembersParted,
    NotAFact,
    PackRefundRecorded,
    ProfileEditRequested,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    ShiftClosed,
    ShiftOpened,
    ShiftTakenOver,
    SurveyAnswered,
    TierDecided,
    TierGranted,
    TierGrantedByHand,
    TierGrantedOnPhotos,
    TierGrantEnded,
    TierGrantRevoked,
    TierRequested,
    TierRequestedOnPhotos,
    TierReviewed,
    UnknownFact,
    canonical_bytes,
    read_fact,
)
from app.domain.hold import HoldEnd
from app.domain.member import Member, PersonalData
from app.domain.program import Program
from app.domain.stored_fact import AppendedFact, FactToAppend
from app.domain.stored_program import OfferUse
from app.services.authority import is_own_authority
from app.services.campaign_replay import (
    campaign_announced,
    campaign_drawn,
    campaign_ended,
    campaign_published,
)
from app.services.merge_keeping import take_merge, take_parting
from app.services.ports import UnitOfWork
from app.services.program import read_programs
from app.services.refold import days_named
from app.services.seating import account_of_member


@dataclass(slots=True)
class FactReplay:
    """Writes facts again, in their order. `device`: whose facts they are."""

    device: str
    _programs: dict[tuple[str, str], Program] | None = None

    def write(self, work: UnitOfWork, new: FactToAppend) -> AppendedFact:
        """Append one and make its rows. The keys of its members are in the store already."""
        appended = work.facts.append(new)
        fact = read_fact(new.data)
        if isinstance(fact, NotAFact):
            return appended  # its bytes are kept, and `verify` names them
        self._fold(work, new, appended, fact)
        if not isinstance(fact, UnknownFact):
            self._make_rows(work, fact)
        return appended

    def _fold(
        self, work: UnitOfWork, new: FactToAppend, appended: AppendedFact, fact: Fact | UnknownFact
    ) -> None:
        head = fact.head if isinstance(fact, UnknownFact) else fact
        if head is None or head.member is None:
            return
        mark = Mark(self.device, appended.epoch, appended.dseq)
        item = FoldItem(new.op_id, head.member, new.business_day, head.effects, mark)
        base = account_of_member(work, head.member)
        days = days_named(work=work, items=(item,))
        folded = fold((item,), base=base, days=days)
        work.accounts.put(min(folded.includes), folded)
        for effect in head.effects:
            if isinstance(effect, CouponGiven):
                work.coupons.issued(effect.coupon, head.member)

    def _make_rows(self, work: UnitOfWork, fact: Fact) -> None:
        if isinstance(fact, SaleRecorded):
            self._sale(work, fact)
            return
        make = _ROWS.get(type(fact))
        if make is not None:
            make(work, fact)
        elif isinstance(fact, MembersMerged):
            take_merge(work=work, fact=fact)
        elif isinstance(fact, MembersParted):
            take_parting(work=work, device=self.device, fact=fact)

    def _sale(self, work: UnitOfWork, fact: SaleRecorded) -> None:
        sale = sale_of(fact, sequence_of(fact.code))
        work.sales.add(sale)
        for use in self._offer_uses(work, fact):
            work.programs.count_offer_use(use, fact.member)
        if fact.member is not None and work.members.get(fact.member) is not None:
            work.members.visited(fact.member, fact.day)
        _settle_basket(work, fact)

    def _offer_uses(self, work: UnitOfWork, fact: SaleRecorded) -> tuple[OfferUse, ...]:
        if self._programs is None:
            self._programs = {(each.id, each.version): each for each in read_programs(work=work)}
        program = self._programs.get((fact.program.id, fact.program.version))
        return () if program is None else offer_uses_of(fact, program)


def _settle_basket(work: UnitOfWork, fact: SaleRecorded) -> None:
    """The basket that became this sale, its hold and its attempts are done with."""
    basket = work.baskets.load()
    if basket is not None and basket.basket_id == fact.op_id:
        work.baskets.clear()
    held = work.holds.get(fact.op_id)
    if held is not None and any(each.hold_id == fact.op_id for each in work.holds.open_holds()):
        work.holds.end(fact.op_id, HoldEnd("recalled", fact.staff or "", fact.clock.wall_ms))
    for tender in fact.tenders:
        attempt = work.payments.get(tender.attempt) if tender.attempt else None
        if attempt is not None and attempt.state != "approved":
            settled = replace(attempt, state="approved", reference=tender.reference)
            work.payments.update(settled)
    shift = work.shifts.current()
    if shift is not None and shift.shift_id == fact.shift and shift.is_counting:
        # Somebody went back to selling: the counts of that round are set aside.
        work.shifts.put_state(replace(shift, is_counting=False, round=shift.round + 1))


def _refund(work: UnitOfWork, fact: FirstRefundRecorded | RefundRecorded) -> None:
    work.refunds.add(refund_of(fact, sequence_of(fact.code)))
    begun = work.refunds.load_open()
    if begun is not None and begun.refund_id == fact.op_id:
        work.refunds.clear_open()
    for tender in fact.tenders:
        attempt = work.refunds.attempt(tender.attempt) if tender.attempt else None
        if attempt is not None and attempt.state != "approved":
            work.refunds.put_attempt(replace(attempt, state="approved", reference=tender.reference))


def _return(work: UnitOfWork, fact: ReturnRecorded) -> None:
    work.refunds.add(return_of(fact, sequence_of(fact.code)))


def _joined(work: UnitOfWork, fact: MemberJoined) -> None:
    assert fact.member is not None, fact.op_id
    person: PersonalData | None = PersonalData()
    if fact.profile is not None:
        plain = work.member_keys.unseal(fact.member, fact.profile)
        person = None if plain is None else msgspec.json.decode(plain, type=PersonalData)
    work.members.add(
        Member(
            member_id=fact.member,
            card_code=fact.card,
            joined=fact.day,
            person=person or PersonalData(),
            # A key that is gone was destroyed on purpose: nobody comes back by a restore.
            status="active" if person is not None else "erased",
            phone_verified=fact.phone_verified,
            home_store=fact.store,
            referrer_id=fact.referrer,
        )
    )


def _edited(work: UnitOfWork, fact: ProfileEditRequested) -> None:
    member = work.members.get(fact.member or "")
    plain = work.member_keys.unseal(fact.member or "", fact.values)
    if member is None or plain is None:
        return
    fields = msgspec.json.decode(msgspec.json.encode(member.person))
    fields |= msgspec.json.decode(plain)
    work.members.update(replace(member, person=msgspec.convert(fields, PersonalData)))


def _card(work: UnitOfWork, fact: CardIssued) -> None:
    member = work.members.get(fact.member or "")
    if member is not None:
        work.members.update(replace(member, card_code=fact.card))


def _erased(work: UnitOfWork, fact: PersonErased | ErasureDone) -> None:
    """Nobody who was forgotten comes back by a restore."""
    work.erasures.take(fact)


def _shift_opened(work: UnitOfWork, fact: ShiftOpened) -> None:
    # An open one is there only where its close is lost in a gap: the Zs will tell.
    if work.shifts.current() is None:
        work.shifts.begin(shift_opened(fact))


def _taken_over(work: UnitOfWork, fact: ShiftTakenOver) -> None:
    shift = work.shifts.current()
    if shift is not None and shift.shift_id == fact.shift:
        work.shifts.put_state(replace(shift, owner_id=fact.staff or ""))


def _shift_closed(work: UnitOfWork, fact: ShiftClosed) -> None:
    shift = work.shifts.current()
    if shift is None or shift.shift_id != fact.shift:
        return
    known = {count.number for count in shift.counts}
    for saved in counts_of(fact, shift.round):
        if saved.number not in known:
            work.shifts.add_count(fact.shift, saved)
    work.shifts.close(closed_shift_of(fact, shift))


def _case_fact(work: UnitOfWork, fact: CaseFact) -> None:
    work.complaints.take(fact)


def _solution(work: UnitOfWork, fact: SolutionNoted) -> None:
    work.solutions.take(fact)


def _answered(work: UnitOfWork, fact: SurveyAnswered) -> None:
    work.surveys.take(fact)


def _tier(work: UnitOfWork, fact: Fact) -> None:
    """What an authority has still to take counts when the till hears of it again."""
    work.tier_changes.put(canonical_bytes(fact), counted=is_own_authority(work=work))


_ROWS: dict[type[Any], Callable[[UnitOfWork, Any], None]] = {
    FirstRefundRecorded: _refund,
    RefundRecorded: _refund,
    FullRefundRecorded: _refund,
    PackRefundRecorded: _refund,
    ReturnRecorded: _return,
    MemberJoined: _joined,
    ProfileEditRequested: _edited,
    CardIssued: _card,
    PersonErased: _erased,
    ErasureDone: _erased,
    ShiftOpened: _shift_opened,
    ShiftTakenOver: _taken_over,
    ShiftClosed: _shift_closed,
    SurveyAnswered: _answered,
    ComplaintOpened: _case_fact,
    ComplaintStepped: _case_fact,
    SolutionNoted: _solution,
    TierRequested: _tier,
    TierRequestedOnPhotos: _tier,
    TierDecided: _tier,
    TierGranted: _tier,
    TierGrantedByHand: _tier,
    TierGrantedOnPhotos: _tier,
    TierGrantRevoked: _tier,
    TierGrantEnded: _tier,
    TierReviewed: _tier,
    CampaignPublished: lambda work, fact: campaign_published(work=work, fact=fact),
    CampaignDrawn: lambda work, fact: campaign_drawn(work=work, fact=fact),
    CampaignEnded: lambda work, fact: campaign_ended(work=work, fact=fact),
    CampaignAnnounced: lambda work, fact: campaign_announced(work=work, fact=fact),
}
"""Facts that stand in tables of their own; all others live in accounts and in the chain alone."""
