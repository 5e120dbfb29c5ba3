"""The member panel: what the till shows of the member on the basket.

Owns: gathering it from the seat and the quote, masked. Does not own: the judging (view.py),
the sentences (ui). Distances count this basket.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from app.domain.codes import Code, masked, parse_code
from app.domain.effects import Measure
from app.domain.member import Member, masked_name, masked_phone
from app.domain.merging import words_together
from app.domain.money import Money, parse_amount, total
from app.domain.program import Program, ReferralStep, Text
from app.domain.quote import Adjustment, NotApplied, Quote
from app.domain.redeem_way import RedeemWay
from app.domain.redemption import left_of_day
from app.domain.referral import referral_progress
from app.domain.tiers import TierGap, TierSource, rank_of
from app.domain.view import AccountView, HeldCoupon
from app.services.rule_words import rule_words
from app.services.shop import DeskState, MemberSeat
from app.services.till_state import (
    CouponOnPanel,
    EntitlementOnPanel,
    ExpiringOnPanel,
    MemberPanel,
    TierAhead,
)


def member_panel(state: DeskState, seat: MemberSeat) -> MemberPanel:
    """Everything the panel shows of this member beside this basket."""
    return replace(
        _panel(state, seat),
        complaint=seat.complaint,
        next_friend=_next_friend(state.program, seat),
        lent=lent_by(seat.view.tier_source),
        lent_ends=_lent_ends(seat.view),
    )


def _panel(state: DeskState, seat: MemberSeat) -> MemberPanel:
    member, seen, program, person = seat.member, seat.view, state.program, seat.member.person
    words = words_together(person, seat.beside)
    done_today, streak, check_in_points = _check_in(seen)
    return MemberPanel(
        member_id=member.member_id,
        name_masked=masked_name(person.name),
        card_masked=card_masked(member),
        phone_masked=masked_phone(person.phone) if person.phone else None,
        salutation=person.salutation,
        identified_by=seat.how.identified_by,
        tier_id=seen.tier,
        tier_words=tier_words(program, seen.tier),
        tier_rank=rank_of(program, seen.tier),
        tier_until=seen.tier_until,
        points=seen.balance,
        points_worth=points_worth(program, seen.balance),
        points_held=seen.held_points,
        points_today_left=_today_left(program, seat),
        expiring=_expiring(seen),
        coupons=tuple(_coupon(state, held) for held in seen.coupons),
        entitlements=_entitlements(seen, seat.redeem),
        ahead=tiers_ahead(program, seen, state.quote),
        birthday=_birthday(seen, seat.as_of),
        joined=seen.joined,
        last_visit=seen.last_visit,
        days_since_visit=(seat.as_of - seen.last_visit).days if seen.last_visit else None,
        visits=seen.visits,
        checked_in_today=done_today,
        streak=streak,
        check_in_points=check_in_points,
        is_new=seat.is_new,
        is_anonymous=member.is_anonymous,
        phone_verified=member.phone_verified,
        marketing_allowed="marketing" in seen.consents,
        tags=words.tags,
        note=words.note,
        account_manager=member.account_manager,
        tier_benefits=program.tiers[rank_of(program, seen.tier)].benefits,
    )


def _next_friend(program: Program, seat: MemberSeat) -> ReferralStep | None:
    """Worth saying where one is missing, and one more would still be rewarded this year."""
    progress = referral_progress(seat.account, program, seat.as_of)
    if progress is None or progress.is_full or progress.missing != 1 or not progress.counted:
        return None
    return progress.next_step


def lent_by(source: TierSource) -> Literal["", "pack", "trial"]:
    """What gives a tier for a time only."""
    return source if source in ("pack", "trial") else ""


def _lent_ends(seen: AccountView) -> date | None:
    near = bool(lent_by(seen.tier_source)) and bool(seen.notices)
    return seen.tier_until if near else None


def _expiring(seen: AccountView) -> tuple[ExpiringOnPanel, ...]:
    return tuple(
        ExpiringOnPanel(bucket.points.count, bucket.expires.last_day) for bucket in seen.expiring
    )


def _check_in(seen: AccountView) -> tuple[bool, int, int]:
    """Done today, the day of the streak, its points; zeros where the program has none."""
    today = seen.check_in
    return (False, 0, 0) if today is None else (today.done_today, today.streak, today.points)


def card_masked(member: Member) -> str:
    """The card in use as a screen or receipt shows it."""
    code = parse_code(member.card_code)
    return masked(code) if isinstance(code, Code) else ""


def tier_words(program: Program, tier: str) -> Text:
    """What a tier is called; one this version does not know is called as the entry tier."""
    return program.tiers[rank_of(program, tier)].name


def points_worth(program: Program, points: int) -> Money:
    """What so many points would pay, whole steps or not; a debt is worth nothing."""
    rules = program.redemption
    amount = parse_amount(rules.amount, program.prices.decimals)
    assert isinstance(amount, Money), "program check refuses such an amount"
    return Money(max(points, 0) * amount.minor // rules.points)


def _today_left(program: Program, seat: MemberSeat) -> int | None:
    return left_of_day(program, seat.view, seat.how.identified_by)


def _coupon(state: DeskState, held: HeldCoupon) -> CouponOnPanel:
    quote, choices = state.quote, state.basket.choices
    used = held.coupon_id in quote.coupons_used
    refused = held.coupon_id in choices.refused or held.offer_id in choices.refused
    words = rule_words(state.program, held.offer_id)
    mine = [change for change in _adjustments(quote) if change.coupon_id == held.coupon_id]
    return CouponOnPanel(
        coupon_id=held.coupon_id,
        offer_id=held.offer_id,
        # An offer that left the program keeps its coupons' place in the list, by its id.
        words=words or Text(zh=held.offer_id, en=held.offer_id),
        expires=held.expires,
        state="used" if used else "refused" if refused else "not_used",
        by_hand=choices.coupons is not None and held.coupon_id in choices.coupons,
        saved=-total(change.amount for change in mine),
        why_not=None if used else _why_not(quote, held),
    )


def _adjustments(quote: Quote) -> list[Adjustment]:
    own = [change for line in quote.lines for change in line.adjustments]
    return [*own, *quote.order_adjustments]


def _why_not(quote: Quote, held: HeldCoupon) -> NotApplied | None:
    by_coupon = [why for why in quote.not_applied if why.coupon_id == held.coupon_id]
    by_offer = [why for why in quote.not_applied if why.rule == held.offer_id]
    return next(iter(by_coupon or by_offer), None)


def _entitlements(seen: AccountView, way: RedeemWay) -> tuple[EntitlementOnPanel, ...]:
    return tuple(
        EntitlementOnPanel(
            entitlement_id=left.entitlement.id,
            words=left.entitlement.name,
            left=left.left,
            count=left.entitlement.count,
            period=left.entitlement.period,
            here=way.benefits.get(left.entitlement.id),
        )
        for left in seen.entitlements
    )


def tiers_ahead(program: Program, seen: AccountView, quote: Quote) -> tuple[TierAhead, ...]:
    """What is missing to keep and to reach a tier once this basket is paid, by each way."""
    basket: dict[Measure, int] = {
        "spend": quote.total.minor,
        "visits": 1 if quote.lines else 0,
        "points": quote.points_earned,
    }

    def ahead(gap: TierGap, *, keep: bool) -> TierAhead:
        missing = max(0, gap.missing - basket[gap.measure])
        return TierAhead(
            goal="keep" if keep else "reach",
            tier_id=gap.tier,
            words=tier_words(program, gap.tier),
            measure=gap.measure,
            missing=missing,
            reached_by_basket=missing == 0,
            last_day=seen.tier_until if keep else None,
            notice=keep and bool(seen.notices),
        )

    keeping = tuple(ahead(gap, keep=True) for gap in seen.to_keep)
    return keeping + tuple(ahead(gap, keep=False) for gap in seen.to_next)


def _birthday(seen: AccountView, day: date) -> Literal["no", "month", "today"]:
    if seen.birthday is None or seen.birthday[0] != day.month:
        return "no"
    return "today" if seen.birthday[1] == day.day else "month"
