"""Order rows: what is taken off the whole basket, beside the goods on the customer display. Pure.

Owns: those rows. Does not own: the goods and the total (view_model.py).
"""

from __future__ import annotations

from app.domain.money import total
from app.services.till_state import ShownAdjustment, TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.phrases import FigureLine

_ROWS_MAX = 3


def order_rows(state: TillState, wording: Wording) -> tuple[FigureLine, ...]:
    """What is taken off the whole basket: with the goods it adds up to the total."""
    currency = state.program.currency
    sums: dict[tuple[str, str | None], list[ShownAdjustment]] = {}
    for line in state.lines:
        for share in line.order_shares:
            sums.setdefault((share.rule, share.coupon_id), []).append(share)
    off = [
        (
            phrases.adjustment_name(shares[0], state.rules, wording),
            total(share.amount for share in shares),
        )
        for shares in sums.values()
    ]
    if len(off) > _ROWS_MAX:
        rest = off[_ROWS_MAX - 1 :]
        more = wording.n("{count} more offer", "{count} more offers", len(rest))
        off = [*off[: _ROWS_MAX - 1], (more, total(amount for _, amount in rest))]
    rows = [
        FigureLine(name, formatting.figure(amount, currency=currency), is_saving=True)
        for name, amount in off
        if amount
    ]
    if state.totals.tax_on_top:
        tax = formatting.figure(state.totals.tax_on_top, currency=currency)
        rows.append(FigureLine(wording.t("Tax"), tax))
    if not rows:
        return ()
    goods = total(line.amount for line in state.lines)
    first = FigureLine(wording.t("Goods"), formatting.figure(goods, currency=currency))
    return first, *rows
