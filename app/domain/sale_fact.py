"""The sale's fact: a paid basket with everything known about it, made into SaleRecorded.

Owns: the mapping from basket, quote, tenders and outcome to the one fact of a sale, and how large
it will be. Does not own: the outcome (sale_effects.py), the receipt (a service fills it), bytes
(facts.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from app.domain.basket import Basket, BasketLine
from app.domain.effects import PackBought, PackUsed, SpentPart
from app.domain.fact_parts import (
    AsSeen,
    FactAdjustment,
    FactBeyond,
    FactByHand,
    FactLine,
    FactPack,
    FactTax,
    FactTender,
    FactTick,
    ProgramRef,
    SeenCoupon,
)
from app.domain.facts import (
    FACT_BYTES_MAX,
    FullSaleRecorded,
    PackSaleRecorded,
    SaleByHandRecorded,
    SaleRecorded,
)
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import ZERO, Money
from app.domain.payment import Tender
from app.domain.program import Program
from app.domain.quote import Adjustment, Quote, QuoteLine
from app.domain.receipt import Receipt
from app.domain.sale_effects import SaleOutcome, SoldPack
from app.domain.view import AccountView, IdentifiedBy

KIB = 1024
WARN_BYTES = 52 * KIB
CLOSE_BYTES = 60 * KIB


@dataclass(frozen=True, slots=True)
class SaleMember:
    """Who bought: as the till saw him, how it knew him, and what the sale does to him."""

    seen: AccountView
    identified_by: IdentifiedBy
    outcome: SaleOutcome


@dataclass(frozen=True, slots=True)
class PaidBasket:
    """All that a sale's fact is made of."""

    op_id: OpId
    store: str
    day: date
    clock: Moment
    staff: str
    code: str
    basket: Basket
    quote: Quote
    tenders: tuple[Tender, ...]
    receipt: Receipt
    program: Program
    round_off: Money = ZERO
    member: SaleMember | None = None
    shift: str | None = None
    approved_by: tuple[str, ...] = ()
    ticked: tuple[FactTick, ...] = ()
    """Benefits of this member that were ticked off while the basket was open."""
    reservation: str | None = None
    """What the server kept for it, by this id."""
    grant: str | None = None
    """The grant its points were taken from."""


def sale_fact(paid: PaidBasket) -> SaleRecorded:
    """The one fact of a sale. Lines stand in the order of the quote, as on the receipt."""
    quote, choices = paid.quote, paid.basket.choices
    fact = SaleRecorded(
        op_id=paid.op_id,
        store=paid.store,
        day=paid.day,
        clock=paid.clock,
        staff=paid.staff,
        code=paid.code,
        program=ProgramRef(quote.program_id, quote.program_version),
        currency=paid.program.prices.currency,
        tax_inclusive=paid.program.prices.tax_inclusive,
        lines=fact_lines(paid.basket, quote, paid.member.outcome if paid.member else None),
        adjustments=_adjustments(quote.order_adjustments, quote, order=True),
        tenders=tuple(_tender(tender) for tender in paid.tenders),
        total_minor=quote.total.minor,
        list_total_minor=quote.list_total.minor,
        round_off_minor=paid.round_off.minor,
        tax=_tax(quote),
        points_spent=quote.points_redeemed,
        points_off_minor=quote.points_redeemed_amount.minor,
        coupons_used=quote.coupons_used,
        codes=choices.codes,
        redeem_asked="max" if choices.redeem_points == "max" else int(choices.redeem_points),
        refused=tuple(sorted(choices.refused)),
        shift=paid.shift,
        reservation=paid.reservation,
        grant=paid.grant,
        approved_by=paid.approved_by,
        receipt=paid.receipt,
    )
    fact = fact if paid.member is None else _of_member(fact, paid.member, paid.basket, quote)
    given, beyond = fact_by_hand(paid.basket), _beyond(paid.basket)
    fact = fact if not given and beyond is None else _with_hands(fact, given, beyond)
    return _in_shape(fact, paid)


def _in_shape(fact: SaleRecorded, paid: PaidBasket) -> SaleRecorded:
    """In the shape that holds all of it; the first that does."""
    effects = paid.member.outcome.effects if paid.member is not None else ()
    if any(isinstance(effect, PackBought | PackUsed) for effect in effects):
        return _with_all(fact, paid, of_packs=True)
    full = paid.ticked or any(
        line.reward or line.lot or line.serial or line.expires for line in fact.lines
    )
    return _with_all(fact, paid) if full else fact


