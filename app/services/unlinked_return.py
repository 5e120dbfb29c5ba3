"""Return without a receipt: goods of a sale this till does not hold, for cash, with an approval.

Owns: pricing such goods by the catalogue, the approval it always needs, recording it. Does not
own: refunds of known sales (refund.py). It may name the number on the customer's paper; it moves
money only, never points. Nothing is kept before it is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.domain.codes import Code, CodeKind, parse_code
from app.domain.fact_parts import FactTender, ProgramRef
from app.domain.fact_rows import return_of
from app.domain.facts import ReturnRecorded
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.open_refund import RefundReason
from app.domain.quantity import Quantity, quantity_text
from app.domain.receipt import ReceiptTax, ReceiptTender
from app.domain.refund_approval import RefundAct, RefundFacts, acts_of, beyond
from app.domain.refund_receipt import RefundReceipt, RefundReceiptLine
from app.domain.unlinked_return import AboveListPrice, GoodsBack, ReturnQuote, quote_return
from app.services.answers import DiskNearlyFull, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed, program_in_force, shift_first
from app.services.fact_writer import fact_day, write_fact
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.refund_answers import NothingChosen, RefundDoneBefore
from app.services.refund_receipt import head, reason_words, stored_refund_receipt
from app.services.refund_record import code_of_day, refreshed_till
from app.services.shop import Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """Goods on the counter; `agreed`: what is given for all of them, at most the list price."""

    sku: str
    quantity: Quantity
    reason: RefundReason
    agreed: Money | None = None


@dataclass(frozen=True, slots=True)
class ReturnWanted:
    """What comes back without a receipt. `return_id`: from `new_return`, so that confirming
    twice is one; `sale_code`: the number on the customer's paper, where there is one.
    """

    return_id: OpId
    items: tuple[ReturnItem, ...]
    sale_code: str = ""


@dataclass(frozen=True, slots=True)
class ReturnShown:
    """What it comes to, and what has to be approved."""

    worth: Money
    paid: Money
    round_off: Money
    goods: tuple[GoodsBack, ...]
    approvals: tuple[RefundAct, ...]


@dataclass(frozen=True, slots=True)
class ReturnDone:
    """The return is durable: hand out `cash`."""

    state: TillState
    return_id: OpId
    receipt: RefundReceipt
    cash: Money


@dataclass(frozen=True, slots=True)
class GoodsUnknown:
    """The catalogue has no such goods, or no price for them."""

    sku: str


@dataclass(frozen=True, slots=True)
class PackNeedsItsSale:
    """A membership pack: what it brings back, and its tier, hang on the sale it was bought in."""

    sku: str


@dataclass(frozen=True, slots=True)
class ReceiptIsHere:
    """This till holds the sale (or refund) of that number: take the goods back from there."""

    receipt_code: str


@dataclass(frozen=True, slots=True)
class NoReceiptCode:
    """What was typed as the number of the customer's paper is none."""

    text: str


QuoteAnswer = (
    ReturnShown
    | GoodsUnknown
    | AboveListPrice
    | NothingChosen
    | PackNeedsItsSale
    | ReceiptIsHere
    | NoReceiptCode
    | Refusal
)
ReturnAnswer = (
    ReturnDone
    | RefundDoneBefore
    | ClearanceRefusal
    | GoodsUnknown
    | AboveListPrice
    | NothingChosen
    | PackNeedsItsSale
    | ReceiptIsHere
    | NoReceiptCode
    | Refusal
)


def new_return(*, shop: Shop) -> OpId:
    """The id a return will have."""
    return shop.op_id(shop.now())


