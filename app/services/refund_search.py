"""Finding the sale whose goods come back: by its receipt, number, member, day, amount.

Owns: what a receipt's code or number leads to, and the lists to choose from. Does not own: taking
goods back (refund.py), searching members.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.codes import Code, CodeKind, NotACode, ReceiptNumber, parse_code, receipt_number
from app.domain.ids import OpId
from app.domain.member import masked_name
from app.domain.money import Money, total
from app.domain.refund_record import Refund
from app.domain.sale import SaleSummary
from app.domain.server_answer import LookedUp, LookUpAnswer, LookUpWanted
from app.services.answers import Refusal
from app.services.desk import allowed, today
from app.services.ports import UnitOfWork
from app.services.shop import Shop

LISTED_MAX = 30


@dataclass(frozen=True, slots=True)
class SoldSale:
    """A sale as a row of a list. `staff_name` masked; `paid_back`: what refunds of it gave."""

    sale_id: OpId
    receipt_code: str
    number: int
    """The sale's number of its day."""
    business_day: date
    sold_ms: int
    staff_name: str
    member_id: str | None
    due: Money
    line_count: int
    paid_back: Money
    is_all_back: bool
    member_name: str = ""
    """Masked; empty for a walk-in, and for a member without a name."""


@dataclass(frozen=True, slots=True)
class DoneRefund:
    """A finished refund as a row: its receipt, when, by whom (masked), how much."""

    refund_id: OpId
    receipt_code: str
    business_day: date
    refunded_ms: int
    staff_name: str
    paid: Money


@dataclass(frozen=True, slots=True)
class SaleFound:
    """Something of this sale can still come back."""

    sale: SoldSale


@dataclass(frozen=True, slots=True)
class AllBackAlready:
    """Every piece of the sale came back: when and by whom stands in `refunds`."""

    sale: SoldSale
    refunds: tuple[DoneRefund, ...]


@dataclass(frozen=True, slots=True)
class IsARefund:
    """The receipt of a refund: what came back cannot come back again."""

    refund: DoneRefund
    sale_code: str


@dataclass(frozen=True, slots=True)
class NotSoldHere:
    """A sound receipt number that this till does not hold: of another till, or of an older life
    of this one. Only the return without a receipt is left (approval, no points).

    `why`: this shop has no head office to ask; it could not be asked now; it knows no such sale.
    """

    receipt_code: str
    number: ReceiptNumber
    why: Literal["alone", "offline", "unknown"] = "alone"


@dataclass(frozen=True, slots=True)
class SoldElsewhere:
    """Head office may know this sale, or what came back of it meanwhile: ask it, then find again
    with its answer."""

    wanted: LookUpWanted


@dataclass(frozen=True, slots=True)
class NotAReceipt:
    """Neither a receipt's code nor a number of a day. `misread`: a code with a wrong check."""

    text: str
    misread: bool


@dataclass(frozen=True, slots=True)
class NoSaleNumbered:
    """No sale has this number on that day."""

    number: int
    day: date


@dataclass(frozen=True, slots=True)
class SalesListed:
    """Newest first; empty where there are none."""

    sales: tuple[SoldSale, ...]


@dataclass(frozen=True, slots=True)
class SalesWanted:
    """Which sales to list: a member's, a day's (of exactly this amount), or the last ones."""

    member_id: str | None = None
    day: date | None = None
    due: Money | None = None


FindAnswer = (
    SaleFound
    | AllBackAlready
    | IsARefund
    | NotSoldHere
    | SoldElsewhere
    | NotAReceipt
    | NoSaleNumbered
    | Refusal
)

_NUMBER = re.compile(r"(?:(\d{4})-?(\d{2})-?(\d{2})[-/ ])?0*(\d{1,5})")


def find_sale(
    *, shop: Shop, work: UnitOfWork, text: str, looked_up: LookUpAnswer | None = None
) -> FindAnswer:
    """The sale of a scanned or typed receipt code, or of a number: "93", "20261120-93".

    `looked_up`: what the server said of a receipt of another till.
    """
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    code = parse_code(text.strip())
    if isinstance(code, Code) and code.kind is CodeKind.RECEIPT:
        return _by_code(shop, work, code, looked_up)
    number = _NUMBER.fullmatch(text.strip())
    if number is None:
        misread = isinstance(code, NotACode) and code.reason == "check"
        return NotAReceipt(text, misread)
    return _by_number(shop, work, number, text)


