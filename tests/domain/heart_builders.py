"""Builders for the tests of facts, accounts and views: a small shop's program, sales, refunds.

Owns: values that name only what matters to a test. Does not own: pricing's builders.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from app.domain import effects as do
from app.domain import program as pg
from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.codes import CodeKind, ReceiptNumber, random_code, receipt_code
from app.domain.facts import (
    FactLine,
    FactTender,
    ProgramRef,
    RefundedPieces,
    RefundRecorded,
    ReturnedGoods,
    ReturnRecorded,
    SaleRecorded,
)
from app.domain.ids import uuid7
from app.domain.moment import Moment
from app.domain.money import ZERO, Money
from app.domain.pieces import Interval, undone, worth
from app.domain.quantity import Quantity, pieces
from app.domain.quote import Quote, QuoteLine, TaxRow
from app.domain.receipt import Receipt, ReceiptLine, ReceiptStore, ReceiptTender
from app.domain.refund_receipt import RefundReceipt, RefundReceiptLine
from app.domain.view import AccountView, view

MEMBER = "0197c2a0-0000-7000-8000-00000000a001"
FRIEND = "0197c2a0-0000-7000-8000-00000000a002"
STORE = "renmin-road"
NOON_MS = 1_780_000_000_000


def op(number: int) -> str:
    """The op_id of the n-th operation: sorts by number."""
    return uuid7(NOON_MS + number, number)


def coupons(start: int = 1) -> Iterator[str]:
    """Fresh coupon codes."""
    return (random_code(CodeKind.COUPON, number).text for number in count(start))


def words(text: str) -> pg.Text:
    return pg.Text(zh=text, en=text)


def coupon_offer(offer_id: str, days: int | None = 30) -> pg.Offer:
    return pg.Offer(
        id=offer_id,
        name=words(offer_id),
        effect=pg.AmountOff(amount="5.00"),
        trigger="coupon",
        coupon_days=days,
    )


def a_program(**changes: Any) -> pg.Program:
    """Three tiers by spend, with every gift that the heart knows."""
    tiers = (
        pg.Tier(id="regular", name=words("普通")),
        pg.Tier(
            id="silver",
            name=words("银卡"),
            qualify=pg.Qualify(spend="20000.00"),
            tier_up_offers=("silver-gift",),
            entitlements=(
                pg.Entitlement(id="parking", name=words("停车"), count=2),
                pg.Entitlement(id="tasting", name=words("品鉴"), count=1, period="year"),
                pg.Entitlement(id="lounge", name=words("休息室"), count=1, period="day"),
                pg.Entitlement(id="tour", name=words("参观"), count=1, period="once"),
            ),
        ),
        pg.Tier(
            id="gold",
            name=words("金卡"),
            qualify=pg.Qualify(spend="50000.00"),
            points_months=24,
            tier_up_offers=("gold-gift",),
        ),
    )
    fields: dict[str, Any] = {
        "schema": 1,
        "id": "renmin",
        "version": "2026.1",
        "name": words("会员规则"),
        "announced": date(2025, 1, 1),
        "effective": date(2025, 2, 1),
        "tiers": tiers,
        "offers": tuple(
            coupon_offer(name) for name in ("welcome", "birthday", "silver-gift", "gold-gift")
        ),
        "check_in": pg.CheckIn(),
        "referral": pg.Referral(),
        "welcome": pg.Welcome(points=50, offers=("welcome",)),
        "birthday": pg.BirthdayGift(points=100, offers=("birthday",)),
    }
    return pg.Program(**(fields | changes))


def moment(wall_ms: int = NOON_MS, monotonic_ms: int = 5_000, boot: str = "boot-1") -> Moment:
    return Moment(wall_ms, monotonic_ms, boot, None)


def a_line(line_id: str = "1", **changes: Any) -> FactLine:
    fields: dict[str, Any] = {
        "line_id": line_id,
        "sku": f"sku-{line_id}",
        "quantity_thousandths": 3000,
        "unit_price_minor": 1990,
        "list_minor": 5970,
        "net_minor": 5970,
        "tax_rate": "0.13",
        "points_earned": 59,
    }
    return FactLine(**(fields | changes))


def a_receipt(lines: Iterable[FactLine], code: str = "") -> Receipt:
    shown = tuple(
        ReceiptLine(
            name=f"纯牛奶 {line.line_id}",
            quantity=str(Decimal(line.quantity_thousandths) / 1000),
            unit_price_minor=line.unit_price_minor,
            list_minor=line.net_minor,
            net_minor=line.net_minor,
        )
        for line in lines
    )
    total = sum(line.net_minor for line in shown)
    return Receipt(
        store=ReceiptStore(name="人民路店"),
        till="收银机02",
        cashier="李*",
        code=code or receipt_code(ReceiptNumber(1, 2, 1, date(2026, 11, 21), 187)).text,
        sold_at="2026-11-21 18:02",
        zone="Asia/Shanghai",
        currency="CNY",
        languages=("zh_CN",),
        lines=shown,
        list_total_minor=total,
        saved_minor=0,
        total_minor=total,
        due_minor=total,
        tenders=(ReceiptTender(kind="cash", amount_minor=total),),
    )


def a_sale(number: int = 1, day: date = date(2026, 11, 21), **changes: Any) -> SaleRecorded:
    """A sale with consistent sums and the effects its numbers ask for."""
    lines: tuple[FactLine, ...] = changes.pop("lines", (a_line(),))
    earned = sum(line.points_earned for line in lines)
    spent = sum(line.points_spent for line in lines)
    total = sum(line.net_minor for line in lines)
    on_top = 0 if changes.get("tax_inclusive", True) else sum(line.tax_minor for line in lines)
    paid = total + on_top - changes.get("round_off_minor", 0)
    expires_in = changes.get("earned_expires_in", 12)
    usable_in = changes.get("earned_usable_in_days")
    effects: list[do.Effect] = [
        do.Visited(spend_minor=total, points_earned=earned, points_spent=spent)
    ]
    if usable_in is None and earned:
        effects.append(do.Gained(points=earned, expires_in=expires_in))
    elif usable_in is not None and earned:
        effects.append(do.HeldGain(points=earned, expires_in=expires_in, usable_in_days=usable_in))
    if spent:
        effects.append(do.Taken(points=spent))
    effects += [do.CouponUsed(coupon=each) for each in changes.get("coupons_used", ())]
    fields: dict[str, Any] = {
        "op_id": op(number),
        "store": STORE,
        "day": day,
        "clock": moment(),
        "staff": "staff-li",
        "member": MEMBER,
        "effects": (*effects, *changes.pop("more_effects", ())),
        "code": receipt_code(ReceiptNumber(1, 2, 1, day, number)).text,
        "program": ProgramRef("renmin", "2026.1"),
        "lines": lines,
        "tenders": (FactTender(kind="cash", amount_minor=paid),),
        "total_minor": total,
        "list_total_minor": sum(line.list_minor for line in lines),
        "points_earned": earned,
        "points_spent": spent,
        "earned_expires_in": expires_in,
        "identified_by": "card",
        "receipt": a_receipt(lines),
    }
    return SaleRecorded(**(fields | changes))


def a_refund(
    number: int,
    sale: SaleRecorded,
    intervals: Iterable[Interval],
    day: date,
    already: Iterable[Interval] = (),
    **changes: Any,
) -> RefundRecorded:
    """A refund of pieces with the effects the domain gives it."""
    named = list(intervals)
    effect = undone(sale, named, list(already))
    money = sum(worth(sale, [each]).money_minor for each in named)
    fields: dict[str, Any] = {
        "op_id": op(number),
        "store": STORE,
        "day": day,
        "clock": moment(),
        "member": sale.member,
        "effects": (effect,),
        "code": receipt_code(ReceiptNumber(1, 2, 1, day, number)).text,
        "sale": sale.op_id,
        "sale_code": sale.code,
        "pieces": tuple(
            RefundedPieces(
                line=each.line,
                start=each.start,
                end=each.end,
                amount_minor=worth(sale, [each]).money_minor,
            )
            for each in named
        ),
        "last_piece": bool(effect.visits),
        "settled_minor": money,
        "tenders": (FactTender(kind="cash", amount_minor=money),) if money else (),
    }
    return RefundRecorded(**(fields | changes))


def a_return(
    number: int, sale: SaleRecorded, goods: Iterable[tuple[str, int]], day: date
) -> ReturnRecorded:
    """Goods (sku, thousandths) taken back at 19.90 each without the sale, whose number is known."""
    taken = tuple(
        ReturnedGoods(
            sku=sku, name=sku, quantity_thousandths=count, amount_minor=1990 * count // 1000
        )
        for sku, count in goods
    )
    money = sum(each.amount_minor for each in taken)
    code = receipt_code(ReceiptNumber(1, 3, 1, day, number)).text
    paper = RefundReceipt(
        store=ReceiptStore(name="人民路店"), till="收银机03", cashier="李*", code=code,
        refunded_at="2026-11-21 18:40", zone="Asia/Shanghai", currency="CNY",
        languages=("zh_CN",), worth_minor=money, round_off_minor=0, paid_minor=money,
        lines=tuple(RefundReceiptLine(name=each.name, quantity="1", amount_minor=each.amount_minor)
                    for each in taken),
        tenders=(ReceiptTender(kind="cash", amount_minor=money),),
    )  # fmt: skip
    return ReturnRecorded(
        op_id=op(number), store=STORE, day=day, clock=moment(), code=code, program=sale.program,
        goods=taken, sale_code=sale.code, tenders=(FactTender(kind="cash", amount_minor=money),),
        approved_by=("staff-wang",), receipt=paper,
    )  # fmt: skip


def item(number: int, day: date, *effects: do.Effect, member: str = MEMBER) -> FoldItem:
    return FoldItem(op(number), member, day, effects)


def of_fact(fact: Any, day: date | None = None) -> FoldItem:
    return FoldItem(fact.op_id, fact.member, day or fact.day, fact.effects)


def an_account(*items: FoldItem) -> MemberAccount:
    return fold(items)


def a_quote(*lines: QuoteLine, **changes: Any) -> Quote:
    total = sum(line.net.minor for line in lines)
    fields: dict[str, Any] = {
        "program_id": "renmin",
        "program_version": "2026.1",
        "lines": lines,
        "order_adjustments": (),
        "gifts": (),
        "tax": (TaxRow(Decimal("0.13"), Money(total), ZERO),),
        "not_applied": (),
        "total": Money(total),
        "points_redeemed": sum(line.points_spent for line in lines),
        "points_redeemed_amount": ZERO,
        "points_earned": sum(line.points_earned for line in lines),
        "points_redeemable": 0,
        "coupons_used": (),
        "tier": "regular",
        "tier_after": "regular",
    }
    return Quote(**(fields | changes))


def a_quote_line(line_id: str = "1", net: int = 5970, **changes: Any) -> QuoteLine:
    fields: dict[str, Any] = {
        "line_id": line_id,
        "sku": f"sku-{line_id}",
        "quantity": pieces(3),
        "list_amount": Money(net),
        "net": Money(net),
        "adjustments": (),
        "tax_rate": Decimal("0.13"),
        "tax": ZERO,
        "points_earned": net // 100,
        "points_spent": 0,
    }
    return QuoteLine(**(fields | changes))


def weight(thousandths: int) -> Quantity:
    return Quantity(thousandths)


PROGRAM = a_program()


def on(text: str) -> date:
    return date.fromisoformat(text)


def seen(as_of: str, *items: FoldItem, program: pg.Program = PROGRAM) -> AccountView:
    """What facts, folded, mean on a day."""
    return view(fold(items), program, on(as_of))
