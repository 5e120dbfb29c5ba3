"""Held sales: put aside for the next customer, taken back later, priced anew.

Owns: holding at once, taking back, the list, notes, giving one up, what a hand-over names. Does not
own: the records (app/domain/hold.py), voiding the open sale (void.py), prices.

A hold is the whole basket under its own id, so its sale is one however often it was put aside.
Hold and next basket are one transaction: a kill leaves the one or the other, never both. A basket
with money in it is never put aside: finish the sale, or give the money back first.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as replace_value
from datetime import date
from typing import Literal

from msgspec.structs import replace

from app.domain.hold import HeldSale, HoldEnd, HoldOutcome, PricesDiffer, difference, seen_prices
from app.domain.member import masked_phone
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.note import clean_note
from app.domain.open_basket import OpenBasket, OpenLine
from app.domain.payment import OPEN_STATES
from app.domain.shift import HeldAtHandover
from app.services.answers import PaymentUnderWay, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed, keep, may_change, requote, today
from app.services.ports import UnitOfWork
from app.services.reservation import forget_refusal
from app.services.seating import reseat
from app.services.shop import DeskState, Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class SaleHeld:
    """It is put aside; the till is empty for the next customer."""

    state: TillState
    hold_id: str


@dataclass(frozen=True, slots=True)
class NothingToHold:
    """The basket is empty."""


@dataclass(frozen=True, slots=True)
class HeldSummary:
    """One row of the list, newest first; figures as its customer was told them."""

    hold_id: str
    number: int
    held_ms: int
    pieces: int
    total: Money
    member_masked: str
    """His masked phone; empty for a walk-in and for who has none."""
    has_member: bool
    staff_name: str
    note: str
    overnight: bool


@dataclass(frozen=True, slots=True)
class SaleRecalled:
    """It is on the till again, priced as of now. Say what is different before going on."""

    state: TillState
    hold_id: str
    differs: PricesDiffer
    overnight: bool


@dataclass(frozen=True, slots=True)
class NothingHeld:
    """There is no held sale."""


@dataclass(frozen=True, slots=True)
class ChooseHold:
    """There are several: which one?"""

    holds: tuple[HeldSummary, ...]


@dataclass(frozen=True, slots=True)
class NoSuchHold:
    """No sale was ever held by this id."""

    hold_id: str


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """Somebody was faster: it was taken back to a till or given up already."""

    hold_id: str
    outcome: HoldOutcome
    staff_name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class BasketInTheWay:
    """There are goods on the till: hold them first, or finish the sale."""


RecallAnswer = (
    SaleRecalled | NothingHeld | ChooseHold | NoSuchHold | HoldEnded | BasketInTheWay | Refusal
)


def hold_sale(
    *, shop: Shop, work: UnitOfWork, note: str = ""
) -> SaleHeld | NothingToHold | Refusal:
    """Put the basket aside at once. Changes: held sales, the basket, audit."""
    refusal = may_change(shop)
    if refusal:
        return refusal
    now, state = shop.now(), shop.desk.state
    if state.basket.is_empty:
        return NothingToHold()
    if _waits_for_money(work, state.basket):
        return PaymentUnderWay()
    held = _held_sale(state, now, note)
    work.holds.add(held)
    details = {"lines": str(len(held.basket.lines)), "total": str(held.seen.total.minor)}
    record(shop=shop, work=work, now=now, act="sale_held", subject=held.hold_id, details=details)
    emptied = empty_till(shop=shop, state=state, now=now)
    after = replace_value(emptied, holds=work.holds.count_open())
    return SaleHeld(keep(shop, work, after, now), held.hold_id)


def _waits_for_money(work: UnitOfWork, basket: OpenBasket) -> bool:
    """Whether a payment that was set aside may still turn out to be taken."""
    attempts = work.payments.of_basket(basket.basket_id)
    return any(attempt.state in OPEN_STATES for attempt in attempts)


def _held_sale(state: DeskState, now: Moment, note: str) -> HeldSale:
    return HeldSale(
        hold_id=state.basket.basket_id,
        held_ms=now.wall_ms,
        business_day=today(state.program, now),
        staff_id=state.staff.staff_id if state.staff is not None else "",
        pieces=sum(_pieces_of(line) for line in state.basket.lines),
        seen=seen_prices(state.quote, _names(state)),
        basket=replace(state.basket, undo=()),
        note=clean_note(note),
    )


def _pieces_of(line: OpenLine) -> int:
    by_weight = line.goods is not None and line.goods.weighed
    return 1 if by_weight or not line.quantity.is_pieces else line.quantity.pieces


def _names(state: DeskState) -> dict[str, str]:
    names = {line.line_id: line.goods.name for line in state.basket.lines if line.goods}
    for line in state.quote.lines:
        gift = state.gifts.get(line.sku)
        if line.line_id not in names and gift is not None:
            names[line.line_id] = gift.name
    return names


def empty_till(*, shop: Shop, state: DeskState, now: Moment) -> DeskState:
    """The state with a new, empty basket and nobody on it. Nothing of it can be undone."""
    basket = OpenBasket(basket_id=shop.op_id(now), opened_ms=now.wall_ms)
    return requote(shop, replace_value(state, basket=basket, seat=None, attempt=None), now)


def held_sales(*, shop: Shop, work: UnitOfWork) -> tuple[HeldSummary, ...]:
    """All that are held, newest first, for the list."""
    day = today(shop.desk.state.program, shop.now())
    return tuple(
        _summary(work, held, number, day)
        for number, held in enumerate(work.holds.open_holds(), start=1)
    )


def _summary(work: UnitOfWork, held: HeldSale, number: int, day: date) -> HeldSummary:
    on_it = held.basket.member
    member = work.members.get(on_it.member_id) if on_it is not None else None
    phone = member.person.phone if member is not None else None
    return HeldSummary(
        hold_id=held.hold_id,
        number=number,
        held_ms=held.held_ms,
        pieces=held.pieces,
        total=held.seen.total,
        member_masked=masked_phone(phone) if phone else "",
        has_member=member is not None,
        staff_name=_name_of(work, held.staff_id),
        note=held.note,
        overnight=held.is_overnight(day),
    )


def _name_of(work: UnitOfWork, staff_id: str) -> str:
    person = work.staff.get(staff_id)
    return person.name if person is not None else ""


def holds_at_handover(*, work: UnitOfWork) -> tuple[HeldAtHandover, ...]:
    """Held sales as the hand-over names them, newest first."""
    return tuple(
        HeldAtHandover(held.hold_id, held.held_ms, held.staff_id, held.pieces, held.seen.total)
        for held in work.holds.open_holds()
    )


def recall_sale(*, shop: Shop, work: UnitOfWork, hold_id: str | None = None) -> RecallAnswer:
    """Take a held sale back to the till; None = the only one there is, directly.

    Goods, prices and offers are those of now. Changes: held sales, the basket, audit.
    """
    refusal = may_change(shop)
    if refusal:
        return refusal
    if not shop.desk.state.basket.is_empty:
        return BasketInTheWay()
    if hold_id is None:
        chosen = _only_one(shop, work)
        if not isinstance(chosen, str):
            return chosen
        hold_id = chosen
    held = open_hold(work=work, hold_id=hold_id)
    return _recalled(shop, work, held) if isinstance(held, HeldSale) else held


def _only_one(shop: Shop, work: UnitOfWork) -> str | NothingHeld | ChooseHold:
    holds = held_sales(shop=shop, work=work)
    if len(holds) == 1:
        return holds[0].hold_id
    return ChooseHold(holds) if holds else NothingHeld()


def open_hold(*, work: UnitOfWork, hold_id: str) -> HeldSale | NoSuchHold | HoldEnded:
    """The held sale, where nobody has taken it back yet."""
    held = work.holds.get(hold_id)
    if held is None:
        return NoSuchHold(hold_id)
    if held.end is None:
        return held
    return HoldEnded(hold_id, held.end.outcome, _name_of(work, held.end.by), held.end.at_ms)


def _recalled(shop: Shop, work: UnitOfWork, held: HeldSale) -> SaleRecalled:
    now, state = shop.now(), shop.desk.state
    by = state.staff.staff_id if state.staff is not None else ""
    work.holds.end(held.hold_id, HoldEnd("recalled", by, now.wall_ms))
    lines = tuple(_as_of_now(work, line) for line in held.basket.lines)
    wanted = replace_value(
        state, basket=replace(held.basket, lines=lines), holds=work.holds.count_open()
    )
    forget_refusal(work=work, sale_id=held.basket.basket_id)
    fresh = requote(shop, reseat(shop, work, wanted, now), now)
    differs = difference(held.seen, seen_prices(fresh.quote, _names(fresh)))
    overnight = held.is_overnight(today(fresh.program, now))
    details = {
        "before": str(differs.before.minor),
        "after": str(differs.after.minor),
        "overnight": str(overnight),
    }
    record(
        shop=shop, work=work, now=now, act="sale_recalled", subject=held.hold_id, details=details
    )
    return SaleRecalled(keep(shop, work, fresh, now), held.hold_id, differs, overnight)


def _as_of_now(work: UnitOfWork, line: OpenLine) -> OpenLine:
    """The line as the catalogue has its goods today. What a scale or somebody priced stays."""
    goods = line.goods
    if goods is None or line.label_price or goods.given is not None:
        return line
    product = work.products.get(goods.sku)
    problem: Literal["inactive", "no_price"] = "inactive"
    if product is not None and product.active and product.unit_price is not None:
        fresh = replace_value(
            goods,
            name=product.name,
            category=product.category,
            unit_price=product.unit_price,
            member_price=product.member_price,
            tax_rate=product.tax_rate,
        )
        return replace(line, goods=fresh)
    if product is not None and product.active:
        problem = "no_price"
    return replace(line, goods=None, problem=problem)


@dataclass(frozen=True, slots=True)
class HoldNoted:
    """The note stands beside the held sale, as it was kept."""

    hold_id: str
    note: str


def note_hold(
    *, shop: Shop, work: UnitOfWork, hold_id: str, note: str
) -> HoldNoted | NoSuchHold | HoldEnded | Refusal:
    """Say a few words about a held sale ("gone for eggs"). Changes: held sales."""
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    held = open_hold(work=work, hold_id=hold_id)
    if not isinstance(held, HeldSale):
        return held
    work.holds.put_note(hold_id, clean_note(note))
    return HoldNoted(hold_id, clean_note(note))
