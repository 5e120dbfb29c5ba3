"""Refund view model: what the screen draws, as plain texts. Pure: no Qt, no service, no clock.

Owns: the shapes of a drawn refund, and what a refund of a known sale looks like. Does not own:
finding the sale (find_view.py), goods without a receipt (return_view.py), the money's side
(money_view.py), sentences of refusals (sentences.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from app.domain.open_refund import REFUND_REASONS, RefundReason
from app.domain.quantity import THOUSAND, Quantity
from app.services.refund_receipt import REASON_WORDS
from app.services.refund_state import RefundLine, RefundState
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.batch_words import batch_note
from ui.payment.terminal_view import tender_word
from ui.phrases import SEPARATOR, begun

Tone = Literal["success", "warning", "danger", "info"]


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One line as text. `note`: its reason, or what is missing; `back`: what the chosen bring."""

    line_id: str
    name: str
    note: str
    note_tone: str
    sold: str
    returned: str
    left: str
    now: str
    each: str
    back: str
    is_chosen: bool
    can_step: bool
    counts: str = ""
    """Bought and returned in words, where their columns have no room."""

    @property
    def spoken(self) -> str:
        """Name and note for a screen reader."""
        return " ".join(part for part in (self.name, self.note) if part)


@dataclass(frozen=True, slots=True)
class Headers:
    """The heads of the columns."""

    item: str
    sold: str
    returned: str
    left: str
    now: str
    each: str


@dataclass(frozen=True, slots=True)
class HeadView:
    """Which sale it is."""

    icon: str
    title: str
    detail: str
    detail_tone: str
    end: str
    detail_short: str = ""
    end_short: str = ""
    """Said instead where there is no room: the last day, the amounts."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason and its key."""

    label: str
    digit: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Where a part of the money, the points or a coupon goes."""

    icon: str
    name: str
    detail: str
    figure: str
    tone: str = "text_primary"


@dataclass(frozen=True, slots=True)
class MoneyView:
    """The right column. `sum_label` empty: there is no sum to show."""

    title: str
    rows: tuple[MoneyRow, ...]
    empty: str
    sum_detail: str
    sum_label: str
    sum_figure: str
    confirm: str
    can_confirm: bool


@dataclass(frozen=True, slots=True)
class GoodsView:
    """The goods that come back, and what is done with the money."""

    head: HeadView
    found: str
    """The chip beside the number; empty: none."""
    number: str
    headers: Headers
    rows: tuple[RefundRow, ...]
    current: str
    hint: str
    reasons_title: str
    reasons_hint: str
    reasons: tuple[ReasonView, ...]
    can_reason: bool
    exchange: str
    """The label of what begins or ends an exchange; empty: it cannot be one."""
    is_exchange: bool
    give_up: str
    money: MoneyView


def headers(wording: Wording, *, is_list_price: bool = False) -> Headers:
    """Heads short enough for large text. `is_list_price`: nobody knows what was paid."""
    t = wording.t
    each = t("List price") if is_list_price else t("Paid each")
    return Headers(t("Item"), t("Bought"), t("Returned"), t("Left"), t("This time"), each)


def present_goods(
    state: RefundState,
    till: TillState,
    wording: Wording,
    *,
    current: str,
    money: MoneyView,
    now: datetime,
) -> GoodsView:
    """A refund of a known sale. `now`: the shop's wall clock."""
    t = wording.t
    line = next((each for each in state.lines if each.line_id == current), None)
    chosen = line.reason if line is not None else None
    return GoodsView(
        head=_head(state, till, wording, now),
        found=t("Receipt found"),
        number=formatting.spaced_code(state.sale.receipt_code),
        headers=headers(wording),
        rows=tuple(_row(each, till, wording) for each in state.lines),
        current=current,
        hint=_hint(state, wording),
        reasons_title=t("Reason of the return"),
        reasons_hint=t("or press its digit"),
        reasons=reasons(chosen, wording),
        can_reason=line is not None and line.chosen.thousandths > 0 and not state.money_moves,
        exchange="" if state.money_moves else t("Exchange"),
        is_exchange=state.exchange,
        give_up="" if state.money_moves else t("Give up"),
        money=money,
    )


