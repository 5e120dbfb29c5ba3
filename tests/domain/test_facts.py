"""Facts: canonical bytes that never change, readers that never refuse, a chain that finds lies.

Owns: golden bytes of every fact type (tests/domain/golden), reading, size, chain.
Does not own: what facts do to accounts.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain import facts as ft
from app.domain.account import FoldItem, Mark
from app.domain.basket import Basket, BasketChoices, BasketLine
from app.domain.chain import GENESIS, Broken, Intact, chain_hash, verify_chain
from app.domain.money import Money
from app.domain.months import Month
from app.domain.payment import Tender
from app.domain.pieces import Interval
from app.domain.points import Points, PointsBucket
from app.domain.quantity import Quantity
from app.domain.quote import Adjustment
from app.domain.receipt import ReceiptAdjustment, ReceiptLine, ReceiptTender
from app.domain.sale_effects import SaleOutcome
from app.domain.sale_fact import (
    CLOSE_BYTES,
    WARN_BYTES,
    Full,
    NearlyFull,
    PaidBasket,
    Roomy,
    SaleMember,
    basket_room,
    rate_text,
    sale_fact,
)
from app.domain.view import AccountView, HeldCoupon
from tests.domain.heart_builders import (
    FRIEND,
    MEMBER,
    STORE,
    a_line,
    a_program,
    a_quote,
    a_quote_line,
    a_receipt,
    a_refund,
    a_sale,
    coupon_offer,
    moment,
    op,
    words,
)

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2026, 11, 21)
PROGRAM = ft.ProgramRef("renmin", "2026.1")


def _common(number: int, *effects: do.Effect, member: str = MEMBER) -> dict[str, Any]:
    return {
        "op_id": op(number),
        "store": STORE,
        "day": DAY,
        "clock": moment(),
        "staff": "staff-li",
        "member": member,
        "effects": effects,
    }


def _full_sale() -> ft.SaleRecorded:
    parts = (
        do.SpentPart(points=100, expires_in=0),
        do.SpentPart(points=100, expires_in=3, prolonged=True),
    )
    adjustment = ft.FactAdjustment(rule="silver-discount", kind="tier", amount_minor=-597)
    order = ft.FactAdjustment(
        rule="60-5", kind="coupon", amount_minor=-500, by_line=(("1", -300), ("2", -200)),
        coupon="C0000000000001", by_hand=True, version="2025.9",
    )  # fmt: skip
    lines = (
        a_line("1", category="dairy", member_price_minor=1890, points_spent=200, spent_from=parts,
               adjustments=(adjustment,), tax_minor=687),
        a_line("2", quantity_thousandths=842, weighed=True, points_price=True, gift_of="bogo"),
    )  # fmt: skip
    seen = ft.AsSeen(
        tier="regular", spend_window_minor=1_995_000, points_available=2340, visits=12,
        birthday_month=True,
        coupons=(ft.SeenCoupon(id="C0000000000001", offer="welcome", issued=date(2026, 11, 1),
                               expires=date(2026, 12, 1)),),
    )  # fmt: skip
    reached = do.TierReached(
        tier="silver", months=12, measure="spend", line=2_000_000, return_days=7
    )
    return a_sale(
        1, DAY, lines=lines, adjustments=(order,), seen=seen, coupons_used=("C0000000000001",),
        codes=("TEA50",), redeem_asked="max", refused=("60-8",), shift="shift-7",
        earned_usable_in_days=8, round_off_minor=3, tax=(
            ft.FactTax(tax_rate="0.13", net_minor=11_940, tax_minor=1374),
        ), more_effects=(reached,),
    )  # fmt: skip


SAMPLES: dict[str, Callable[[], ft.Fact]] = {
    "sale_recorded.1": _full_sale,
    "refund_recorded.1": lambda: a_refund(
        2, _full_sale(), [Interval("1", 0, 2)], DAY, coupons=("C0000000000001",)
    ),
    "member_joined.1": lambda: ft.MemberJoined(
        **_common(
            3,
            do.Joined(),
            do.ConsentGiven(consent="k1", purpose="membership", text_version="3", text_hash="ab"),
            do.OccasionGain(occasion="welcome", points=50, expires_in=12),
            do.CouponGiven(coupon="C1", offer="welcome", days=30, occasion="welcome"),
        ),
        card="M0000000000001",
        profile=ft.Sealed("key-1", b"\x00\x01", b"sealed"),
        claims=("hmac-of-the-phone",),
        referrer=FRIEND,
    ),
    "consent_changed.1": lambda: ft.ConsentChanged(
        **_common(4, do.ConsentsEnded(consents=("k1",))), channel="customer_display"
    ),
    "checked_in.1": lambda: ft.CheckedIn(
        **_common(5, do.CheckIn()), streak=3, program=PROGRAM
    ),
    "points_adjusted.1": lambda: ft.PointsAdjusted(
        **_common(6, do.Gained(points=20, expires_in=12), do.Taken(points=5)),
        reason="price tag was wrong",
        cause=op(1),
    ),
    "coupon_issued.1": lambda: ft.CouponIssued(
        **_common(7, do.CouponGiven(coupon="C2", offer="birthday")),
        why="birthday",
        program=PROGRAM,
    ),
    "coupon_returned.1": lambda: ft.CouponReturned(
        **_common(8, do.CouponBack(coupon="C1", sale=op(1), days=39)), sale=op(1)
    ),
    "tier_granted.1": lambda: ft.TierGranted(
        **_common(9, do.TierGiven(tier="gold", days=90)),
        reason_type="complaint",
        reason="短秤",
        evidence=("photo-1",),
    ),
    "tier_grant_revoked.1": lambda: ft.TierGrantRevoked(
        **_common(10, do.TierTaken(grant=op(9))), reason="given to the wrong member"
    ),
    "tier_reviewed.1": lambda: ft.TierReviewed(
        **_common(11, do.Reviewed(tier="regular", before="silver", months=12)),
        before="silver",
        after="regular",
        program=PROGRAM,
        spend_window_minor=1_200_000,
    ),
    "entitlement_used.1": lambda: ft.EntitlementUsed(
        **_common(12, do.EntitlementTicked(entitlement="parking")),
        entitlement="parking",
        program=PROGRAM,
    ),
    "pieces_settled.1": lambda: ft.PiecesSettled(
        **_common(
            13,
            do.Redone(
                sale=op(1), refund=op(2), spend_minor=1990, visits=-1,
                earned=(do.EarnedPart(points=20, expires_in=12, usable_in_days=8),),
                spent=(do.SpentPart(points=66, expires_in=0),),
            ),
        ),
        sale=op(1),
        refund=op(2),
        pieces=(ft.RefundedPieces(line="1", start=0, end=1, amount_minor=1990),),
    ),
    "sale_shared.1": lambda: ft.SaleShared(
        **_common(
            14, do.SaleShare(sale=op(1), points=117, expires_in=12, usable_in_days=8),
            member=FRIEND,
        ),
        sale=op(1),
        by_line=(("1", 70), ("2", 47)),
    ),
}  # fmt: skip


def test_every_fact_type_has_a_sample() -> None:
    assert {kind.__struct_config__.tag for kind in get_args(ft.Fact)} == set(SAMPLES)


@pytest.mark.parametrize("kind", SAMPLES)
def test_canonical_bytes_never_change(kind: str) -> None:
    """The files were written when the type was; a changed shape is a new type beside it."""
    written = (GOLDEN / f"{kind}.json").read_bytes()
    fact = SAMPLES[kind]()
    assert ft.canonical_bytes(fact) == written
    assert ft.read_fact(written) == fact


@pytest.mark.parametrize("kind", SAMPLES)
def test_bytes_hold_no_envelope_and_no_fraction_of_a_number(kind: str) -> None:
    def refuse(text: str) -> Any:
        raise AssertionError(f"{text} is no whole number")

    import json

    plain = json.loads((GOLDEN / f"{kind}.json").read_bytes(), parse_float=refuse)
    assert not {"tenant", "device", "epoch", "dseq", "hash", "chain_hash"} & set(plain)
    assert plain["op_id"]


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_head_of_every_fact_feeds_the_fold(kind: str) -> None:
    data = (GOLDEN / f"{kind}.json").read_bytes()
    fact, head = SAMPLES[kind](), ft.read_head(data)
    assert isinstance(head, ft.FactHead)
    assert (head.kind, head.effects) == (kind, fact.effects)
    mark = Mark("till-2", 1, 7)
    expected = FoldItem(fact.op_id, str(fact.member), DAY, fact.effects, mark)
    assert ft.fold_item(head, head.day, mark) == ft.fold_item(fact, DAY, mark) == expected


def test_a_walk_in_sale_concerns_no_member() -> None:
    assert ft.fold_item(a_sale(member=None), DAY) is None


def test_a_newer_kind_stays_opaque_and_its_readable_effects_count() -> None:
    data = (
        b'{"kind":"gift_card_sold.1","op_id":"x","day":"2026-11-21","member":"m",'
        b'"card":{"n":1},"effects":[{"do":"gain","points":5,"expires_in":12}]}'
    )
    fact = ft.read_fact(data)
    assert isinstance(fact, ft.UnknownFact)
    assert (fact.kind, fact.op_id, fact.member) == ("gift_card_sold.1", "x", "m")
    assert fact.head is not None
    assert fact.head.effects == (do.Gained(points=5, expires_in=12),)


def test_a_newer_version_with_effects_of_a_newer_kind_is_kept_without_them() -> None:
    data = b'{"kind":"sale_recorded.2","op_id":"x","day":"2026-11-21","effects":[{"do":"magic"}]}'
    assert ft.read_fact(data) == ft.UnknownFact(
        kind="sale_recorded.2", op_id="x", member=None, head=None
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "truncated", id="empty"),
        pytest.param(b"[]", "Expected `object`", id="not-an-object"),
        pytest.param(b'{"op_id":"x"}', "missing required field `kind`", id="no-kind"),
        pytest.param(b'{"kind":"checked_in.1","op_id":"x"}', "missing required field", id="short"),
        pytest.param(b'{"kind":"checked_in.1","op_id":7}', "$.op_id", id="path"),
    ],
)
def test_other_bytes_are_no_fact(data: bytes, reason: str) -> None:
    answer = ft.read_fact(data)
    assert isinstance(answer, ft.NotAFact)
    assert reason in answer.reason
    assert isinstance(ft.read_head(data), ft.NotAFact)


def test_a_receipt_that_does_not_add_up_is_no_fact() -> None:
    data = ft.canonical_bytes(a_sale()).replace(b'"due_minor":5970', b'"due_minor":5971')
    answer = ft.read_fact(data)
    assert isinstance(answer, ft.NotAFact)
    assert "due is 5970" in answer.reason


def test_a_fact_over_64_kib_is_never_written() -> None:
    lines = tuple(a_line(str(number), sku="x" * 900) for number in range(70))
    with pytest.raises(ft.FactTooLargeError, match="at most 65536"):
        ft.canonical_bytes(a_sale(lines=lines))


# ------------------------------------------------------------------ chain


def a_chain(count: int) -> list[tuple[int, bytes, bytes]]:
    links, head = [], GENESIS
    for dseq in range(1, count + 1):
        data = ft.canonical_bytes(a_sale(dseq))
        head = sha256(head + data).digest()
        links.append((dseq, data, head))
    return links


def test_an_untouched_chain_is_intact() -> None:
    links = a_chain(3)
    assert verify_chain(links) == Intact(3, links[-1][2])
    assert verify_chain(links[1:], start=links[0][2], first_dseq=2) == Intact(2, links[-1][2])
    assert verify_chain([]) == Intact(0, GENESIS)
    assert chain_hash(GENESIS, links[0][1]) == links[0][2]


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        pytest.param(lambda links: links[:1] + links[2:], Broken(2, "gap"), id="one-lost"),
        pytest.param(lambda links: [links[0], *links], Broken(2, "gap"), id="doubled"),
        pytest.param(
            lambda links: [links[0], (2, links[1][1] + b" ", links[1][2]), links[2]],
            Broken(2, "hash"), id="bytes-changed",
        ),
        pytest.param(
            lambda links: [(1, links[0][1], bytes(32)), *links[1:]], Broken(1, "hash"),
            id="hash-changed",
        ),
    ],
)  # fmt: skip
def test_a_harmed_chain_says_where(harm: Callable[[Any], Any], found: Broken) -> None:
    assert verify_chain(harm(a_chain(3))) == found


# ------------------------------------------------------------------ from the paid basket


def a_basket_line(line_id: str, **changes: Any) -> BasketLine:
    fields: dict[str, Any] = {
        "line_id": line_id, "sku": f"sku-{line_id}", "name": "纯牛奶 250ml×12",
        "category": "dairy", "unit_price": Money(1990), "quantity": Quantity(3000),
    }  # fmt: skip
    return BasketLine(**(fields | changes))


def a_paid_basket(**changes: Any) -> PaidBasket:
    tier = Adjustment("silver", "2026.1", "tier", Money(-100), (("1", Money(-100)),))
    coupon = Adjustment(
        "60-5", "2025.9", "coupon", Money(-500), (("1", Money(-500)),), "C1", chosen_by_hand=True
    )
    gift = a_quote_line("gift:bogo:1", net=0, gift_of="bogo", quantity=Quantity(1000))
    quote = a_quote(
        a_quote_line("1", adjustments=(tier,), tax_rate=Decimal("0.130"), points_spent=100),
        gift,
        order_adjustments=(coupon,),
        coupons_used=("C1",),
    )
    basket = Basket(
        (a_basket_line("1", member_price=Money(1890), weighed=True, use_points_price=True),),
        BasketChoices(codes=("TEA50",), redeem_points=100, refused=frozenset({"b", "a"})),
    )
    outcome = SaleOutcome(
        effects=(do.Visited(spend_minor=5970, points_earned=59, points_spent=100),),
        spent_from={"1": (do.SpentPart(points=100, expires_in=2),)},
        earned_expires_in=12,
        earned_usable_in_days=8,
        reached=None,
        coupons=(),
    )
    seen = AccountView(
        member_id=MEMBER, tier="silver", joined=DAY, birthday=(11, 3),
        buckets=(PointsBucket(Month.of(DAY), Points(300)),),
        coupons=(HeldCoupon("C1", "60-5", DAY, None),),
    )  # fmt: skip
    fields: dict[str, Any] = {
        "op_id": op(1), "store": STORE, "day": DAY, "clock": moment(), "staff": "staff-li",
        "code": "R1", "basket": basket, "quote": quote,
        "tenders": (
            Tender("cash", Money(3000), Money(5000), Money(2000)),
            Tender("card", Money(2970), Money(2970), attempt_id="a-1", reference="4242"),
        ),
        "receipt": a_receipt((a_line(),)), "program": a_program(),
        "member": SaleMember(seen, "card", outcome), "shift": "shift-7",
    }  # fmt: skip
    return PaidBasket(**(fields | changes))


def test_the_fact_of_a_member_sale_carries_everything() -> None:
    fact = sale_fact(a_paid_basket(round_off=Money(7)))
    assert ft.read_fact(ft.canonical_bytes(fact)) == fact
    line, gift = fact.lines
    assert (line.unit_price_minor, line.member_price_minor, line.weighed) == (1990, 1890, True)
    assert (line.pieces, line.tax_rate, line.points_price) == (3000, "0.13", True)
    assert line.spent_from == (do.SpentPart(points=100, expires_in=2),)
    assert line.adjustments == (ft.FactAdjustment(rule="silver", kind="tier", amount_minor=-100),)
    assert (gift.gift_of, gift.category, gift.pieces) == ("bogo", "", 1)
    assert fact.adjustments == (
        ft.FactAdjustment(
            rule="60-5", kind="coupon", amount_minor=-500, by_line=(("1", -500),),
            version="2025.9", coupon="C1", by_hand=True,
        ),
    )  # fmt: skip
    cash, card = fact.tenders
    assert (cash.received_minor, cash.change_minor) == (5000, 2000)
    assert (card.received_minor, card.attempt, card.reference) == (None, "a-1", "4242")
    assert (fact.member, fact.identified_by, fact.shift) == (MEMBER, "card", "shift-7")
    assert (fact.earned_expires_in, fact.earned_usable_in_days) == (12, 8)
    assert (fact.codes, fact.refused, fact.redeem_asked) == (("TEA50",), ("a", "b"), 100)
    assert fact.round_off_minor == 7
    assert fact.seen is not None
    assert fact.seen.birthday_month
    assert fact.seen.coupons[0].id == "C1"


def test_the_fact_of_a_walk_in_sale_has_no_member_and_no_effects() -> None:
    paid = a_paid_basket(member=None)
    choices = BasketChoices(redeem_points="max")
    fact = sale_fact(replace(paid, basket=replace(paid.basket, choices=choices)))
    assert (fact.member, fact.effects, fact.seen, fact.identified_by) == (None, (), None, None)
    assert (fact.points_earned, fact.earned_usable_in_days) == (0, None)
    assert fact.redeem_asked == "max"


@pytest.mark.parametrize(
    ("rate", "text"), [("0.13", "0.13"), ("0.130", "0.13"), ("0", "0"), ("1.00", "1"), ("10", "10")]
)
def test_rates_are_plain_texts(rate: str, text: str) -> None:
    assert rate_text(Decimal(rate)) == text


LONG_NAME = "有机全脂纯牛奶家庭分享装 250ml×24 (买一送一)"
RULE_WORDS = "满三百减五十会员专享优惠券(双十一限时)"
WORDY = a_program(offers=(msgspec.structs.replace(coupon_offer("60-5"), name=words(RULE_WORDS)),))


def _big(count: int, adjustments: int) -> PaidBasket:
    """A basket of long names and many adjustments, with a receipt of the same size."""
    lines, scanned, shown = [], [], []
    for number in range(count):
        line_id = str(number)
        own = tuple(
            Adjustment(f"rule-{each}", "2026.1", "tier", Money(-1), ((line_id, Money(-1)),))
            for each in range(adjustments)
        )
        lines.append(a_quote_line(line_id, adjustments=own, points_spent=10))
        scanned.append(a_basket_line(line_id, name=LONG_NAME, member_price=Money(1890)))
        shown.append(
            ReceiptLine(
                name=LONG_NAME, quantity="3", unit="kg", unit_price_minor=1990,
                list_minor=5970 + adjustments, net_minor=5970,
                adjustments=tuple(
                    ReceiptAdjustment(words=RULE_WORDS, amount_minor=-1)
                    for _ in range(adjustments)
                ),
            )
        )  # fmt: skip
    order = Adjustment(
        "60-5", "2026.1", "coupon", Money(-count),
        tuple((str(number), Money(-1)) for number in range(count)), "C1",
    )  # fmt: skip
    total = 5970 * count
    quote = a_quote(*lines, order_adjustments=(order,))
    receipt = msgspec.structs.replace(
        a_receipt(()), lines=tuple(shown), list_total_minor=total + adjustments * count,
        total_minor=total, due_minor=total,
        tenders=(ReceiptTender(kind="cash", amount_minor=total),),
    )  # fmt: skip
    spent = {str(n): (do.SpentPart(points=10, expires_in=11),) for n in range(count)}
    paid = a_paid_basket(basket=Basket(tuple(scanned)), quote=quote, receipt=receipt)
    assert paid.member is not None
    member = replace(paid.member, outcome=replace(paid.member.outcome, spent_from=spent))
    return replace(paid, member=member)


@given(st.integers(1, 60), st.integers(0, 2))
def test_the_estimate_is_never_below_the_real_size_nor_far_above(
    count: int, adjustments: int
) -> None:
    paid = _big(count, adjustments)
    assert paid.member is not None
    room = basket_room(paid.basket, paid.quote, WORDY, paid.member.seen)
    real = len(ft.canonical_bytes(sale_fact(paid)))
    assert real <= room.estimated_bytes <= 2 * real + 6000


@pytest.mark.parametrize(
    ("count", "kind"),
    [(20, Roomy), (110, NearlyFull), (140, Full)],
)
def test_a_basket_warns_and_closes_before_its_fact_is_too_large(count: int, kind: type) -> None:
    paid = _big(count, 1)
    room = basket_room(paid.basket, paid.quote, WORDY)
    assert isinstance(room, kind), room.estimated_bytes
    assert (room.estimated_bytes >= WARN_BYTES) == (kind is not Roomy)
    assert (room.estimated_bytes >= CLOSE_BYTES) == (kind is Full)


def test_the_largest_real_grocery_basket_fits() -> None:
    """161 lines is the largest of 155,848 baskets of a grocery chain (one discount a line)."""
    lines, scanned = [], []
    for number in range(161):
        line_id = str(number + 1)
        own = Adjustment("recorded", "1", "campaign", Money(-50), ((line_id, Money(-50)),))
        lines.append(a_quote_line(line_id, adjustments=(own,)))
        scanned.append(
            a_basket_line(line_id, name="SOFT DRINKS 12/18&15PK CAN", category="GROCERY")
        )
    room = basket_room(Basket(tuple(scanned)), a_quote(*lines), a_program())
    assert not isinstance(room, Full), room.estimated_bytes
