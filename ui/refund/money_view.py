"""Money view: where the money, the points and the coupons of a refund go. Pure.

Owns: the right column of the refund screen. Does not own: amounts (services), the goods
(view_model.py), a terminal that is asked (terminal_view.py).
"""

from __future__ import annotations

from app.domain.money import Money
from app.domain.refund_fact import PackWhy
from app.services.goods_exchange import ExchangeState
from app.services.refund_state import RefundState, RefundSum, ShownPack, ShownPayout
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import formatting
from ui.approval.view_model import ACT_WORDS
from ui.payment.terminal_view import tender_word
from ui.phrases import words
from ui.refund.view_model import MoneyRow, MoneyView, quantity_text

_TENDER_ICONS = {"cash": "cash", "mobile": "qrcode", "card": "card", "other": "refund"}


def present_money(
    state: RefundState, exchange: ExchangeState | None, till: TillState, wording: Wording
) -> MoneyView:
    """What the chosen goods come to. Nothing chosen: what to do first."""
    t, total = wording.t, state.total
    if total is None:
        return MoneyView(
            title=t("Where the money goes"),
            rows=(),
            empty=t("Choose what comes back: scan it, or tap + beside it."),
            sum_detail="",
            sum_label=t("Give back"),
            sum_figure=_money(Money(0), till),
            confirm=t("Give it back"),
            can_confirm=False,
        )
    if state.exchange and exchange is not None:
        return _exchange(state, total, exchange, till, wording)
    rows = (
        *(_payout(each, till, wording) for each in total.payouts),
        *_differences(total, till, wording),
        *_points(state, total, wording),
        *_coupons(state, total, wording),
        *_approvals(state, till, wording),
    )
    return MoneyView(
        title=t("Where the money goes"),
        rows=rows,
        empty="",
        sum_detail=_sum_detail(state, wording),
        sum_label=t("Give back"),
        sum_figure=_money(total.back, till),
        confirm=t("Give it back"),
        can_confirm=True,
    )


def net_of(exchange: ExchangeState) -> Money:
    """What is left to pay; negative: to give back."""
    return exchange.to_pay - exchange.to_give


def _exchange(
    state: RefundState,
    total: RefundSum,
    exchange: ExchangeState,
    till: TillState,
    wording: Wording,
) -> MoneyView:
    t = wording.t
    credit = MoneyRow(
        "refund", t("Goods back"), t("pays for the new goods"), _figure(-total.back, till)
    )
    rounded: tuple[MoneyRow, ...] = ()
    if exchange.round_off:
        figure = _figure(-exchange.round_off, till)
        rounded = (MoneyRow("cash", t("Round-off"), "", figure, "saving"),)
    gives = bool(exchange.to_give)
    return MoneyView(
        title=t("Exchange"),
        rows=(
            *_new_goods(exchange, till, wording),
            credit,
            *rounded,
            *_points(state, total, wording),
            *_approvals(state, till, wording),
        ),
        empty="",
        sum_detail=_sum_detail(state, wording),
        sum_label=t("Give back") if gives else t("Left to pay"),
        sum_figure=_money(exchange.to_give if gives else exchange.to_pay, till),
        confirm=t("Settle it"),
        can_confirm=bool(exchange.till.lines),
    )


def _new_goods(exchange: ExchangeState, till: TillState, wording: Wording) -> list[MoneyRow]:
    t = wording.t
    rows = [
        MoneyRow(
            "basket",
            line.name,
            t("new ⋅ {quantity}", quantity=quantity_text(line.quantity, line.unit)),
            _figure(line.net, till),
        )
        for line in exchange.till.lines
    ]
    nothing = MoneyRow("scan", t("New goods"), t("Scan them now"), _figure(Money(0), till))
    return rows or [nothing]


def _payout(payout: ShownPayout, till: TillState, wording: Wording) -> MoneyRow:
    t = wording.t
    if payout.kind == "cash":
        name, detail = t("Cash"), t("Hand it to the customer")
    else:
        name = t("Back to {tender}", tender=tender_word(payout.kind, wording))
        detail = payout.paid_by or t("the payment it came from")
    return MoneyRow(_TENDER_ICONS[payout.kind], name, detail, _figure(payout.amount, till))