def show_return(*, shop: Shop, work: UnitOfWork, wanted: ReturnWanted) -> QuoteAnswer:
    """What a return would come to. Changes nothing."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    quoted = _quoted(shop, work, wanted, shop.now())
    if not isinstance(quoted, _Quoted):
        return quoted
    quote = quoted.quote
    return ReturnShown(quote.worth, quote.paid, quote.round_off, quoted.goods, _left(shop, quoted))


def confirm_return(
    *, shop: Shop, work: UnitOfWork, wanted: ReturnWanted, approval: Approval | None = None
) -> ReturnAnswer:
    """Give cash for the goods and record it. Changes: refunds, facts, audit."""
    refusal = allowed(shop, "sell") or shift_first(shop)
    if refusal is not None:
        return refusal
    paper = stored_refund_receipt(work=work, refund_id=wanted.return_id)
    if paper is not None:
        return RefundDoneBefore(wanted.return_id, paper)
    if not shop.has_room():
        return DiskNearlyFull()
    now = shop.now()
    quoted = _quoted(shop, work, wanted, now)
    if not isinstance(quoted, _Quoted):
        return quoted

    def then(*, shop: Shop, work: UnitOfWork, approval: Approval) -> ReturnAnswer:
        return confirm_return(shop=shop, work=work, wanted=wanted, approval=approval)

    (act,) = quoted.acts
    asked = Wanted(act.act, act.money.minor, act.money, wanted.sale_code)
    cleared = clearance(shop=shop, work=work, wanted=asked, then=then, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    staff = shop.desk.state.staff
    # Whose role may do it alone approves it himself: the fact says so.
    by = cleared.approved_by or (staff.staff_id if staff is not None else "")
    return _record(shop, work, wanted, quoted, (by,), now)


def _left(shop: Shop, quoted: _Quoted) -> tuple[RefundAct, ...]:
    state = shop.desk.state
    role = state.staff.role.role_id if state.staff is not None else ""
    return beyond(quoted.acts, state.rights, role)


@dataclass(frozen=True, slots=True)
class _Quoted:
    goods: tuple[GoodsBack, ...]
    quote: ReturnQuote
    acts: tuple[RefundAct, ...]


_Unquoted = (
    GoodsUnknown | AboveListPrice | NothingChosen | PackNeedsItsSale | ReceiptIsHere | NoReceiptCode
)


def _quoted(shop: Shop, work: UnitOfWork, wanted: ReturnWanted, now: Moment) -> _Quoted | _Unquoted:
    if not wanted.items:
        return NothingChosen()
    refused = _sale_code(work, wanted.sale_code)
    if refused is not None:
        return refused
    state = shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    program = program_in_force(state.programs, day)
    # Also one that is sold no more.
    packs = {plan.sku for known in state.programs for plan in known.plans}
    goods = []
    for item in wanted.items:
        if item.sku in packs:
            return PackNeedsItsSale(item.sku)
        product = work.products.get(item.sku)
        if product is None or product.unit_price is None:
            return GoodsUnknown(item.sku)
        rate = product.tax_rate
        rate = rate if rate is not None else Decimal(program.prices.default_tax_rate)
        goods.append(
            GoodsBack(
                product.sku, product.name, item.quantity, product.unit_price, rate,
                item.reason, item.agreed,
            )
        )  # fmt: skip
    quote = quote_return(goods, program)
    if isinstance(quote, AboveListPrice):
        return quote
    facts = RefundFacts(back=quote.paid, is_unlinked=True)
    return _Quoted(tuple(goods), quote, acts_of(facts))


def _sale_code(work: UnitOfWork, text: str) -> ReceiptIsHere | NoReceiptCode | None:
    if not text:
        return None
    code = parse_code(text)
    if not isinstance(code, Code) or code.kind is not CodeKind.RECEIPT:
        return NoReceiptCode(text)
    is_here = work.sales.by_receipt(code.text) or work.refunds.by_receipt(code.text)
    return ReceiptIsHere(code.text) if is_here else None


def _record(
    shop: Shop,
    work: UnitOfWork,
    wanted: ReturnWanted,
    quoted: _Quoted,
    by: tuple[str, ...],
    now: Moment,
) -> ReturnDone:
    state, quote = shop.desk.state, quoted.quote
    day, _ = fact_day(work, state.program, now, state.last_moment)
    sequence = work.sales.next_sequence(day)
    code = code_of_day(shop, day, sequence)
    paper = _paper(shop, wanted, quote, code, now)
    paid = quote.paid.minor
    program = program_in_force(state.programs, day)
    fact = ReturnRecorded(
        op_id=wanted.return_id,
        store=shop.identity.store_id,
        day=day,
        clock=now,
        staff=state.staff.staff_id if state.staff is not None else None,
        code=code,
        program=ProgramRef(program.id, program.version),
        goods=quote.goods,
        sale_code=wanted.sale_code.upper(),
        tenders=(FactTender(kind="cash", amount_minor=paid),) if paid else (),
        round_off_minor=quote.round_off.minor,
        shift=state.shift.shift_id if state.shift is not None else None,
        approved_by=by,
        receipt=paper,
    )
    write_fact(shop=shop, work=work, fact=fact)
    work.refunds.add(return_of(fact, sequence))
    details = {"paid": str(paid), "sale": fact.sale_code, "approved_by": ",".join(by)}
    record(shop=shop, work=work, now=now, act="return_unlinked", subject=code, details=details)
    if paid and state.settings.drawer:
        work.after_commit(shop.drawer.open_drawer)
    if state.settings.printer:
        work.after_commit(lambda: shop.printer.print_receipt(paper))
    return ReturnDone(refreshed_till(shop, work, now), fact.op_id, paper, quote.paid)


def _paper(
    shop: Shop, wanted: ReturnWanted, quote: ReturnQuote, code: str, now: Moment
) -> RefundReceipt:
    state = shop.desk.state
    prices, paid = state.program.prices, quote.paid.minor
    rates: dict[str, list[int]] = {}
    for each in quote.goods:
        both = rates.setdefault(each.tax_rate, [0, 0])
        both[0] += each.amount_minor - (0 if quote.tax_inclusive else each.tax_minor)
        both[1] += each.tax_minor
    return RefundReceipt(
        **head(shop=shop, state=state, code=code, cashier=state.staff, now=now),
        sale_code=wanted.sale_code.upper(),
        currency=prices.currency,
        decimals=prices.decimals,
        lines=tuple(
            RefundReceiptLine(
                name=each.name,
                quantity=quantity_text(Quantity(each.quantity_thousandths)),
                amount_minor=each.amount_minor,
                reason=reason_words(shop=shop, state=state, reason=each.reason),
            )
            for each in quote.goods
        ),
        worth_minor=quote.worth.minor,
        round_off_minor=quote.round_off.minor,
        tax_included=quote.tax_inclusive,
        taxes=tuple(
            ReceiptTax(rate=rate, net_minor=net, tax_minor=tax)
            for rate, (net, tax) in sorted(rates.items())
        ),
        paid_minor=paid,
        tenders=(ReceiptTender(kind="cash", amount_minor=paid),) if paid else (),
    )
