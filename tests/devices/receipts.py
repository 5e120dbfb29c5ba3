"""Receipts for tests: the story of the shop's pictures, and a strategy for any receipt."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from hypothesis import strategies as st

from app.domain.codes import CodeKind, ReceiptNumber, masked, random_code, receipt_code
from app.domain.payment import TenderKind
from app.domain.receipt import (
    ExpiringPoints,
    Receipt,
    ReceiptAdjustment,
    ReceiptGift,
    ReceiptLine,
    ReceiptMember,
    ReceiptStore,
    ReceiptTax,
    ReceiptTender,
    TierDistance,
    TierReached,
)
from app.domain.refund_receipt import RefundReceipt, RefundReceiptLine, RefundReceiptMember

CODE = receipt_code(ReceiptNumber(store=1, till=2, epoch=1, day=date(2026, 11, 21), sequence=187))
MEMBER_CODE = random_code(CodeKind.MEMBER, 0x7A3_51C2_9E0F_44B1 & (2**60 - 1))
WORDS = {
    "zh_CN": ("金卡 8.8折", "会员日特价", "优惠券 满150减15", "金卡"),
    "en": ("Gold 12% off", "Member day special", "Coupon 15 off 150", "Gold"),
}
NAMES = {
    "zh_CN": ("纯牛奶250ml×12", "红富士苹果", "纯棉毛巾34×74", "特级初榨橄榄油500ml"),
    "en": (
        "Whole milk 250ml x12",
        "Fuji apples",
        "Cotton towel 34x74",
        "Extra virgin olive oil 500ml",
    ),
}


def a_receipt(language: str = "zh_CN", **changes: Any) -> Receipt:
    """Four lines for a gold member: 177.58 list, 136.43 after offers, 113.40 due in cash."""
    tier, special, coupon, tier_name = WORDS[language]
    store = "人民路店" if language == "zh_CN" else "Renmin Road"
    lines = tuple(
        ReceiptLine(
            name=name,
            quantity=quantity,
            unit=unit,
            unit_price_minor=price,
            list_minor=listed,
            net_minor=net,
            adjustments=(ReceiptAdjustment(words=words, amount_minor=off),),
        )
        for name, (quantity, unit, price, listed, net, words, off) in zip(
            NAMES[language],
            (
                ("1", "", 5900, 5900, 3889, tier, -708),
                ("0.842", "kg", 1280, 1078, 711, tier, -129),
                ("2", "", 1990, 3980, 2623, tier, -478),
                ("1", "", 6800, 6800, 4120, special, -1300),
            ),
            strict=True,
        )
    )
    receipt = Receipt(
        store=ReceiptStore(name=store, address="人民路 128 号" if language == "zh_CN" else ""),
        till="02",
        cashier="李*",
        code=CODE.text,
        sold_at="2026-11-21 18:03",
        zone="Asia/Shanghai",
        currency="CNY",
        languages=(language,),
        lines=lines,
        order_adjustments=(ReceiptAdjustment(words=coupon, amount_minor=-1500),),
        list_total_minor=17758,
        saved_minor=4118,
        points_off_minor=2300,
        total_minor=11343,
        round_off_minor=3,
        due_minor=11340,
        taxes=(
            ReceiptTax(rate="0.09", net_minor=8720, tax_minor=720),
            ReceiptTax(rate="0.13", net_minor=2623, tax_minor=302),
        ),
        tenders=(ReceiptTender(kind="cash", amount_minor=12000),),
        change_minor=660,
        member=ReceiptMember(
            card_masked="M••••4TPA",
            tier_name=tier_name,
            points_earned=340,
            points_spent=2300,
            points_balance=380,
            expiring=(ExpiringPoints(points=300, last_day="2026-11-30"),),
            next_tier=TierDistance(
                goal="keep",
                measure="spend",
                missing=15100,
                tier_name=tier_name,
                last_day="2026-12-31",
            ),
        ),
        return_days=7,
    )
    return msgspec.structs.replace(receipt, **changes)


def a_small_receipt(**changes: Any) -> Receipt:
    """A walk-in buys one bottle of water by mobile code; nothing else is on the paper."""
    receipt = Receipt(
        store=ReceiptStore(name="人民路店"),
        till="02",
        cashier="李*",
        code=CODE.text,
        sold_at="2026-11-21 18:05",
        zone="Asia/Shanghai",
        currency="CNY",
        languages=("zh_CN",),
        lines=(
            ReceiptLine(
                name="矿泉水550ml",
                quantity="1",
                unit_price_minor=200,
                list_minor=200,
                net_minor=200,
            ),
        ),
        list_total_minor=200,
        saved_minor=0,
        total_minor=200,
        due_minor=200,
        tenders=(ReceiptTender(kind="mobile", amount_minor=200, detail="微信"),),
    )
    return msgspec.structs.replace(receipt, **changes)


def a_receipt_of_long_names() -> Receipt:
    """Names of two and three lines, a rule with a long name, amounts of five figures."""
    long = "特级初榨橄榄油礼盒装(西班牙进口)500ml×2 瓶附赠木质礼盒与手提袋 Extra Virgin Gift Set"
    line = ReceiptLine(
        name=long,
        quantity="12",
        unit_price_minor=128800,
        list_minor=1545600,
        net_minor=1360100,
        adjustments=(
            ReceiptAdjustment(
                words="金卡会员日全场橄榄油与坚果礼盒专享特价活动", amount_minor=-185500
            ),
        ),
    )
    return a_small_receipt(
        lines=(line,),
        list_total_minor=1545600,
        saved_minor=185500,
        total_minor=1360100,
        due_minor=1360100,
        tenders=(ReceiptTender(kind="card", amount_minor=1360100, detail="**** 4242"),),
    )


def a_mixed_receipt() -> Receipt:
    """Both languages on one paper, with every optional row: tier reached, gift, copy, offline."""
    return a_receipt(
        languages=("zh_CN", "en"),
        copy=2,
        offline=True,
        training=True,
        gifts=(ReceiptGift(name="品鉴装 Olive Oil 30ml", quantity=1),),
        announcements=("12 月 1 日起,银卡门槛调整为 ¥18,000。",),
        store=ReceiptStore(
            name="人民路店 Renmin Road", address="人民路 128 号", phone="021-5555 0188"
        ),
        member=ReceiptMember(
            card_masked="M••••4TPA",
            tier_name="金卡 Gold",
            points_earned=340,
            points_spent=2300,
            points_balance=380,
            tier_reached=TierReached(tier_name="金卡 Gold", last_day="2027-11-30"),
        ),
    )


_TEXTS = st.text(
    st.one_of(
        st.sampled_from("纯牛奶苹果毛巾橄榄油特级初榨会员价金卡·，×¥￥（）"),
        st.characters(min_codepoint=32, max_codepoint=126),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)
_AMOUNTS = st.integers(-(10**9), 10**9)
_QUANTITIES = st.one_of(
    st.integers(1, 999).map(str),
    st.integers(1, 999_000).map(lambda n: f"{n // 1000}.{n % 1000:03d}"),
).filter(lambda text: text.strip("0.") != "")


@st.composite
def _adjustments(draw: st.DrawFn) -> tuple[ReceiptAdjustment, ...]:
    pairs = draw(st.lists(st.tuples(_TEXTS, _AMOUNTS), max_size=2))
    return tuple(ReceiptAdjustment(words=words, amount_minor=amount) for words, amount in pairs)


@st.composite
def _lines(draw: st.DrawFn) -> ReceiptLine:
    listed, adjustments = draw(_AMOUNTS), draw(_adjustments())
    return ReceiptLine(
        name=draw(_TEXTS),
        quantity=draw(_QUANTITIES),
        unit=draw(st.sampled_from(["", "kg", "千克"])),
        unit_price_minor=draw(_AMOUNTS),
        list_minor=listed,
        net_minor=listed + sum(adjustment.amount_minor for adjustment in adjustments),
        adjustments=adjustments,
    )


@st.composite
def _members(draw: st.DrawFn) -> ReceiptMember:
    points = st.integers(0, 10**7)
    return ReceiptMember(
        card_masked="M••••4TPA",
        tier_name=draw(_TEXTS),
        points_earned=draw(points),
        points_spent=draw(points),
        points_balance=draw(st.integers(-(10**6), 10**7)),
        expiring=tuple(
            ExpiringPoints(points=count, last_day="2026-11-30")
            for count in draw(st.lists(points, max_size=3))
        ),
        next_tier=draw(
            st.none()
            | st.builds(
                TierDistance,
                goal=st.sampled_from(["reach", "keep"]),
                measure=st.sampled_from(["spend", "visits", "points"]),
                missing=points,
                tier_name=_TEXTS,
                last_day=st.sampled_from(["", "2026-12-31"]),
            )
        ),
        tier_reached=draw(
            st.none() | st.builds(TierReached, tier_name=_TEXTS, last_day=st.just("2027-11-30"))
        ),
    )


@st.composite
def receipts(draw: st.DrawFn) -> Receipt:
    """Any receipt whose sums hold, with any text a product, a rule or a shop may carry."""
    lines = tuple(draw(st.lists(_lines(), max_size=6)))
    listed, total = sum(part.list_minor for part in lines), sum(part.net_minor for part in lines)
    due = total - (round_off := draw(st.integers(0, 9)))
    received = draw(st.integers(0, 10**9))
    kind: TenderKind = draw(st.sampled_from(["cash", "mobile", "card", "other"]))
    return Receipt(
        store=ReceiptStore(name=draw(_TEXTS), address=draw(_TEXTS), phone=draw(_TEXTS)),
        till=draw(_TEXTS),
        cashier=draw(_TEXTS),
        code=CODE.text,
        sold_at="2026-11-21 18:03",
        zone="Asia/Shanghai",
        currency=draw(st.sampled_from(["CNY", "USD", "CHF"])),
        languages=draw(st.sampled_from([("zh_CN",), ("en",), ("zh_CN", "en")])),
        lines=lines,
        list_total_minor=listed,
        saved_minor=listed - total,
        total_minor=total,
        round_off_minor=round_off,
        due_minor=due,
        taxes=(ReceiptTax(rate="0.065", net_minor=total, tax_minor=draw(_AMOUNTS)),),
        tenders=(ReceiptTender(kind=kind, amount_minor=due + received, detail=draw(_TEXTS)),),
        change_minor=received,
        member=draw(st.none() | _members()),
        announcements=tuple(draw(st.lists(_TEXTS, max_size=2))),
        return_days=draw(st.integers(0, 30)),
        copy=draw(st.integers(1, 3)),
        offline=draw(st.booleans()),
        training=draw(st.booleans()),
    )


def a_refund_receipt(language: str = "zh_CN", **changes: Any) -> RefundReceipt:
    """A towel and some apples back: by a card and in cash, points owed, a coupon back."""
    zh = language == "zh_CN"
    names = (NAMES[language][2], NAMES[language][1])
    reasons = ("质量问题", "不喜欢") if zh else ("Quality", "Not wanted")
    code = receipt_code(ReceiptNumber(store=1, till=2, epoch=1, day=date(2026, 11, 24), sequence=9))
    fields: dict[str, Any] = {
        "store": ReceiptStore(
            name="人民路店" if zh else "Renmin Road", address="人民路 118 号", phone="021-62180000"
        ),
        "till": "02",
        "cashier": "李*" if zh else "Li M.",
        "code": code.text,
        "sale_code": CODE.text,
        "sold_on": "2026-11-21",
        "refunded_at": "2026-11-24 10:12",
        "zone": "Asia/Shanghai",
        "currency": "CNY",
        "languages": (language,),
        "lines": (
            RefundReceiptLine(name=names[0], quantity="1", amount_minor=1821, reason=reasons[0]),
            RefundReceiptLine(
                name=names[1], quantity="0.3", unit="kg", amount_minor=342, reason=reasons[1]
            ),
        ),
        "worth_minor": 2163,
        "round_off_minor": 3,
        "kept_back_minor": 20,
        "taxes": (ReceiptTax(rate="0.13", net_minor=2163, tax_minor=249),),
        "paid_minor": 2140,
        "tenders": (
            ReceiptTender(kind="card", amount_minor=1000, detail="**** 4242"),
            ReceiptTender(kind="cash", amount_minor=1140),
        ),
        "coupons_back": 1,
        "member": RefundReceiptMember(
            card_masked=masked(MEMBER_CODE),
            points_taken=30,
            points_returned=100,
            points_kept=20,
            points_balance=-15,
            points_owed=15,
        ),
    }
    return RefundReceipt(**(fields | changes))
