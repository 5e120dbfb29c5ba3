"""Return view: goods without a receipt as the refund screen draws them. Pure.

Owns: their rows and their money. Does not own: gathering them (unlinked.py), the shapes
(view_model.py).
"""

from __future__ import annotations

from app.domain.money import Money
from app.services.refund_receipt import REASON_WORDS
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.refund.return_form import ReturnForm, ReturnLine
from ui.refund.view_model import (
    GoodsView,
    HeadView,
    MoneyRow,
    MoneyView,
    RefundRow,
    headers,
    quantity_text,
    reasons,
)


def present_return(
    form: ReturnForm, till: TillState, wording: Wording, *, current: str
) -> GoodsView:
    """Goods on the counter, priced by the catalogue."""
    t = wording.t
    line = next((each for each in form.lines if each.sku == current), None)
    detail = t("List price in cash, no points, with an approval.")
    return GoodsView(
        head=HeadView(
            icon="shield-check",
            title=t("Return without a receipt"),
            detail=detail,
            detail_tone="text_secondary",
            end=formatting.spaced_code(form.sale_code),
        ),
        found="",
        number="",
        headers=headers(wording, is_list_price=True),
        rows=tuple(_row(each, till, wording) for each in form.lines),
        current=current,
        hint=t("Scan the goods that come back: each scan is one more."),
        reasons_title=t("Reason of the return"),
        reasons_hint=t("or press its digit"),
        reasons=reasons(line.reason if line is not None else None, wording),
        can_reason=line is not None,
        exchange="",
        is_exchange=False,
        give_up=t("Give up"),
        money=_money(form, till, wording),
    )


def _row(line: ReturnLine, till: TillState, wording: Wording) -> RefundRow:
    t, currency = wording.t, till.program.currency
    note, tone = t("Say why: keys 1 to 6"), "warning"
    if line.reason is not None:
        note, tone = t(REASON_WORDS[line.reason]), "primary"
    return RefundRow(
        line_id=line.sku,
        name=line.name,
        note=note,
        note_tone=tone,
        sold="–",
        returned="–",
        left="–",
        now=quantity_text(line.quantity),
        each=formatting.figure(line.each, currency=currency),
        back="",
        is_chosen=True,
        can_step=True,
    )


def _money(form: ReturnForm, till: TillState, wording: Wording) -> MoneyView:
    t, currency, shown = wording.t, till.program.currency, form.shown
    rows: list[MoneyRow] = []
    if shown is not None:
        cash = formatting.figure(shown.paid, currency=currency)
        rows.append(MoneyRow("cash", t("Cash"), t("Hand it to the customer"), cash))
        if shown.round_off:
            figure = formatting.figure(-shown.round_off, currency=currency)
            rows.append(MoneyRow("cash", t("Round-off"), "", figure, "saving"))
        rows.append(MoneyRow("coins", t("Points"), t("No sale here names them"), t("none")))
        for each in shown.approvals:
            figure = formatting.figure(each.money, currency=currency)
            name, detail = t("Return without a receipt"), t("Needs an approval")
            rows.append(MoneyRow("shield-check", name, detail, figure, "warning"))
    paid = shown.paid if shown is not None else Money(0)
    return MoneyView(
        title=t("Where the money goes"),
        rows=tuple(rows),
        empty="" if rows else t("Scan the goods that come back."),
        sum_detail="",
        sum_label=t("Give back"),
        sum_figure=formatting.money(paid, currency=currency),
        confirm=t("Give it back"),
        can_confirm=bool(form.lines),
    )
