"""The price desk: asks the domain what a member is worth today and what the basket costs.

Owns: gathering what price() and view() need from the desk, and how much room one sale has left.
Does not own: any rule of pricing or of the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.account import MemberAccount
from app.domain.basket import Basket
from app.domain.birthday import nearest_birthday
from app.domain.conditions import Context, GiftGoods
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.money import ZERO
from app.domain.pricing import price
from app.domain.product import Product
from app.domain.program import Gift, Program
from app.domain.quote import Quote, Reason
from app.domain.reward import products_of
from app.domain.settings import Identity
from app.domain.uses_bound import ANY_USES
from app.domain.view import AccountView, view
from app.services.ports import UnitOfWork
from app.services.shop import DeskState, MemberSeat


def judge(member: Member, account: MemberAccount, program: Program, day: date) -> AccountView:
    """Today's view of a member, with his birthday in this year's solar calendar."""
    born = member.person.birthday
    near = nearest_birthday(born, day).day if born is not None else None
    birthday = (near.month, near.day) if near is not None else None
    return view(account, program, day, birthday=birthday)


def quote_of(identity: Identity, state: DeskState, now: Moment) -> Quote:
    """The price of the open basket, of its resolved lines, as of now."""
    seat = state.seat
    return price(
        state.basket.to_price(),
        seat.view if seat is not None else None,
        state.program,
        now.local(state.program.timezone),
        context_of(identity, state),
    )


def empty_quote(program: Program, now: Moment) -> Quote:
    """The quote of a basket with nothing in it."""
    return price(Basket(), None, program, now.local(program.timezone))


def context_of(identity: Identity, state: DeskState) -> Context:
    """What price() must know besides basket, member and program."""
    seat = state.seat
    return Context(
        store=identity.store_id,
        identified_by=seat.how.identified_by if seat is not None else "card",
        uses=state.offer_uses,
        member_uses=seat.offer_uses if seat is not None else {},
        blocked=_blocked(seat),
        points_limit=seat.redeem.points_limit if seat is not None else None,
        coupons_limit=seat.redeem.coupons_limit if seat is not None else None,
        uses_bound=seat.redeem.uses_bound if seat is not None else ANY_USES,
        beyond=state.basket.choices.beyond if seat is not None else None,
        gift_goods={sku: goods_of(product) for sku, product in state.gifts.items()},
    )


def _blocked(seat: MemberSeat | None) -> Mapping[str, Reason]:
    """Coupons of the member that may not be used now."""
    if seat is None or (not seat.redeem.gone and seat.redeem.coupons_most != 0):
        return {}
    return seat.redeem.blocked(coupon.coupon_id for coupon in seat.view.coupons)


def context_of_member(seat: MemberSeat) -> Context:
    """What is known of the member alone, whatever shop he is in."""
    return Context(identified_by=seat.how.identified_by, member_uses=seat.offer_uses)


def goods_of(product: Product) -> GiftGoods:
    """A product as a gift; one without a price is a gift worth nothing."""
    return GiftGoods(product.unit_price or ZERO, product.name, product.category, product.tax_rate)


def gift_products(work: UnitOfWork, program: Program) -> Mapping[str, Product]:
    """The products that offers and rewards of a program may give, where the catalogue has them."""
    skus = {
        sku
        for offer in program.offers
        if isinstance(offer.effect, Gift)
        for sku in offer.effect.products
    }
    skus |= {sku for reward in program.rewards for sku in products_of(reward)}
    found = {sku: work.products.get(sku) for sku in sorted(skus)}
    return {sku: product for sku, product in found.items() if product is not None}
