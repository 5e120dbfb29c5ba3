"""Refund view: goods that came back, as the done screen tells it. Pure.

Owns: the figure to hand out, where the rest went, points and coupons. Does not own: the shapes and
the foot (view_model.py), the paper (devices).
"""

from __future__ import annotations

from app.domain.money import Money
from app.domain.refund_receipt import RefundReceipt
from app.wording import Wording
from ui import formatting
from ui.payment.terminal_view import tender_word
from ui.receipt.view_model import Fact, ReceiptView, foot_view
from ui.window_parts import PrinterFacts


def present_refund(
    receipt: RefundReceipt,
    wording: Wording,
    *,
    seconds_left: int | None,
    printer: PrinterFacts,
) -> ReceiptView:
    """After a refund: cash to hand out first, then what went back by other ways."""
    t = wording.t
    cash = sum(each.amount_minor for each in receipt.tenders if each.kind == "cash")
    figure = cash or receipt.paid_minor
    return ReceiptView(
        title=t("Refund done"),
        figure_label=t("Hand out") if cash else t("Given back"),
        figure=_money(figure, receipt),
        facts=_facts(receipt, wording),
        strip=None,
        coupons=_coupons(receipt, wording),
        foot=foot_view(seconds_left, printer, wording),
        is_copy=False,
    )


def _facts(receipt: RefundReceipt, wording: Wording) -> tuple[Fact, ...]:
    t = wording.t
    number = formatting.spaced_code(receipt.code)
    facts = [Fact(t("Receipt no."), number, receipt.refunded_at, is_code=True)]
    others = [each for each in receipt.tenders if each.kind != "cash"]
    if others:
        first, more = others[0], others[1:]
        label = t("Back to {tender}", tender=tender_word(first.kind, wording))
        rest = sum(each.amount_minor for each in more)
        detail = first.detail
        if rest:
            detail = t("and {amount} by other tenders", amount=_money(rest, receipt))
        facts.append(Fact(label, _money(first.amount_minor, receipt), detail))
    member = receipt.member
    if member is not None:
        moved = member.points_returned - member.points_taken + member.points_kept
        detail = t("{points} by this refund", points=formatting.points(moved, signed=True))
        if member.points_owed:
            detail = t("{points} points owed", points=formatting.points(member.points_owed))
        balance = formatting.points(member.points_balance)
        facts.append(Fact(t("Points available"), balance, detail))
    return tuple(facts)


def _coupons(receipt: RefundReceipt, wording: Wording) -> str:
    count = receipt.coupons_back
    if not count:
        return ""
    return wording.n("{count} coupon was given back", "{count} coupons were given back", count)


def _money(minor: int, receipt: RefundReceipt) -> str:
    return formatting.money(Money(minor), currency=receipt.currency)