def _with_all(fact: SaleRecorded, paid: PaidBasket, *, of_packs: bool = False) -> FullSaleRecorded:
    fields = msgspec.structs.asdict(fact)
    approvers = {line.approved_by for line in paid.basket.lines} - {"", *fact.approved_by}
    fields["approved_by"] = (*fact.approved_by, *sorted(approvers))
    if not of_packs:
        return FullSaleRecorded(**fields, ticked=paid.ticked)
    sold = paid.member.outcome.packs if paid.member is not None else ()
    packs = tuple(_pack(each) for each in sold)
    return PackSaleRecorded(**fields, ticked=paid.ticked, packs=packs)


def _pack(sold: SoldPack) -> FactPack:
    plan = sold.plan
    return FactPack(
        line=sold.line,
        plan=plan.id,
        tier=plan.tier,
        months=plan.months,
        full_days=plan.refund.full_days,
        rest=plan.refund.rest,
    )


def _beyond(basket: Basket) -> FactBeyond | None:
    beyond = basket.choices.beyond
    if beyond is None:
        return None
    return FactBeyond(
        points=beyond.points,
        coupon_off_minor=beyond.coupon_off.minor,
        given_by=beyond.given_by,
        approved_by=beyond.approved_by,
    )


def _with_hands(
    fact: SaleRecorded, given: tuple[FactByHand, ...], beyond: FactBeyond | None
) -> SaleByHandRecorded:
    approvers = {each.approved_by for each in given}
    approvers |= {beyond.approved_by} if beyond is not None else set()
    approvers -= {"", *fact.approved_by}
    fields = msgspec.structs.asdict(fact)
    fields["approved_by"] = (*fact.approved_by, *sorted(approvers))
    return SaleByHandRecorded(**fields, by_hand=given, beyond=beyond)


def fact_by_hand(basket: Basket) -> tuple[FactByHand, ...]:
    """What was taken off by hand, line by line as scanned, the whole order last."""
    lines = [(line.line_id, line.by_hand) for line in basket.lines if line.by_hand is not None]
    whole = basket.choices.by_hand
    return tuple(
        FactByHand(
            line=line_id,
            kind=given.kind,
            reason=given.reason,
            rate=rate_text(given.rate),
            amount_minor=given.amount.minor,
            most=None if given.most is None else rate_text(given.most),
            given_by=given.given_by,
            approved_by=given.approved_by,
        )
        for line_id, given in (*lines, *([("", whole)] if whole is not None else []))
    )


def _of_member(
    fact: SaleRecorded, member: SaleMember, basket: Basket, quote: Quote
) -> SaleRecorded:
    outcome = member.outcome
    return msgspec.structs.replace(
        fact,
        member=member.seen.member_id,
        effects=outcome.effects,
        points_earned=quote.points_earned,
        earned_expires_in=outcome.earned_expires_in,
        earned_usable_in_days=outcome.earned_usable_in_days,
        identified_by=member.identified_by,
        seen=_as_seen(member.seen, basket, fact.day),
    )


def _tax(quote: Quote) -> tuple[FactTax, ...]:
    return tuple(
        FactTax(tax_rate=rate_text(row.rate), net_minor=row.net.minor, tax_minor=row.tax.minor)
        for row in quote.tax
    )


def fact_lines(basket: Basket, quote: Quote, outcome: SaleOutcome | None) -> tuple[FactLine, ...]:
    """The lines as the fact keeps them: what re-pricing and every later refund need."""
    scanned = {line.line_id: line for line in basket.lines}
    spent = outcome.spent_from if outcome else {}
    return tuple(_line(line, scanned.get(line.line_id), quote, spent) for line in quote.lines)


def _line(
    line: QuoteLine,
    scanned: BasketLine | None,
    quote: Quote,
    spent: Mapping[str, tuple[SpentPart, ...]],
) -> FactLine:
    return FactLine(
        line_id=line.line_id,
        sku=line.sku,
        category=scanned.category if scanned else "",
        quantity_thousandths=line.quantity.thousandths,
        unit_price_minor=scanned.unit_price.minor if scanned else line.list_amount.minor,
        member_price_minor=(
            scanned.member_price.minor if scanned and scanned.member_price else None
        ),
        list_minor=line.list_amount.minor,
        net_minor=line.net.minor,
        tax_rate=rate_text(line.tax_rate),
        tax_minor=line.tax.minor,
        points_earned=line.points_earned,
        points_spent=line.points_spent,
        spent_from=spent.get(line.line_id, ()),
        gift_of=line.gift_of,
        weighed=scanned.weighed if scanned else False,
        points_price=scanned.use_points_price if scanned else False,
        reward=scanned.reward if scanned else "",
        lot=scanned.lot if scanned else "",
        serial=scanned.serial if scanned else "",
        expires=scanned.expires if scanned else None,
        given=scanned is not None and scanned.given is not None,
        adjustments=_adjustments(line.adjustments, quote, order=False),
    )