def reasons(chosen: RefundReason | None, wording: Wording) -> tuple[ReasonView, ...]:
    """All reasons in the order of their keys."""
    return tuple(
        ReasonView(wording.t(REASON_WORDS[reason]), str(number), reason == chosen)
        for number, reason in enumerate(REFUND_REASONS, start=1)
    )


def quantity_text(quantity: Quantity, unit: str = "") -> str:
    """`2`, `0.842 kg`."""
    return formatting.quantity(Decimal(quantity.thousandths) / THOUSAND, unit)


def moment_of(wall_ms: int, now: datetime) -> datetime:
    """A stored moment on the shop's wall clock, whose zone `now` has."""
    return datetime.fromtimestamp(wall_ms // 1000, now.tzinfo)


def _head(state: RefundState, till: TillState, wording: Wording, now: datetime) -> HeadView:
    t, n, sale = wording.t, wording.n, state.sale
    days = (now.date() - sale.business_day).days
    ago = t("today") if days <= 0 else n("{count} day ago", "{count} days ago", days)
    window = (
        t("return window over since {day}", day=formatting.short_day(state.last_day, wording))
        if state.is_late
        else t("can come back until {day}", day=formatting.short_day(state.last_day, wording))
    )
    currency = till.program.currency
    amounts = [formatting.money(each.amount, currency=currency) for each in state.tenders]
    tenders = [
        t("{tender} {amount}", tender=tender_word(each.kind, wording), amount=amount)
        for each, amount in zip(state.tenders, amounts, strict=True)
    ]
    member = sale.member_name or (t("member") if sale.member_id else "")
    sold = moment_of(sale.sold_ms, now)
    return HeadView(
        icon="receipt",
        title=t("{moment}  No. {number}", moment=formatting.moment(sold), number=sale.number),
        detail=t("{ago} ⋅ {window}", ago=ago, window=window),
        detail_tone="warning" if state.is_late else "text_secondary",
        end=_side_by_side(member, tenders),
        detail_short=window,
        end_short=_side_by_side(member, amounts),
    )


def _side_by_side(member: str, paid: list[str]) -> str:
    return "   ".join(part for part in (member, "  ".join(paid)) if part)


def _row(line: RefundLine, till: TillState, wording: Wording) -> RefundRow:
    note, tone = _note(line, wording)
    batch = batch_note(line.lot, line.expires, "fresh", wording)
    is_chosen = line.chosen.thousandths > 0
    currency = till.program.currency
    back = formatting.figure(line.amount, currency=currency) if is_chosen else ""
    return RefundRow(
        line_id=line.line_id,
        name=line.name,
        note=begun(SEPARATOR.join(part for part in (note, batch) if part)),
        note_tone=tone,
        sold=quantity_text(line.sold),
        returned=quantity_text(line.returned),
        left=quantity_text(line.left),
        now=quantity_text(line.chosen),
        each=formatting.figure(line.each, currency=currency),
        back=back,
        is_chosen=is_chosen,
        can_step=line.left.thousandths > 0,
        counts=wording.t(
            "{sold} bought, {returned} returned",
            sold=quantity_text(line.sold),
            returned=quantity_text(line.returned),
        ),
    )


def _note(line: RefundLine, wording: Wording) -> tuple[str, str]:
    t = wording.t
    if line.chosen.thousandths and line.reason is None:
        return t("Say why: keys 1 to 6"), "warning"
    if line.chosen.thousandths and line.reason is not None:
        return t(REASON_WORDS[line.reason]), "primary"
    if not line.left.thousandths:
        return t("All of it came back already"), "text_secondary"
    if line.gift_of:
        return t("Came as a gift with other goods"), "text_secondary"
    return "", "text_secondary"


def _hint(state: RefundState, wording: Wording) -> str:
    t = wording.t
    if state.money_moves:
        return t("Money went back already: finish this refund as it is.")
    if state.exchange:
        return t("Exchange: scan the new goods; they go into the basket.")
    return t("Scan the goods that come back: each scan is one more.")
