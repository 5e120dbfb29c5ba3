"""The basket file of `main.py quote`: JSON read strictly, as a contract with other programs.

Owns: the shape of the input, and the path of whatever does not fit. Does not own: the answer
(quote.py), pricing. Amounts, quantities and rates are decimal strings; a number is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from app.domain.basket import Basket, BasketChoices, BasketLine
from app.domain.money import Money, parse_amount, total
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.program import Program
from app.domain.quantity import Quantity, parse_quantity
from app.domain.tiers import WINDOW_MONTHS
from app.domain.view import AccountView, HeldCoupon, IdentifiedBy

Whole = Annotated[int, Meta(ge=0, le=10**9)]
Id = Annotated[str, Meta(min_length=1, max_length=200)]
Value = TypeVar("Value")


class _Strict(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class LineIn(_Strict, frozen=True):
    """One line of the input."""

    id: Id
    sku: Id
    name: str
    category: str
    unit_price: str
    quantity: str
    member_price: str | None = None
    tax_rate: str | None = None


class PointsIn(_Strict, frozen=True):
    """Points and the month (or last day) they live to."""

    points: Whole
    expires: str


class CouponIn(_Strict, frozen=True):
    """A coupon the member holds."""

    id: Id
    offer: Id
    issued: date


class MemberIn(_Strict, frozen=True):
    """The member as the caller knows him."""

    tier: Id
    joined: date
    birthday: str | None = None
    identified_by: IdentifiedBy = "card"
    points: tuple[PointsIn, ...] = ()
    spend_by_month: Mapping[str, str] = msgspec.field(default_factory=dict)
    visits: Whole = 0
    coupons: tuple[CouponIn, ...] = ()


class BasketIn(_Strict, frozen=True):
    """The whole input."""

    at: str
    store: str
    lines: tuple[LineIn, ...]
    member: MemberIn | None = None
    codes: tuple[str, ...] = ()
    redeem_points: Whole | Literal["max"] = 0
    use_coupons: Literal["best"] | tuple[str, ...] = "best"
    tender: Literal["cash", "other"] = "other"


class BadInput(Exception):
    """The input cannot be priced: where, and what is wrong there."""

    def __init__(self, path: str, said: str) -> None:
        super().__init__(f"{path}: {said}" if path else said)
        self.path = path


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be priced."""

    basket: Basket
    view: AccountView | None
    at: datetime
    store: str
    identified_by: IdentifiedBy
    is_cash: bool


def read_basket(content: bytes, program: Program) -> Asked:
    """Read a basket file for a program. Raises BadInput, which names the path."""
    try:
        given = msgspec.json.decode(content, type=BasketIn)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `")
        raise BadInput(place.rstrip("`").removeprefix("$").removeprefix("."), said) from error
    except msgspec.DecodeError as error:
        raise BadInput("", str(error)) from error
    at = _moment(given.at, program)
    view = None if given.member is None else _view(given.member, program, at.date())
    lines = tuple(_line(f"lines[{i}]", line, program) for i, line in enumerate(given.lines))
    _distinct("lines", [line.line_id for line in lines])
    by_hand = None if isinstance(given.use_coupons, str) else given.use_coupons
    choices = BasketChoices(coupons=by_hand, codes=given.codes, redeem_points=given.redeem_points)
    return Asked(
        basket=Basket(lines, choices),
        view=view,
        at=at,
        store=given.store,
        identified_by="card" if given.member is None else given.member.identified_by,
        is_cash=given.tender == "cash",
    )


def _moment(text: str, program: Program) -> datetime:
    """The time in the shop's zone."""
    at = _read(
        "at", text, datetime.fromisoformat, "an ISO time with a zone, 2026-11-20T18:02+08:00"
    )
    if at.tzinfo is None:
        raise BadInput("at", f"{text!r} has no time zone; write it as 2026-11-20T18:02:00+08:00")
    return at.astimezone(ZoneInfo(program.timezone))


def _read(path: str, text: str, reader: Callable[[str], Value], wanted: str) -> Value:
    try:
        return reader(text)
    except (ValueError, ArithmeticError) as error:
        raise BadInput(path, f"{text!r} is not {wanted}") from error


