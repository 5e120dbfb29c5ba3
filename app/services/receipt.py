"""Receipts: the document of a sale, built once at the sale, and printed again from its fact.

Owns: what stands on the receipt. Does not own: its look (devices), its sums' check (receipt.py).
Rules speak in the program's words; a reprint differs by its copy line and the survey's link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from app.domain.codes import Code
from app.domain.facts import SaleRecorded, read_fact
from app.domain.member import masked_name
from app.domain.moment import Moment
from app.domain.money import ZERO, Money, total
from app.domain.months import Month
from app.domain.payment import Tender
from app.domain.program import Text
from app.domain.quantity import quantity_text
from app.domain.quote import Adjustment, GiftLine, QuoteLine, TaxRow
from app.domain.receipt import (
    ExpiringPoints,
    Receipt,
    ReceiptAdjustment,
    ReceiptGift,
    ReceiptLine,
    ReceiptMember,
    ReceiptPack,
    ReceiptStore,
    ReceiptTax,
    ReceiptTender,
    TierDistance,
    TierReached,
    as_copy,
)
from app.domain.reward import reward_id_of
from app.domain.sale_effects import SaleOutcome
from app.domain.sale_fact import rate_text
from app.domain.settings import Settings
from app.domain.staff import StaffMember
from app.services.answers import Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.choice import points_for_goods
from app.services.desk import allowed
from app.services.member_panel import card_masked, tier_words, tiers_ahead
from app.services.open_approval import Approval, Then, Wanted
from app.services.ports import UnitOfWork
from app.services.present import tax_on_top
from app.services.rule_words import by_hand_name, reason_words, rule_words, tier_of, with_rate
from app.services.shop import DeskState, MemberSeat, Shop
from app.services.survey import with_link
from app.wording import N_, Wording


@dataclass(frozen=True, slots=True)
class SaleInHand:
    """A sale about to be recorded: everything its receipt is made of."""

    state: DeskState
    code: Code
    tenders: tuple[Tender, ...]
    round_off: Money
    month: Month
    now: Moment
    outcome: SaleOutcome | None
    cashier: StaffMember | None
    """Whose sale it is; not always who is at the till when a payment is found to be taken."""


@dataclass(frozen=True, slots=True)
class Reprinted:
    """The receipt as it was, marked as a copy; `copy` 2 is the first one printed again."""

    receipt: Receipt
    copy: int


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """A receipt that was found. `copy`: the number its next print bears."""

    sale_id: str
    receipt: Receipt
    copy: int


@dataclass(frozen=True, slots=True)
class SaleUnknown:
    """This till has no such sale."""

    sale: str


MEMBER_PRICE = N_("Member price")
PRICE_CHANGED = N_("Price changed")
SALE_OFFER = N_("Offer")


def receipt_of(*, shop: Shop, sale: SaleInHand) -> Receipt:
    """The receipt of a sale; its parts add up or the program has a bug (receipt.py asserts)."""
    state = sale.state
    quote, settings, prices = state.quote, state.settings, state.program.prices
    order = [change for change in quote.order_adjustments if change.kind != "points"]
    seat = state.seat
    return Receipt(
        store=_store(settings),
        till=f"{shop.identity.till_number:02d}",
        cashier=masked_name(sale.cashier.name) if sale.cashier else "",
        code=sale.code.text,
        sold_at=sale.now.local(state.program.timezone).strftime("%Y-%m-%d %H:%M"),
        zone=state.program.timezone,
        currency=prices.currency,
        decimals=prices.decimals,
        languages=settings.receipt_languages,
        lines=tuple(_line(shop, state, line) for line in quote.lines),
        order_adjustments=_changes(shop, state, order),
        list_total_minor=quote.list_total.minor,
        saved_minor=quote.saved.minor,
        points_off_minor=quote.points_redeemed_amount.minor,
        total_minor=quote.total.minor,
        round_off_minor=sale.round_off.minor,
        tax_included=prices.tax_inclusive,
        taxes=tuple(_tax(row) for row in quote.tax),
        due_minor=(quote.total + tax_on_top(state) - sale.round_off).minor,
        tenders=tuple(_tender(tender) for tender in sale.tenders),
        change_minor=total(tender.change for tender in sale.tenders).minor,
        member=_member(shop, sale, seat) if seat is not None else None,
        gifts=tuple(_gift(state, gift) for gift in quote.gifts),
        announcements=_announcements(state),
        return_days=prices.return_days,
        training=settings.is_training,
    )


def _store(settings: Settings) -> ReceiptStore:
    return ReceiptStore(
        name=settings.store_name, address=settings.store_address, phone=settings.store_phone
    )


def _tax(row: TaxRow) -> ReceiptTax:
    return ReceiptTax(rate=rate_text(row.rate), net_minor=row.net.minor, tax_minor=row.tax.minor)


def _gift(state: DeskState, gift: GiftLine) -> ReceiptGift:
    return ReceiptGift(name=_name_of(state, gift.sku), quantity=gift.quantity)


def _line(shop: Shop, state: DeskState, line: QuoteLine) -> ReceiptLine:
    scanned = state.basket.line(line.line_id)
    goods = scanned.goods if scanned is not None else None
    gift = state.gifts.get(line.sku)
    # A gift that nobody scanned has the catalogue's price as its list amount.
    unit_price = goods.unit_price if goods else line.list_amount
    return ReceiptLine(
        name=goods.name if goods else gift.name if gift else line.sku,
        quantity=quantity_text(line.quantity),
        unit=scanned.unit if scanned is not None and not scanned.label_price else "",
        unit_price_minor=unit_price.minor,
        list_minor=line.list_amount.minor,
        net_minor=line.net.minor,
        lot=goods.lot if goods else "",
        expires=goods.expires.isoformat() if goods and goods.expires else "",
        adjustments=_changes(shop, state, line.adjustments),
    )


def _changes(
    shop: Shop, state: DeskState, changes: Sequence[Adjustment]
) -> tuple[ReceiptAdjustment, ...]:
    return tuple(
        ReceiptAdjustment(words=_words(shop, state, change), amount_minor=change.amount.minor)
        for change in changes
    )


def _words(shop: Shop, state: DeskState, change: Adjustment) -> str:
    """What the change is called, in each language of the receipt."""
    named = rule_words(state.program, change.rule)
    texts = []
    for language in state.settings.receipt_languages:
        words = shop.words_for(language)
        name = in_language(named, language)
        match change.kind:
            case "member_price":
                texts.append(words.t(MEMBER_PRICE))
            case "points_price":
                texts.append(_points_price_words(state, change, words))
            case "tier":
                texts.append(_tier_words(state, change.rule, words))
            case "manual":
                texts.append(
                    by_hand_name(change.rule, reason_words(state.rights, change.rule), words)
                )
            case "override":
                texts.append(words.t(PRICE_CHANGED))
            case _:
                texts.append(name or words.t(SALE_OFFER))
    return " / ".join(dict.fromkeys(texts))


def _points_price_words(state: DeskState, change: Adjustment, words: Wording) -> str:
    """`积分价 500 分`, `积分兑换 500 分`: the points are the other part of the price."""
    by_line = points_for_goods(state)
    points = sum(by_line.get(line_id, 0) for line_id, _ in change.by_line)
    if reward_id_of(change.rule) is not None:
        return words.n("Reward, {count} point", "Reward, {count} points", points)
    return words.n("Points price, {count} point", "Points price, {count} points", points)


def _tier_words(state: DeskState, rule: str, words: Wording) -> str:
    tier = tier_of(state.program, rule)
    assert tier is not None, f"a tier price by a tier nobody knows: {rule}"
    return with_rate(tier.name, Decimal(tier.discount), words)


def in_language(text: Text | None, language: str) -> str:
    """A program's words in one language; empty where there are none."""
    if text is None:
        return ""
    return text.zh if language.startswith("zh") else text.en