_PACK_WHY: dict[PackWhy, str] = {
    "unused": N_("nothing was had of it: all of its price goes back"),
    "not_begun": N_("it has not begun: all of its price goes back"),
    "months": N_("{left} of {months} whole months are left; the rest stays here"),
    "none": N_("by its terms nothing goes back now"),
}


def _pack(pack: ShownPack, till: TillState, wording: Wording) -> MoneyRow:
    """A membership pack that comes back by its terms; its tier ends with it."""
    detail = wording.t(_PACK_WHY[pack.why], left=pack.months_left, months=pack.months)
    tone = "warning" if pack.kept else "text_primary"
    return MoneyRow("medal", words(pack.words, wording), detail, _figure(-pack.kept, till), tone)


def _differences(total: RefundSum, till: TillState, wording: Wording) -> list[MoneyRow]:
    """Why less (or more) goes back than the goods are worth."""
    t = wording.t
    rows = [_pack(pack, till, wording) for pack in total.packs]
    if total.kept_for_points:
        detail = t(
            "{points} points earned on these goods were spent already; their value stays here",
            points=formatting.points(total.points.kept),
        )
        rows.append(
            MoneyRow(
                "coins", t("Kept back"), detail, _figure(-total.kept_for_points, till), "warning"
            )
        )
    if total.round_off:
        detail = t("was taken off when the sale was paid")
        rows.append(MoneyRow("cash", t("Round-off"), detail, _figure(-total.round_off, till)))
    if total.overpaid:
        detail = t("another refund paid these pieces already")
        rows.append(
            MoneyRow("info", t("Paid before"), detail, _figure(-total.overpaid, till), "warning")
        )
    if total.rest:
        detail = (
            t("comes with the last piece")
            if total.rest.minor > 0
            else t("was left over from earlier pieces")
        )
        rows.append(MoneyRow("cash", t("Cash step"), detail, _figure(-total.rest, till)))
    return rows


def _points(state: RefundState, total: RefundSum, wording: Wording) -> list[MoneyRow]:
    t, moved = wording.t, total.points
    rows: list[MoneyRow] = []
    if not state.has_member:
        return rows
    balance = ""  # a debt is told in a row of its own
    if not moved.owed_after:
        balance = t("{points} points afterwards", points=formatting.points(moved.balance_after))
    if moved.taken:
        figure = formatting.points(-moved.taken)
        rows.append(MoneyRow("coins", t("Points taken back"), balance, figure))
    if moved.returned:
        figure = formatting.points(moved.returned, signed=True)
        rows.append(MoneyRow("coins", t("Points given back"), balance, figure, "success"))
    if moved.owed_after:
        detail = t(
            "They were spent already. The next {points} points earned pay for it.",
            points=formatting.points(moved.owed_after),
        )
        figure = formatting.points(-moved.owed_after)
        rows.append(MoneyRow("alert", t("Points owed"), detail, figure, "warning"))
    return rows


def _coupons(state: RefundState, total: RefundSum, wording: Wording) -> list[MoneyRow]:
    t = wording.t
    if total.coupons_back:
        detail = t("The whole sale came back")
        return [MoneyRow("ticket", t("Coupons"), detail, t("given back"), "success")]
    if state.has_coupons:
        detail = t("What the coupon gave on the goods kept stays")
        return [MoneyRow("ticket", t("Coupons"), detail, t("not given back"), "text_secondary")]
    return []


def _approvals(state: RefundState, till: TillState, wording: Wording) -> list[MoneyRow]:
    t = wording.t
    if not state.approvals:
        return [
            MoneyRow(
                "shield-check", t("Approval"), t("Within your limit"), t("not needed"),
                "text_secondary",
            )
        ]  # fmt: skip
    return [
        MoneyRow(
            "shield-check", t(ACT_WORDS[each.act]), t("Needs an approval"),
            _figure(each.money, till), "warning",
        )
        for each in state.approvals
    ]  # fmt: skip


def _sum_detail(state: RefundState, wording: Wording) -> str:
    chosen = [line for line in state.lines if line.chosen.thousandths]
    return wording.n("{count} line comes back", "{count} lines come back", len(chosen))


def _money(amount: Money, till: TillState) -> str:
    return formatting.money(amount, currency=till.program.currency)


def _figure(amount: Money, till: TillState) -> str:
    return formatting.figure(amount, currency=till.program.currency)