def _distinct(path: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(ids):
        if name in seen:
            raise BadInput(f"{path}[{index}].id", f"{name!r} stands here twice")
        seen.add(name)


# ------------------------------------------------------------------ figures


def _amount(path: str, text: str, program: Program) -> Money:
    amount = parse_amount(text, program.prices.decimals)
    if not isinstance(amount, Money):
        raise BadInput(path, f"{text!r} is not an amount of this currency ({amount.reason})")
    if amount.minor < 0:
        raise BadInput(path, f"{text!r} is below zero")
    return amount


def _quantity(path: str, text: str) -> Quantity:
    quantity = parse_quantity(text)
    if not isinstance(quantity, Quantity):
        raise BadInput(path, f"{text!r} is not a quantity ({quantity.reason})")
    return quantity


def _rate(path: str, text: str) -> Decimal:
    whole, _, fraction = text.partition(".")
    rate = Decimal(text) if (whole + fraction).isdecimal() and text.isascii() and whole else None
    if rate is None or rate > 1:
        raise BadInput(path, f"{text!r} is not a fraction from 0 to 1, such as 0.13")
    return rate


def _line(path: str, line: LineIn, program: Program) -> BasketLine:
    if line.id.startswith("gift:"):
        raise BadInput(f"{path}.id", "ids of gifts (gift:...) are given by the till")
    member_price = line.member_price
    return BasketLine(
        line_id=line.id,
        sku=line.sku,
        name=line.name,
        category=line.category,
        unit_price=_amount(f"{path}.unit_price", line.unit_price, program),
        quantity=_quantity(f"{path}.quantity", line.quantity),
        member_price=None
        if member_price is None
        else _amount(f"{path}.member_price", member_price, program),
        tax_rate=None if line.tax_rate is None else _rate(f"{path}.tax_rate", line.tax_rate),
    )


# ------------------------------------------------------------------ the member


def _view(member: MemberIn, program: Program, today: date) -> AccountView:
    if member.tier not in [tier.id for tier in program.tiers]:
        known = ", ".join(tier.id for tier in program.tiers)
        raise BadInput("member.tier", f"there is no tier {member.tier!r}; there are {known}")
    _distinct("member.coupons", [coupon.id for coupon in member.coupons])
    spend = _spend(member, program)
    month = Month.of(today)
    return AccountView(
        member_id="quoted",
        tier=member.tier,
        joined=member.joined,
        birthday=None if member.birthday is None else _birthday(member.birthday),
        buckets=_buckets(member.points, today),
        spend_by_month=spend,
        spend_in_window=total(
            amount for when, amount in spend.items() if 0 <= month.minus(when) <= WINDOW_MONTHS
        ),
        visits=member.visits,
        visits_in_window=member.visits,
        coupons=tuple(_coupon(coupon, program) for coupon in member.coupons),
    )


def _birthday(text: str) -> tuple[int, int]:
    wanted = "a day of the year, such as 02-29"
    day = _read("member.birthday", f"2024-{text}", date.fromisoformat, wanted)
    return day.month, day.day


def _buckets(points: Sequence[PointsIn], today: date) -> tuple[PointsBucket, ...]:
    """What is alive today; a month lives to its last day, a date to that day."""
    buckets: dict[Month, int] = {}
    for index, bucket in enumerate(points):
        path, wanted = f"member.points[{index}].expires", "a month such as 2026-12, or its last day"
        is_month = len(bucket.expires) == 7
        if is_month:
            month = _read(path, bucket.expires, Month.parse, wanted)
            last = month.last_day
        else:
            last = _read(path, bucket.expires, date.fromisoformat, wanted)
            month = Month.of(last)
        if last >= today and bucket.points:
            buckets[month] = buckets.get(month, 0) + bucket.points
    return tuple(PointsBucket(month, Points(count)) for month, count in sorted(buckets.items()))


def _spend(member: MemberIn, program: Program) -> dict[Month, Money]:
    spend = {}
    for text, amount in member.spend_by_month.items():
        path = f"member.spend_by_month.{text}"
        month = _read(path, text, Month.parse, "a month such as 2026-11")
        spend[month] = _amount(path, amount, program)
    return spend


def _coupon(coupon: CouponIn, program: Program) -> HeldCoupon:
    offer = program.offer(coupon.offer)
    days = None if offer is None else offer.coupon_days
    expires = None if days is None else coupon.issued + timedelta(days=days)
    return HeldCoupon(coupon.id, coupon.offer, coupon.issued, expires)