def _adjustments(
    adjustments: tuple[Adjustment, ...], quote: Quote, *, order: bool
) -> tuple[FactAdjustment, ...]:
    return tuple(
        FactAdjustment(
            rule=each.rule,
            kind=each.kind,
            amount_minor=each.amount.minor,
            by_line=tuple((line, share.minor) for line, share in each.by_line) if order else (),
            version=None if each.version == quote.program_version else each.version,
            coupon=each.coupon_id,
            by_hand=each.chosen_by_hand,
        )
        for each in adjustments
    )


def _tender(tender: Tender) -> FactTender:
    return FactTender(
        kind=tender.kind,
        amount_minor=tender.amount.minor,
        received_minor=None if tender.received == tender.amount else tender.received.minor,
        change_minor=tender.change.minor,
        attempt=tender.attempt_id,
        reference=tender.reference,
    )


def _as_seen(seen: AccountView, basket: Basket, day: date) -> AsSeen:
    birthday = seen.birthday
    asked = {line.reward for line in basket.lines}
    return AsSeen(
        tier=seen.tier,
        spend_window_minor=seen.spend_in_window.minor,
        points_available=seen.balance,
        points_spent_today=seen.points_spent_today,
        coupon_off_today_minor=seen.coupon_off_today.minor,
        visits=seen.visits,
        birthday_month=birthday is not None and birthday[0] == day.month,
        reward_uses=tuple(
            (each, uses) for each, uses in sorted(seen.reward_uses.items()) if each in asked
        ),
        coupons=tuple(
            SeenCoupon(
                id=coupon.coupon_id,
                offer=coupon.offer_id,
                issued=coupon.issued,
                expires=coupon.expires,
            )
            for coupon in seen.coupons
        ),
    )


def rate_text(rate: Decimal) -> str:
    """A rate as a plain decimal text: "0.13"."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Roomy:
    """The fact of this basket will be far from its limit."""

    estimated_bytes: int


@dataclass(frozen=True, slots=True)
class NearlyFull:
    """The basket should be paid soon: warn."""

    estimated_bytes: int


@dataclass(frozen=True, slots=True)
class Full:
    """Nothing more may be added: the next line could carry the fact over its limit."""

    estimated_bytes: int


BasketRoom = Roomy | NearlyFull | Full

_FIXED = 3 * KIB  # identity, clocks, programme, head and foot of the receipt, tenders
_RECEIPT_LINE = 92
_RECEIPT_ADJUSTMENT = 22
_BATCH = 72  # a batch of 20 signs, a serial number and a date: on the receipt once more
_SPENT_PART = 54
_SEEN_COUPON = 130
_TENDER = 400


def basket_room(
    basket: Basket, quote: Quote, program: Program, member: AccountView | None = None
) -> BasketRoom:
    """How large the fact of this basket will be, estimated from above before it is paid."""
    lines = fact_lines(basket, quote, None)
    order = _adjustments(quote.order_adjustments, quote, order=True)
    names = sum(len(line.name.encode()) for line in basket.lines)
    adjustments = len(order) + sum(len(line.adjustments) for line in lines)
    spending = sum(1 for line in lines if line.points_spent)
    months = 2 * len(member.buckets) if member else 0
    estimated = (
        _FIXED
        + len(msgspec.json.encode((lines, order, fact_by_hand(basket))))
        + _RECEIPT_LINE * len(lines)
        + names
        + _BATCH * sum(1 for line in basket.lines if line.lot or line.serial or line.expires)
        + (_RECEIPT_ADJUSTMENT + _longest_words(program)) * adjustments
        + _SPENT_PART * (spending + months)
        + _SEEN_COUPON * (len(member.coupons) if member else 0)
    )
    if estimated >= CLOSE_BYTES:
        return Full(estimated)
    return NearlyFull(estimated) if estimated >= WARN_BYTES else Roomy(estimated)


def is_too_large(room: BasketRoom, tenders: int) -> bool:
    """Whether this basket can never become one fact: a member or a coupon came onto a full one.

    `tenders`: parts of the money that were taken. Asked before any money is, for the sale could
    not be recorded afterwards.
    """
    return room.estimated_bytes + _TENDER * tenders > FACT_BYTES_MAX


def _longest_words(program: Program) -> int:
    """The longest name a rule of this program has on a receipt, in bytes (at least a sentence)."""
    names = [each.name for each in program.tiers]
    names += [each.name for each in program.offers]
    names += [each.name for each in program.price_lists]
    return max(24, *(len(words.encode()) + 8 for name in names for words in (name.zh, name.en)))