def in_all(state: DeskState, text: Text) -> str:
    """Words in every language of the receipt."""
    languages = state.settings.receipt_languages
    return " / ".join(dict.fromkeys(in_language(text, language) for language in languages))


def _tender(tender: Tender) -> ReceiptTender:
    return ReceiptTender(
        kind=tender.kind,
        amount_minor=tender.received.minor,
        detail=tender.detail,
        reference=tender.reference,
    )


def _name_of(state: DeskState, sku: str) -> str:
    for line in state.basket.lines:
        if line.goods is not None and line.goods.sku == sku:
            return line.goods.name
    product = state.gifts.get(sku)
    return product.name if product is not None else sku


def _announcements(state: DeskState) -> tuple[str, ...]:
    """What customers have to be told of the program in force and of an announced next one."""
    later = [p for p in state.programs if p.effective > state.program.effective]
    seen = dict.fromkeys(
        in_all(state, text) for program in (state.program, *later) for text in program.announcements
    )
    return tuple(seen)


def balance_after(sale: SaleInHand, seat: MemberSeat) -> int:
    """The spendable points once the sale is recorded; held points do not count yet."""
    quote, outcome = sale.state.quote, sale.outcome
    held = outcome is not None and outcome.earned_usable_in_days is not None
    return seat.view.balance - quote.points_redeemed + (0 if held else quote.points_earned)


