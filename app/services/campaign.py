"""Campaigns: a coupon of an offer to every member a campaign goes to.

Owns: issuing them, as the authority of a shop without a server. Does not own: who belongs to a
campaign, what the coupon is worth (the program), when it may be used (the view).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued
from app.domain.sale_effects import coupon_of
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class CampaignIssued:
    """So many coupons were given, to so many members."""

    members: int
    coupons: int


@dataclass(frozen=True, slots=True)
class NoCouponOffer:
    """The program in force has no offer by this id that is given as a coupon."""

    offer_id: str


def issue_campaign(
    *, shop: Shop, work: UnitOfWork, offer_id: str, members: Sequence[str], each: int = 1
) -> CampaignIssued | NoCouponOffer | Refusal:
    """Give every member `each` coupons of an offer, one fact a member. Needs the right.

    At most 100 members in one unit of work. Changes: facts, accounts, coupons, audit.
    """
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    state, now = shop.desk.state, shop.now()
    offer = state.program.offer(offer_id)
    if offer is None or offer.trigger != "coupon":
        return NoCouponOffer(offer_id)
    day, _ = fact_day(work, state.program, now, state.last_moment)
    codes = fresh_coupons(shop)
    for member in members:
        fact = CouponIssued(
            **origin(shop=shop, now=now, day=day, member=member),
            effects=tuple(coupon_of(offer, next(codes)) for _ in range(each)),
            why="campaign",
            program=ProgramRef(state.program.id, state.program.version),
        )
        write_fact(shop=shop, work=work, fact=fact)
    details = {"members": str(len(members)), "each": str(each)}
    record(shop=shop, work=work, now=now, act="campaign_issued", subject=offer_id, details=details)
    return CampaignIssued(len(members), each * len(members))