def list_sales(*, shop: Shop, work: UnitOfWork, wanted: SalesWanted) -> SalesListed | Refusal:
    """Sales to choose from. Changes nothing."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    if wanted.member_id is not None:
        found = work.sales.of_member(wanted.member_id, LISTED_MAX)
    elif wanted.day is not None:
        found = work.sales.of_day(wanted.day, wanted.due, LISTED_MAX)
    else:
        found = work.sales.latest(LISTED_MAX)
    return SalesListed(tuple(sold_sale(work=work, sale=sale) for sale in found))


def sold_where(*, shop: Shop, receipt_code: str) -> Literal["here", "store", "elsewhere"]:
    """Whether this till gave the receipt out, another one of this store, or one of another."""
    code, here = parse_code(receipt_code), shop.identity
    assert isinstance(code, Code), receipt_code
    number = receipt_number(code)
    if number.store != here.store_number:
        return "elsewhere"
    return "here" if number.till == here.till_number else "store"


def _by_code(
    shop: Shop, work: UnitOfWork, code: Code, looked_up: LookUpAnswer | None
) -> FindAnswer:
    where, is_fresh = sold_where(shop=shop, receipt_code=code.text), isinstance(looked_up, LookedUp)
    sale, refund = work.sales.by_receipt(code.text), work.refunds.by_receipt(code.text)
    # Nobody tells this store what comes back of another's sale: what is held of it may be old.
    is_told = where != "elsewhere" or is_fresh
    if sale is not None and is_told:
        return _found(work, sale)
    if refund is not None and is_told:
        return IsARefund(_done(work, refund), refund.sale_code)
    if looked_up is None and shop.server.contact().is_there:
        return SoldElsewhere(LookUpWanted(receipt=code.text))
    is_alone = work.enrolment.read() is None
    why: Literal["alone", "offline", "unknown"]
    why = "unknown" if is_fresh else "alone" if is_alone else "offline"
    return NotSoldHere(code.text, receipt_number(code), why)


def _by_number(shop: Shop, work: UnitOfWork, number: re.Match[str], text: str) -> FindAnswer:
    year, month, day, sequence = number.groups()
    try:
        on = date(int(year), int(month), int(day)) if year else None
    except ValueError:
        return NotAReceipt(text, misread=False)
    on = on or today(shop.desk.state.program, shop.now())
    sale = work.sales.by_sequence(on, int(sequence))
    return _found(work, sale) if sale is not None else NoSaleNumbered(int(sequence), on)


def _found(work: UnitOfWork, sale: SaleSummary) -> SaleFound | AllBackAlready:
    row = sold_sale(work=work, sale=sale)
    return (
        AllBackAlready(row, done_refunds(work=work, sale_id=sale.sale_id))
        if row.is_all_back
        else SaleFound(row)
    )


def sold_sale(*, work: UnitOfWork, sale: SaleSummary) -> SoldSale:
    """A sale as a row, with what came back of it."""
    refunds = work.refunds.of_sale(sale.sale_id)
    code = parse_code(sale.receipt_code)
    assert isinstance(code, Code), sale.receipt_code
    return SoldSale(
        sale_id=sale.sale_id,
        receipt_code=sale.receipt_code,
        number=receipt_number(code).sequence,
        business_day=sale.business_day,
        sold_ms=sale.sold_ms,
        staff_name=staff_name(work=work, staff_id=sale.staff_id),
        member_id=sale.member_id,
        due=sale.due,
        line_count=sale.line_count,
        paid_back=total(refund.paid for refund in refunds),
        is_all_back=any(refund.last_piece for refund in refunds),
        member_name=_member_name(work, sale.member_id),
    )


def done_refunds(*, work: UnitOfWork, sale_id: OpId) -> tuple[DoneRefund, ...]:
    """The refunds of a sale, oldest first."""
    return tuple(_done(work, refund) for refund in work.refunds.of_sale(sale_id))


def _done(work: UnitOfWork, refund: Refund) -> DoneRefund:
    return DoneRefund(
        refund.refund_id,
        refund.receipt_code,
        refund.business_day,
        refund.refunded_ms,
        staff_name(work=work, staff_id=refund.staff_id),
        refund.paid,
    )


def _member_name(work: UnitOfWork, member_id: str | None) -> str:
    member = work.members.get(member_id) if member_id is not None else None
    return masked_name(member.person.name) if member is not None else ""


def staff_name(*, work: UnitOfWork, staff_id: str) -> str:
    """Somebody who works here, masked; empty where he is not known (any more)."""
    person = work.staff.get(staff_id)
    return masked_name(person.name) if person is not None else ""
