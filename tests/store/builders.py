"""Builders that name only what matters: members, products, sales as a shop in Shanghai has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.codes import CodeKind, ReceiptNumber, random_code, receipt_code
from app.domain.ids import uuid7
from app.domain.member import Member, PersonalData
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.payment import Tender
from app.domain.product import Product
from app.domain.quantity import Quantity
from app.domain.quote import Adjustment
from app.domain.sale import Sale, SaleLine
from app.domain.settings import Identity
from app.domain.stored_fact import FactToAppend

IDENTITY = Identity(
    tenant="renmin", store_id="renmin-road", store_number=7, till_number=2, device="till-02"
)
DAY = date(2026, 11, 21)
START_MS = 1_795_228_320_000


def an_id(number: int) -> str:
    """A UUIDv7; a later number is a later id."""
    return uuid7(START_MS + number, number)


def a_card(number: int) -> str:
    return random_code(CodeKind.MEMBER, 10**15 + number).text


def a_member(number: int, name: str = "", phone: str | None = None, **other: object) -> Member:
    """Member `number`; the phone is given without +86."""
    person = PersonalData(phone=None if phone is None else f"+86{phone}", name=name)
    member = Member(an_id(number), a_card(number), date(2026, 1, 5), person)
    return replace(member, **other)  # type: ignore[arg-type]  # the fields are the caller's


def a_product(sku: str, name: str, price: int = 590, *codes: str, **other: object) -> Product:
    product = Product(sku, name, "grocery", Money(price), codes)
    return replace(product, **other)  # type: ignore[arg-type]  # as above


def a_fact(number: int, *member_ids: str, data: bytes | None = None) -> FactToAppend:
    moment = Moment(START_MS + number, 1_000 + number, "boot-1")
    content = b'{"kind":"SaleRecorded"}' if data is None else data
    return FactToAppend(an_id(number), "SaleRecorded", member_ids, DAY, moment, content)


def a_sale(number: int, member_id: str | None = None, day: date = DAY) -> Sale:
    """Milk and apples: a tier discount on the milk, a coupon over both, paid in two parts."""
    tier = Adjustment("tier:gold", "7", "tier", Money(-295), (("1", Money(-295)),))
    shares = (("1", Money(-419)), ("2", Money(-81)))
    coupon = Adjustment("60-5", "7", "coupon", Money(-500), shares, "C1", chosen_by_hand=True)
    lines = (
        SaleLine(
            1, "1", "milk", "纯牛奶 250ml×12", Quantity(1000), Money(5900), Money(5186),
            Money(428), 51, 0, None, (tier,),
        ),
        SaleLine(
            2, "2", "apple", "苹果", Quantity(842), Money(1078), Money(997), Money(82), 9, 0,
        ),
    )  # fmt: skip
    number_on_receipt = ReceiptNumber(7, 2, 1, day, number)
    return Sale(
        sale_id=an_id(number),
        receipt_code=receipt_code(number_on_receipt).text,
        sequence=number,
        business_day=day,
        sold_ms=START_MS + number,
        staff_id="li",
        program_id="default",
        program_version="7",
        lines=lines,
        order_adjustments=(coupon,),
        tenders=(
            Tender("mobile", Money(6000), Money(6000), attempt_id="a1", reference="T-1"),
            Tender("cash", Money(180), Money(500), Money(320)),
        ),
        total=Money(6183),
        list_total=Money(6978),
        tax=Money(510),
        round_off=Money(3),
        due=Money(6180),
        member_id=member_id,
        identified_by="card" if member_id else None,
        points_earned=60,
        points_redeemed=100 if member_id else 0,
        shift_id="shift-9",
    )
