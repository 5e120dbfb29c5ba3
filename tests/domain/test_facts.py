"""Facts: canonical bytes that never change, readers that never refuse.

Owns: golden bytes of every fact type (tests/domain/golden), reading, size.
Does not own: what facts do to accounts, the chain (test_chain.py).
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec import structs

from app.domain import effects as do
from app.domain import facts as ft
from app.domain.account import FoldItem, Mark
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.pieces import Interval, uses_back
from app.domain.receipt import ReceiptStore, ReceiptTax, ReceiptTender
from app.domain.refund_receipt import (
    RefundReceipt,
    RefundReceiptLine,
    RefundReceiptMember,
    as_refund_copy,
)
from tests.domain import shift_builders as of_shift
from tests.domain.campaign_samples import campaign_fact_samples
from tests.domain.complaint_samples import complaint_samples
from tests.domain.erasure_samples import erasure_samples
from tests.domain.heart_builders import (
    FRIEND,
    MEMBER,
    STORE,
    a_line,
    a_refund,
    a_sale,
    moment,
    op,
)
from tests.domain.merge_samples import merge_samples
from tests.domain.pack_samples import pack_samples
from tests.domain.sale_samples import a_full_sale, a_sale_by_hand, a_sale_with_rewards
from tests.domain.survey_samples import an_answer
from tests.domain.tier_builders import tier_samples

GOLDEN = Path(__file__).parent / "golden"
DAY, PROGRAM = date(2026, 11, 21), ft.ProgramRef("renmin", "2026.1")


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


def _of_nobody(number: int) -> dict[str, Any]:
    return {"op_id": op(number), "store": STORE, "day": DAY, "clock": moment(), "staff": "li"}


def _first_refund() -> ft.FirstRefundRecorded:
    """A refund in the shape of the first version."""
    now = a_refund(2, a_full_sale(), [Interval("1", 0, 2)], DAY, coupons=("C0000000000001",))
    return ft.FirstRefundRecorded(
        op_id=now.op_id, store=now.store, day=now.day, clock=now.clock, member=now.member,
        effects=now.effects, code=now.code, sale=now.sale, sale_code=now.sale_code,
        pieces=now.pieces, coupons=now.coupons,
    )  # fmt: skip


def _full_refund() -> ft.RefundRecorded:
    """Two of three pieces: by card and in cash, some points bought back, part of an exchange."""
    sale = a_full_sale()
    fact = a_refund(2, sale, [Interval("1", 0, 2)], DAY, staff="staff-li", shift="shift-7")
    paper = RefundReceipt(
        store=ReceiptStore(name="人民路店"), till="02", cashier="李*", code=fact.code,
        sale_code=sale.code, sold_on="2026-11-21", refunded_at="2026-11-21 18:30",
        zone="Asia/Shanghai", currency="CNY", languages=("zh_CN",),
        lines=(RefundReceiptLine(name="纯牛奶", quantity="2", amount_minor=3980, reason="质量"),),
        worth_minor=3980, round_off_minor=5, kept_back_minor=20, paid_minor=3955,
        taxes=(ReceiptTax(rate="0.13", net_minor=3980, tax_minor=458),),
        tenders=(ReceiptTender(kind="card", amount_minor=955, detail="**** 4242"),
                 ReceiptTender(kind="cash", amount_minor=3000)),
        member=RefundReceiptMember(card_masked="M••••0001", points_taken=39, points_returned=133,
                                   points_kept=20, points_balance=0, points_owed=7),
    )  # fmt: skip
    return structs.replace(
        fact, settled_minor=3976, round_off_minor=4, cash_rest_minor=1, points_earned=39,
        points_spent=133, points_kept=20, kept_back_minor=20, exchanged_for=op(9),
        tenders=(ft.FactTender(kind="card", amount_minor=955, attempt=op(8), reference="77"),
                 ft.FactTender(kind="cash", amount_minor=3000)),
        effects=(*fact.effects, do.Gained(points=20, expires_in=0)),
        approved_by=("staff-wang",), receipt=paper,
    )  # fmt: skip


def _refund_of_rewards() -> ft.FullRefundRecorded:
    """All of it comes back: both mugs, and with the last piece the parking."""
    sale = a_sale_with_rewards()
    all_of_it = [Interval("1", 0, 3), Interval("2", 0, 2)]
    fact = a_refund(21, sale, all_of_it, DAY, points_earned=59, points_spent=1000)
    fields = structs.asdict(fact)
    fields["effects"] = (*fact.effects, *uses_back(sale, all_of_it))
    return ft.FullRefundRecorded(**fields)


def _return() -> ft.ReturnRecorded:
    common = _common(18)
    common["member"] = None
    code = receipt_code(ReceiptNumber(1, 2, 1, DAY, 18)).text
    paper = RefundReceipt(
        store=ReceiptStore(name="人民路店"), till="02", cashier="李*", code=code,
        refunded_at="2026-11-21 18:40", zone="Asia/Shanghai", currency="CNY",
        languages=("zh_CN",), worth_minor=1990, round_off_minor=0, paid_minor=1990,
        lines=(RefundReceiptLine(name="毛巾", quantity="1", amount_minor=1990),),
        tenders=(ReceiptTender(kind="cash", amount_minor=1990),),
    )  # fmt: skip
    return ft.ReturnRecorded(
        **common, code=code, program=PROGRAM, approved_by=("staff-wang",), receipt=paper,
        goods=(ft.ReturnedGoods(sku="towel", name="毛巾", quantity_thousandths=1000,
                                amount_minor=1990, tax_rate="0.13", tax_minor=229,
                                reason="quality"),),
        sale_code=receipt_code(ReceiptNumber(1, 3, 1, DAY, 5)).text,
        tenders=(ft.FactTender(kind="cash", amount_minor=1990),),
    )  # fmt: skip


SAMPLES: dict[str, Callable[[], ft.Fact]] = {
    "sale_recorded.1": a_full_sale,
    "sale_recorded.2": a_sale_by_hand,
    "sale_recorded.3": a_sale_with_rewards,
    "refund_recorded.1": _first_refund,
    "refund_recorded.2": _full_refund,
    "refund_recorded.3": _refund_of_rewards,
    "return_recorded.1": _return,
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
    "profile_edit_requested.1": lambda: ft.ProfileEditRequested(
        **_common(15),
        fields=("birthday", "name"),
        values=ft.Sealed("key-1", b"\x00\x01", b"sealed"),
    ),
    "card_issued.1": lambda: ft.CardIssued(
        **_common(16), card="M0000000000002", replaces="M0000000000001"
    ),
    "survey_answered.1": an_answer,
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
        reason_type="complaint", reason="短秤", evidence=("photo-1",),
    ),
    **tier_samples(),
    **erasure_samples(_common),
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
    "entitlement_used.2": lambda: ft.KeptEntitlementUsed(
        **_common(12, do.EntitlementTicked(entitlement="parking")),
        entitlement="parking",
        program=PROGRAM,
        sale=op(22),
        reservation=op(30),
    ),
    "entitlement_returned.1": lambda: ft.EntitlementReturned(
        **_common(19, do.EntitlementBack(entitlement="parking", of=op(12), uses=("",))),
        sale=op(22),
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
    "grant_released.1": lambda: ft.GrantReleased(
        op_id=op(61), store=STORE, day=DAY, clock=moment(), member=MEMBER, grant=op(60)
    ),
    **merge_samples(),
    "pass_taken.1": lambda: ft.PassTaken(
        **_common(64), issued_ms=1_780_000_000_000
    ),
    "shift_opened.1": lambda: of_shift.opened(
        pieces=((10_000, 4), (1_000, 5)), name="早班", left_minor=44_000, reason="miscount"
    ),
    "shift_taken_over.1": lambda: ft.ShiftTakenOver(
        **of_shift.common(507), shift=of_shift.SHIFT, before="staff-zhang"
    ),
    "cash_moved.1": lambda: of_shift.moved(
        503, "out", 3_500, reason="other", note="买灯泡", approved_by=("staff-wang",)
    ),
    "drawer_opened.1": lambda: of_shift.drawer_opened(506),
    "shift_closed.1": of_shift.closed,
    **campaign_fact_samples(_of_nobody, MEMBER, FRIEND),
    **complaint_samples(_common),
    **pack_samples(),
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
    item = FoldItem(fact.op_id, str(fact.member), DAY, fact.effects, mark)
    expected = None if fact.member is None else item
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
    data = b'{"kind":"sale_recorded.9","op_id":"x","day":"2026-11-21","effects":[{"do":"magic"}]}'
    assert ft.read_fact(data) == ft.UnknownFact(
        kind="sale_recorded.9", op_id="x", member=None, head=None
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


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"worth_minor": 3981}, "worth is 3981, its parts 3980", id="lines"),
        pytest.param({"kept_back_minor": 21}, "paid is 3955, its parts 3954", id="kept-back"),
        pytest.param({"tenders": ()}, "tenders is 3955, its parts 0", id="tenders"),
        pytest.param({"code": "M0000000000001"}, "not a receipt code", id="code"),
        pytest.param({"copy": 0}, "a copy number from 1", id="copy"),
    ],
)
def test_the_paper_of_a_refund_adds_up(changes: dict[str, Any], says: str) -> None:
    paper = _full_refund().receipt
    assert paper is not None
    assert as_refund_copy(paper, 2).copy == 2
    with pytest.raises(AssertionError, match=says):
        structs.replace(paper, **changes)


def test_a_refund_of_the_first_version_has_settled_what_it_paid_and_kept() -> None:
    paid = (ft.FactTender(kind="cash", amount_minor=3900),)
    first = structs.replace(_first_refund(), tenders=paid, kept_back_minor=80)
    assert first.settled_minor == 3980


def test_a_fact_over_64_kib_is_never_written() -> None:
    lines = tuple(a_line(str(number), sku="x" * 900) for number in range(70))
    with pytest.raises(ft.FactTooLargeError, match="at most 65536"):
        ft.canonical_bytes(a_sale(lines=lines))
