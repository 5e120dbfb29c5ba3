"""Labels: goods that come with a weight, a count or a price printed on them.

Owns: what a label says of the goods it stands on - also their batch and last day -, and the
quantity typed before it. Does not own:
reading labels (domain/scanning.py), the lines of the basket (lines.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_value
from decimal import Decimal
from functools import partial

from msgspec.structs import replace

from app.domain.business_day import believed
from app.domain.freshness import Freshness, freshness
from app.domain.money import ZERO, Money, multiply_half_up
from app.domain.open_basket import OpenLine
from app.domain.quantity import QUANTITY_MAX, THOUSAND, Quantity, quantity_text
from app.domain.scanning import Gs1Item, WeighedItem
from app.services.answers import LineChanged
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import may_change, today
from app.services.lines import ONE, QuantityRefused, RingUpAnswer, line_of, place
from app.services.open_approval import Approval, Then, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class PieceThereAlready:
    """The label names this one piece by its number, and it stands in the basket already."""

    line_id: str


LabelAnswer = RingUpAnswer | ClearanceRefusal | PieceThereAlready


def ring_up_label(
    *,
    shop: Shop,
    work: UnitOfWork,
    label: Gs1Item | WeighedItem,
    quantity: Quantity = ONE,
    approval: Approval | None = None,
) -> LabelAnswer:
    """Add goods by a label that says a weight, a count, a price or a batch. Changes: the basket.

    A quantity before a weight, a price or a piece's own number is refused: no two packets are
    alike, each is scanned. Goods past their last day need the right to sell them, or a yes.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    said = _quantity_by(label, quantity)
    if isinstance(said, QuantityRefused):
        return said
    line = _with_batch(_line_by(work, label, said), label)
    twin = _twin(shop, line)
    if twin is not None:
        return PieceThereAlready(twin.line_id)
    then = partial(ring_up_label, label=label, quantity=quantity)
    cleared = _may_be_sold(shop, work, line, then, approval)
    if not isinstance(cleared, Cleared):
        return cleared
    if cleared.approved_by and line.goods is not None:
        line = replace(line, goods=replace_value(line.goods, approved_by=cleared.approved_by))
    return _placed(shop, work, line, quantity)


def _line_by(work: UnitOfWork, label: Gs1Item | WeighedItem, said: Quantity) -> OpenLine:
    """The goods of a label, in its quantity or at its price."""
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
        return _with_label_price(line, label.price)
    if label.price is not None or said.thousandths == 0:
        # A label that says nothing costs nothing: somebody has to weigh it again.
        return replace(line, goods=None, problem=line.problem or "no_price", quantity=ONE)
    return line


def _placed(shop: Shop, work: UnitOfWork, line: OpenLine, quantity: Quantity) -> RingUpAnswer:
    answer = place(shop=shop, work=work, line=line)
    if isinstance(answer, LineChanged):
        state = _freshness(shop, line)
        if state == "expired":
            _record_expired(shop, work, line)
        return replace_value(answer, freshness=state)
    if isinstance(answer, QuantityRefused):
        # The text is what somebody typed: nobody typed the weight on the label.
        return replace_value(answer, text=quantity_text(quantity))
    return answer


def _quantity_by(label: Gs1Item | WeighedItem, typed: Quantity) -> Quantity | QuantityRefused:
    """How much it is by the label, and what was typed before it."""
    numbered = isinstance(label, Gs1Item) and label.serial is not None
    if label.weight_kg is not None or label.price is not None or numbered:
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


def _with_batch(line: OpenLine, label: Gs1Item | WeighedItem) -> OpenLine:
    goods = line.goods
    if goods is None or not isinstance(label, Gs1Item):
        return line
    lot, serial = label.lot or "", label.serial or ""
    named = replace_value(goods, lot=lot, serial=serial, expires=label.expires)
    return replace(line, goods=named)


def _twin(shop: Shop, line: OpenLine) -> OpenLine | None:
    """The line of the basket that is this very piece."""
    goods = line.goods
    if goods is None or not goods.serial:
        return None
    return next(
        (
            other
            for other in shop.desk.state.basket.lines
            if other.goods is not None
            and (other.goods.sku, other.goods.serial) == (goods.sku, goods.serial)
        ),
        None,
    )


def _freshness(shop: Shop, line: OpenLine) -> Freshness:
    state = shop.desk.state
    day = today(state.program, believed(shop.now(), state.last_moment))
    expires = line.goods.expires if line.goods is not None else None
    return freshness(expires, day, state.settings.expiry_soon_days)


def _may_be_sold(
    shop: Shop, work: UnitOfWork, line: OpenLine, then: Then, approval: Approval | None
) -> Cleared | ClearanceRefusal:
    """Goods past their last day take the right of the role, or somebody's yes."""
    goods = line.goods
    if goods is None or goods.expires is None or _freshness(shop, line) != "expired":
        return Cleared(None)
    about = " ".join(filter(None, (goods.name, goods.lot, goods.expires.isoformat())))
    wanted = Wanted(
        act="sell_expired",
        asked=0,
        effect=ZERO,
        subject=shop.desk.state.basket.basket_id,
        after=f"{goods.sku} {goods.expires.isoformat()}",
        about=about,
    )
    return clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)


def _record_expired(shop: Shop, work: UnitOfWork, line: OpenLine) -> None:
    goods = line.goods
    assert goods is not None, "only goods expire"
    assert goods.expires is not None, "and only on a day"
    details = {
        "approved_by": goods.approved_by, "basket": shop.desk.state.basket.basket_id,
        "expires": goods.expires.isoformat(), "lot": goods.lot,
    }  # fmt: skip
    record(
        shop=shop, work=work, now=shop.now(), act="expired_goods_sold", subject=goods.sku,
        details={name: value for name, value in details.items() if value},
    )  # fmt: skip


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
