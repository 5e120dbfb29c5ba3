"""Labels: goods that come with a weight, a count or a price printed on them.

Owns: what a label says of the goods it stands on, and the quantity typed before it. Does not own:
reading labels (domain/scanning.py), the lines of the basket (lines.py).
"""

from __future__ import annotations

from dataclasses import replace as replace_value
from decimal import Decimal

from msgspec.structs import replace

from app.domain.money import Money, multiply_half_up
from app.domain.open_basket import OpenLine
from app.domain.quantity import QUANTITY_MAX, THOUSAND, Quantity, quantity_text
from app.domain.scanning import Gs1Item, WeighedItem
from app.services.desk import may_change
from app.services.lines import ONE, QuantityRefused, RingUpAnswer, line_of, place
from app.services.ports import UnitOfWork
from app.services.shop import Shop


def ring_up_label(
    *, shop: Shop, work: UnitOfWork, label: Gs1Item | WeighedItem, quantity: Quantity = ONE
) -> RingUpAnswer:
    """Add goods by a label that says a weight, a count or a price. Changes: the basket.

    A quantity before a weight or a price is refused: no two packets are alike, each is scanned.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    said = _quantity_by(label, quantity)
    if isinstance(said, QuantityRefused):
        return said
    if isinstance(label, WeighedItem):
        product, code = work.products.by_scale_code(label.item_code), label.item_code
    else:
        product, code = work.products.by_barcode(label.gtin), label.gtin
    says_price = label.price is not None and label.price.minor > 0
    if says_price and product is not None and product.unit_price is None:
        # Goods that only ever have the price on their label.
        product = replace_value(product, unit_price=label.price, member_price=None)
    line = line_of(product, code, said, "unknown")
    if says_price and label.price is not None:
        line = _with_label_price(line, label.price)
    elif label.price is not None or said.thousandths == 0:
        # A label that says nothing costs nothing: somebody has to weigh it again.
        line = replace(line, goods=None, problem=line.problem or "no_price", quantity=ONE)
    answer = place(shop=shop, work=work, line=line)
    if isinstance(answer, QuantityRefused):
        # The text is what somebody typed: nobody typed the weight on the label.
        return replace_value(answer, text=quantity_text(quantity))
    return answer


def _quantity_by(label: Gs1Item | WeighedItem, typed: Quantity) -> Quantity | QuantityRefused:
    """How much it is by the label, and what was typed before it."""
    if label.weight_kg is not None or label.price is not None:
        if typed != ONE:
            return QuantityRefused(quantity_text(typed), "label")
        kilograms = label.weight_kg if label.weight_kg is not None else 1
        said = Quantity(int(kilograms * THOUSAND))
    else:
        count = label.count if isinstance(label, Gs1Item) and label.count else 1
        said = Quantity(count * typed.thousandths)
    if said.thousandths > QUANTITY_MAX:
        return QuantityRefused(quantity_text(typed if typed != ONE else said), "size")
    return said


def _with_label_price(line: OpenLine, price: Money) -> OpenLine:
    """One piece at the printed price, so that customer and till agree to the cent."""
    goods = line.goods
    if goods is None:
        return line
    member_price = None
    if goods.member_price is not None and goods.unit_price.minor > 0:
        share = Decimal(goods.member_price.minor) / Decimal(goods.unit_price.minor)
        member_price = multiply_half_up(price, share)
    priced = replace_value(
        goods, unit_price=price, member_price=member_price, quantity=ONE, weighed=True
    )
    return replace(line, goods=priced, quantity=ONE, label_price=True)
