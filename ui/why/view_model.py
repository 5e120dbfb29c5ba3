"""Why-this-price view model: one line's price, part by part, as texts. Pure.

Owns: the order of the parts, the shares of the order, what was not used and why, the proof.
Does not own: the sentences of reasons (ui/phrases.py), prices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.money import Money, total
from app.domain.quote import NotApplied
from app.services.till_state import ShownAdjustment, TillLine, TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.phrases import quantity_text


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of the price: a name, a figure, and whom it is for below."""

    name: str
    figure: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class UnusedView:
    """An offer that was considered and not used."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class WhyView:
    """The sheet. The parts add up to `paid`."""

    line_id: str
    title: str
    goods: str
    listed: PartView
    own: tuple[PartView, ...]
    line_price: PartView | None
    """The line's own price; None where no order offer follows and it is what is paid."""
    shares: tuple[PartView, ...]
    paid_label: str
    paid: str
    unused_title: str
    unused: tuple[UnusedView, ...]
    proof: str
    version: str


def explain(state: TillState, line_id: str, wording: Wording) -> WhyView | None:
    """The parts of a line's price; None where the line is gone or has no price."""
    line = next((line for line in state.lines if line.line_id == line_id), None)
    if line is None or line.problem is not None:
        return None
    t = wording.t
    currency = state.program.currency
    parts = [line.list_amount, *(change.amount for change in line.adjustments)]
    parts += [share.amount for share in line.order_shares]
    assert total(parts) == line.net, f"the parts of line {line_id} do not add up"

    def figure(amount: Money) -> str:
        return formatting.figure(amount, currency=currency)

    shown = line.amount if line.order_shares else line.net
    paid = phrases.money(line.net, state)
    unused = tuple(_unused(state, line, wording))
    return WhyView(
        line_id=line_id,
        title=t("Why {amount}?", amount=phrases.money(shown, state)),
        goods=f"{line.name}{phrases.SEPARATOR}{_quantity(line, wording)}",
        listed=PartView(t("List price"), figure(line.list_amount), _unit_price(line, state)),
        own=tuple(_own(change, state, wording) for change in line.adjustments),
        line_price=PartView(t("Price of this line"), figure(line.amount))
        if line.order_shares
        else None,
        shares=tuple(_share(share, state, wording) for share in line.order_shares),
        paid_label=t("Customer pays"),
        paid=paid,
        unused_title=t("Offers not used") if unused else "",
        unused=unused,
        proof=t("The parts add up to {amount}", amount=paid),
        version=t(
            "Rules of {day}{dot}version {version}",
            day=formatting.day(state.program.effective),
            dot=phrases.SEPARATOR,
            version=state.program.version,
        ),
    )


def _quantity(line: TillLine, wording: Wording) -> str:
    if line.weighed or not line.quantity.is_pieces:
        return quantity_text(line.quantity, line.unit)
    return wording.n("{count} pc", "{count} pcs", line.quantity.pieces)


def _unit_price(line: TillLine, state: TillState) -> str:
    """How the list amount comes about, where it is not one piece's price."""
    if line.unit_price is None or line.unit_price == line.list_amount:
        return ""
    price = formatting.figure(line.unit_price, currency=state.program.currency)
    return f"{price} × {quantity_text(line.quantity, line.unit if line.weighed else '')}"


def _own(change: ShownAdjustment, state: TillState, wording: Wording) -> PartView:
    figure = formatting.figure(change.amount, currency=state.program.currency)
    name = phrases.adjustment_name(change, state.rules, wording)
    detail = phrases.audience(state.rules.get(change.rule), wording)
    if change.by_hand:
        detail = phrases.SEPARATOR.join(part for part in (detail, wording.t("by hand")) if part)
    return PartView(name, figure, detail)


def _share(share: ShownAdjustment, state: TillState, wording: Wording) -> PartView:
    whole = [row for row in state.totals.rows if _is_same(row, share)]
    lines = sum(any(_is_same(other, share) for other in line.order_shares) for line in state.lines)
    detail = ""
    if whole:
        amount = formatting.figure(
            Money(abs(whole[0].amount.minor)), currency=state.program.currency
        )
        detail = wording.n(
            "{amount} of the whole sale, shared by price over {count} line",
            "{amount} of the whole sale, shared by price over {count} lines",
            lines,
            amount=amount,
        )
    name = phrases.adjustment_name(share, state.rules, wording)
    return PartView(
        wording.t("{name}: share of this line", name=name),
        formatting.figure(share.amount, currency=state.program.currency),
        detail,
    )


def _is_same(row: ShownAdjustment, share: ShownAdjustment) -> bool:
    return (row.rule, row.coupon_id) == (share.rule, share.coupon_id)


def _unused(state: TillState, line: TillLine, wording: Wording) -> Iterator[UnusedView]:
    seen: set[tuple[str, str]] = set()
    for refused in state.not_applied:
        if refused.line_id not in (None, line.line_id):
            continue  # that is another line's story
        shown = UnusedView(_name(refused, state, wording), phrases.why_not(refused, state, wording))
        if (shown.name, shown.why) not in seen:
            seen.add((shown.name, shown.why))
            yield shown


def _name(refused: NotApplied, state: TillState, wording: Wording) -> str:
    return phrases.rule_name(refused.rule, state.rules, wording)
