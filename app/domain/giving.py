"""Giving: which product a gift offer gives, and what that product is worth.

Owns: the customer's wish among the products of a gift, the catalogue's word before the program's.
Does not own: when a gift is given (reasons.py, chosen.py), its lines (sheet.py), the gifts that a
tier or a birthday brings (gifts.py).
"""

from __future__ import annotations

from decimal import Decimal

from app.domain.basket import BasketChoices
from app.domain.conditions import Context, GiftGoods
from app.domain.money import Money
from app.domain.plan import OfferPlan, minor
from app.domain.program import Gift


def given_sku(offer: OfferPlan, gift: Gift, choices: BasketChoices) -> str:
    """The product wished for where the offer gives it, else the first it names."""
    wished = dict(choices.gifts).get(offer.id, gift.products[0])
    return wished if wished in gift.products else gift.products[0]


def is_wished(offer: OfferPlan, gift: Gift, choices: BasketChoices) -> bool:
    """Whether somebody chose this gift; the first of the list is given without being asked."""
    return dict(choices.gifts).get(offer.id) in gift.products


def goods_given(sku: str, gift: Gift, context: Context, decimals: int) -> GiftGoods:
    """What one unit is: by the catalogue, else by the program."""
    rate = None if gift.tax_rate is None else Decimal(gift.tax_rate)
    by_program = GiftGoods(Money(minor(gift.price, decimals)), sku, gift.category, rate)
    return context.gift_goods.get(sku, by_program)


def worth_given(offer: OfferPlan, choices: BasketChoices, context: Context, decimals: int) -> int:
    """What one act of the offer gives away in goods, in minor units; 0 where it gives none."""
    gift = offer.offer.effect
    if not isinstance(gift, Gift):
        return 0
    goods = goods_given(given_sku(offer, gift, choices), gift, context, decimals)
    return goods.unit_price.minor * gift.quantity
