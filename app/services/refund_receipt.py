"""The receipt of a refund: built once when goods came back, printed again from its fact.

Owns: what stands on it. Does not own: its look (devices), the amounts (app/domain/refund.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.fact_parts import FactTender
from app.domain.facts import FirstRefundRecorded, RefundRecorded, ReturnRecorded, read_fact
from app.domain.member import masked_name
from app.domain.moment import Moment
from app.domain.money import piece_share
from app.domain.open_refund import RefundReason
from app.domain.program import Text
from app.domain.quantity import quantity_text
from app.domain.receipt import ReceiptStore, ReceiptTax, ReceiptTender
from app.domain.refund_receipt import (
    RefundReceipt,
    RefundReceiptLine,
    RefundReceiptMember,
    RefundReceiptPack,
    as_refund_copy,
)
from app.domain.staff import StaffMember
from app.services.answers import Refusal
from app.services.approval import ClearanceRefusal, Cleared
from app.services.desk import allowed
from app.services.member_panel import card_masked
from app.services.open_approval import Approval
from app.services.ports import UnitOfWork
from app.services.receipt import in_all, may_reprint, next_copy, tell_reprint
from app.services.refund_state import Judged, paid_by, quantity_of
from app.services.shop import DeskState, Shop
from app.wording import N_

REASON_WORDS: Mapping[RefundReason, str] = {
    "size": N_("Wrong size"),
    "quality": N_("Quality"),
    "unwanted": N_("Not wanted"),
    "wrong": N_("Wrong goods"),
    "expired": N_("Past its date"),
    "other": N_("Other reason"),
}
"""In the order of their keys; the screen says the same words."""


@dataclass(frozen=True, slots=True)
class RefundReprinted:
    """The paper as it was, marked as a copy; `copy` 2 is the first one printed again."""

    receipt: RefundReceipt
    copy: int


@dataclass(frozen=True, slots=True)
class RefundUnknown:
    """This till has no such refund, or one without a paper."""

    refund_id: str


def refund_receipt(
    *,
    shop: Shop,
    judged: Judged,
    code: str,
    tenders: Sequence[FactTender],
    cashier: StaffMember | None,
    now: Moment,
) -> RefundReceipt:
    """The paper of a refund of a sale; its parts add up or the program has a bug."""
    case, quote = judged.desk.case, judged.quote
    sale, state = case.sale, shop.desk.state
    paid = sum(tender.amount_minor for tender in tenders)
    return RefundReceipt(
        **head(shop=shop, state=state, code=code, cashier=cashier, now=now),
        sale_code=sale.code,
        sold_on=case.sold_on.isoformat(),
        currency=sale.currency,
        decimals=sale.receipt.decimals,
        lines=_lines(shop, judged),
        worth_minor=quote.worth.money_minor,
        round_off_minor=quote.worth.money_minor - quote.kept_back_minor - paid,
        kept_back_minor=quote.kept_back_minor,
        tax_included=sale.tax_inclusive,
        taxes=_taxes(judged),
        paid_minor=paid,
        tenders=tuple(_tender(judged, tender) for tender in tenders),
        coupons_back=len(quote.coupons),
        member=_member(judged),
        packs=_packs(shop, judged),
    )


def _packs(shop: Shop, judged: Judged) -> tuple[RefundReceiptPack, ...]:
    state = shop.desk.state
    names = {plan.id: plan.name for plan in judged.desk.case.program.plans}
    unknown = {pack.plan: Text(zh=pack.plan, en=pack.plan) for pack in judged.quote.packs}
    return tuple(
        RefundReceiptPack(
            name=in_all(state, (unknown | names)[pack.plan]),
            months_left=pack.months_left,
            months=pack.months,
            kept_minor=pack.kept_minor,
        )
        for pack in judged.quote.packs
    )


def _lines(shop: Shop, judged: Judged) -> tuple[RefundReceiptLine, ...]:
    """The pieces by the names that stand on the receipt they were sold on."""
    sale, state = judged.desk.case.sale, shop.desk.state
    both = zip(sale.lines, sale.receipt.lines, strict=True)
    printed = {line.line_id: (line, paper) for line, paper in both}
    lines = []
    for piece in judged.quote.pieces:
        line, paper = printed[piece.line]
        lines.append(
            RefundReceiptLine(
                name=paper.name,
                quantity=quantity_text(quantity_of(line, piece.end - piece.start)),
                unit=paper.unit,
                amount_minor=piece.amount_minor,
                lot=paper.lot,
                expires=paper.expires,
                reason=reason_words(shop=shop, state=state, reason=piece.reason),
            )
        )
    return tuple(lines)


def head(
    *, shop: Shop, state: DeskState, code: str, cashier: StaffMember | None, now: Moment
) -> dict[str, Any]:
    """What every paper of this till says of itself, by the names of its fields."""
    settings = state.settings
    zone = state.program.timezone
    local = datetime.fromtimestamp(now.wall_ms // 1000, ZoneInfo(zone))
    return {
        "store": ReceiptStore(
            name=settings.store_name,
            address=settings.store_address,
            phone=settings.store_phone,
        ),
        "till": f"{shop.identity.till_number:02d}",
        "cashier": masked_name(cashier.name) if cashier is not None else "",
        "code": code,
        "refunded_at": local.strftime("%Y-%m-%d %H:%M"),
        "zone": zone,
        "languages": settings.receipt_languages,
        "training": settings.is_training,
    }


def reason_words(*, shop: Shop, state: DeskState, reason: str) -> str:
    """A reason in the languages of the receipt."""
    words = next((text for code, text in REASON_WORDS.items() if code == reason), "")
    texts = [shop.words_for(language).t(words) for language in state.settings.receipt_languages]
    return " / ".join(dict.fromkeys(texts))


def _tender(judged: Judged, tender: FactTender) -> ReceiptTender:
    details = [
        paid_by(judged.desk.case.sale, payout.part.tender)
        for payout in judged.payouts.each
        if payout.part is not None and payout.kind == tender.kind
    ]
    return ReceiptTender(
        kind=tender.kind,
        amount_minor=tender.amount_minor,
        detail=details[0] if details and tender.kind not in ("cash", "other") else "",
        reference=tender.reference,
    )


def _taxes(judged: Judged) -> tuple[ReceiptTax, ...]:
    """The tax of the pieces, by rate."""
    lines = {line.line_id: line for line in judged.desk.case.sale.lines}
    sums: dict[str, list[int]] = {}
    for piece in judged.quote.pieces:
        line = lines[piece.line]
        both = sums.setdefault(line.tax_rate, [0, 0])
        both[0] += piece_share(line.net_minor, piece.start, piece.end, line.pieces)
        both[1] += piece_share(line.tax_minor, piece.start, piece.end, line.pieces)
    return tuple(
        ReceiptTax(rate=rate, net_minor=net, tax_minor=tax)
        for rate, (net, tax) in sorted(sums.items())
    )


def _member(judged: Judged) -> RefundReceiptMember | None:
    member, points = judged.desk.member, judged.quote.points
    if member is None:
        return None
    return RefundReceiptMember(
        card_masked=card_masked(member),
        points_taken=points.taken,
        points_returned=points.returned,
        points_kept=points.kept,
        points_balance=points.balance_after,
        points_owed=points.owed_after,
    )


def reprint_refund(
    *, shop: Shop, work: UnitOfWork, refund_id: str, approval: Approval | None = None
) -> RefundReprinted | RefundUnknown | ClearanceRefusal | Refusal:
    """Print the paper of a refund again from its fact. Changes: audit.

    The copies are counted by the audit trail: the first one printed again is number 2.
    """
    refusal = allowed(shop, "reprint")
    if refusal is not None:
        return refusal
    receipt = stored_refund_receipt(work=work, refund_id=refund_id)
    if receipt is None:
        return RefundUnknown(refund_id)
    again = partial(reprint_refund, refund_id=refund_id)
    cleared = may_reprint(shop=shop, work=work, paper_id=refund_id, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    copy = next_copy(work=work, paper_id=refund_id)
    tell_reprint(shop=shop, work=work, paper_id=refund_id, copy=copy, by=cleared.approved_by)
    printed = as_refund_copy(receipt, copy)
    work.after_commit(lambda: shop.printer.print_receipt(printed))
    return RefundReprinted(printed, copy)


def stored_refund_receipt(*, work: UnitOfWork, refund_id: str) -> RefundReceipt | None:
    """The paper as it was printed, read from the fact; None for an unknown refund."""
    stored = work.facts.get(refund_id)
    fact = read_fact(stored.data) if stored is not None else None
    if isinstance(fact, FirstRefundRecorded):
        return None  # the first shape had no paper of its own
    return fact.receipt if isinstance(fact, RefundRecorded | ReturnRecorded) else None