def _member(shop: Shop, sale: SaleInHand, seat: MemberSeat) -> ReceiptMember:
    state = sale.state
    quote, program = state.quote, state.program
    tier = quote.tier_after or seat.view.tier
    ahead = tiers_ahead(program, seat.view, quote)
    reached = sale.outcome.reached if sale.outcome is not None else None
    step = next((step for step in ahead if not step.reached_by_basket), None)
    return ReceiptMember(
        card_masked=card_masked(seat.member),
        tier_name=in_all(state, tier_words(program, tier)),
        points_earned=quote.points_earned,
        points_spent=quote.points_redeemed,
        points_balance=balance_after(sale, seat),
        points_for_goods=sum(points_for_goods(state).values()),
        expiring=_expiring_after(sale, seat),
        next_tier=None
        if step is None or reached is not None
        else TierDistance(
            goal=step.goal,
            measure=step.measure,
            missing=step.missing,
            tier_name=in_all(state, step.words),
            last_day=step.last_day.isoformat() if step.last_day else "",
        ),
        tier_reached=None
        if reached is None
        else TierReached(
            tier_name=in_all(state, tier_words(program, reached.tier)),
            last_day=tier_end(sale, reached.months, reached.days),
        ),
        packs=tuple(
            ReceiptPack(
                name=in_all(state, sold.plan.name),
                last_day=sold.last_day.isoformat(),
                full_days=sold.plan.refund.full_days,
                rest=sold.plan.refund.rest,
            )
            for sold in (sale.outcome.packs if sale.outcome is not None else ())
        ),
    )


def tier_end(sale: SaleInHand, months: int, days: int | None) -> str:
    """The last day of a tier reached by this sale, as an ISO date."""
    if days is not None:
        day = sale.now.local(sale.state.program.timezone).date()
        return type(day).fromordinal(day.toordinal() + days).isoformat()
    return sale.month.plus(months).last_day.isoformat()


def _expiring_after(sale: SaleInHand, seat: MemberSeat) -> tuple[ExpiringPoints, ...]:
    """What expires soon once the points of this sale are taken, oldest first."""
    spent = sale.state.quote.points_redeemed
    left = []
    for bucket in seat.view.expiring:
        remaining = max(0, bucket.points.count - spent)
        spent = max(0, spent - bucket.points.count)
        if remaining:
            left.append(
                ExpiringPoints(points=remaining, last_day=bucket.expires.last_day.isoformat())
            )
    return tuple(left)


def reprint_receipt(
    *,
    shop: Shop,
    work: UnitOfWork,
    sale_id: str | None = None,
    approval: Approval | None = None,
) -> Reprinted | SaleUnknown | ClearanceRefusal | Refusal:
    """Print a sale's receipt again from its fact; None = the last sale. Changes: audit.
    The copies are counted by the audit trail: the first one printed again is number 2.
    """
    refusal = allowed(shop, "reprint")
    if refusal:
        return refusal
    wanted = sale_id or shop.desk.state.last_sale_id or ""
    receipt = stored_receipt(work=work, sale_id=wanted)
    if receipt is None:
        return SaleUnknown(wanted)
    again = partial(reprint_receipt, sale_id=wanted)
    cleared = may_reprint(shop=shop, work=work, paper_id=wanted, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    copy = next_copy(work=work, paper_id=wanted)
    tell_reprint(shop=shop, work=work, paper_id=wanted, copy=copy, by=cleared.approved_by)
    printed = as_copy(with_link(shop=shop, work=work, receipt=receipt, sale_id=wanted), copy)
    work.after_commit(lambda: shop.printer.print_receipt(printed))
    return Reprinted(printed, copy)


def may_reprint(
    *, shop: Shop, work: UnitOfWork, paper_id: str, then: Then, approval: Approval | None
) -> Cleared | ClearanceRefusal:
    """Whether who is signed in may print a paper again, by himself or with a colleague's yes."""
    wanted = Wanted("reprint", 0, ZERO, subject=paper_id)
    return clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)


def next_copy(*, work: UnitOfWork, paper_id: str) -> int:
    """The number that the next print of a paper bears; the first one was number 1."""
    return work.audit.count("receipt_reprinted", paper_id) + 2


def tell_reprint(*, shop: Shop, work: UnitOfWork, paper_id: str, copy: int, by: str) -> None:
    """Put a copy into the trail; `by`: who said yes to it, where somebody had to."""
    details = {"copy": str(copy), "approved_by": by}
    told = {name: value for name, value in details.items() if value}
    record(
        shop=shop, work=work, now=shop.now(), act="receipt_reprinted", subject=paper_id,
        details=told,
    )  # fmt: skip


def show_receipt(
    *, shop: Shop, work: UnitOfWork, sale_id: str
) -> ReceiptShown | SaleUnknown | Refusal:
    """A receipt as it was printed, to look at and to go on from. Changes nothing."""
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    receipt = stored_receipt(work=work, sale_id=sale_id)
    if receipt is None:
        return SaleUnknown(sale_id)
    receipt = with_link(shop=shop, work=work, receipt=receipt, sale_id=sale_id)
    return ReceiptShown(sale_id, receipt, next_copy(work=work, paper_id=sale_id))


def stored_receipt(*, work: UnitOfWork, sale_id: str) -> Receipt | None:
    """The receipt as it was printed, read from the sale's fact; None for an unknown sale."""
    stored = work.facts.get(sale_id)
    fact = read_fact(stored.data) if stored is not None else None
    return fact.receipt if isinstance(fact, SaleRecorded) else None
