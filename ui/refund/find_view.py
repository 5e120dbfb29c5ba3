"""Find view: looking for the sale - its receipt, its number, a member, the last ones. Pure.

Owns: the list to choose from and what is said where nothing fits. Does not own: searching
(refund_search.py in services, search.py here), the goods (view_model.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.services.find_member import MemberHit
from app.services.refund_search import (
    AllBackAlready,
    DoneRefund,
    FindAnswer,
    IsARefund,
    NoSaleNumbered,
    NotAReceipt,
    NotSoldHere,
    SoldSale,
)
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import formatting
from ui.refund.view_model import MoneyRow, MoneyView, Tone, moment_of


@dataclass(frozen=True, slots=True)
class FindRow:
    """One sale, or one member. `key`: its id."""

    key: str
    icon: str
    name: str
    detail: str
    figure: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class FindView:
    """The left side while the sale is looked for."""

    title: str
    rows: tuple[FindRow, ...]
    current: int
    empty: str
    empty_detail: str
    money: MoneyView


@dataclass(frozen=True, slots=True)
class FindForm:
    """What was found so far. `people` before `sales`: members are chosen first."""

    people: tuple[MemberHit, ...] = ()
    sales: tuple[SoldSale, ...] | None = None
    of_member: str = ""
    """The masked name of whose sales they are."""
    current: int = -1
    answer: FindAnswer | None = None
    """Why the last look led to no goods."""
    is_asking: bool = False
    """Head office is asked for a receipt of another till."""


_NOT_SOLD_HERE = {
    "alone": N_("This till does not hold that sale. Only a return without a receipt is left."),
    "offline": N_(
        "Another till sold that, and head office cannot be asked now. Try again, or take it back "
        "without a receipt."
    ),
    "unknown": N_("Head office knows no such sale. Only a return without a receipt is left."),
}


def present_find(
    form: FindForm, till: TillState, wording: Wording, *, now: datetime, typed: str = ""
) -> FindView:
    """The list to choose from, and what the last look found out. `typed`: Enter looks for it."""
    t = wording.t
    if form.people:
        title = t("Whose sale is it?")
        rows = tuple(_person(each, wording) for each in form.people)
    else:
        title = t("Sales of {name}", name=form.of_member) if form.of_member else t("Last sales")
        rows = tuple(_sale(each, till, wording, now) for each in form.sales or ())
    return FindView(
        title=title,
        rows=rows,
        current=form.current,
        empty=t("Scan the receipt to begin") if form.sales is not None else "",
        empty_detail=t("Nothing was sold yet that could come back."),
        money=_side(form, till, wording, now, can_open=bool(typed) or form.current >= 0),
    )


def find_sentence(answer: FindAnswer, wording: Wording) -> tuple[str, Tone]:
    """What a look that led to no goods says under the field; empty: the screen shows it."""
    t = wording.t
    match answer:
        case AllBackAlready():
            return t("Everything of this sale came back already."), "warning"
        case IsARefund():
            return t("This is the receipt of a refund: it cannot be refunded."), "danger"
        case NotSoldHere():
            return t(_NOT_SOLD_HERE[answer.why]), "warning"
        case NotAReceipt(_, misread):
            if misread:
                return t("The receipt code was misread. Scan it again."), "danger"
            return t("No receipt, number or member like this."), "danger"
        case NoSaleNumbered(number, day):
            return (
                t(
                    "No sale has number {number} on {day}. Another day: 20261120-{number}.",
                    number=number,
                    day=formatting.day(day),
                ),
                "warning",
            )
        case _:
            return "", "info"


def _sale(sale: SoldSale, till: TillState, wording: Wording, now: datetime) -> FindRow:
    t, n, currency = wording.t, wording.n, till.program.currency
    parts = [
        n("{count} line", "{count} lines", sale.line_count),
        sale.member_name,
        sale.staff_name,
    ]
    if sale.is_all_back:
        parts.append(t("all came back"))
    elif sale.paid_back:
        back = formatting.money(sale.paid_back, currency=currency)
        parts.append(t("{amount} given back", amount=back))
    sold = moment_of(sale.sold_ms, now)
    is_today = sold.date() == now.date()
    return FindRow(
        key=str(sale.sale_id),
        icon="receipt",
        name=t(
            "No. {number}  {moment}",
            number=sale.number,
            moment=formatting.clock(sold) if is_today else formatting.moment(sold),
        ),
        detail=" ⋅ ".join(part for part in parts if part),
        figure=formatting.money(sale.due, currency=currency),
        is_done=sale.is_all_back,
    )


def _person(hit: MemberHit, wording: Wording) -> FindRow:
    visit = ""
    if hit.last_visit is not None:
        visit = wording.t("last visit {day}", day=formatting.day(hit.last_visit))
    detail = " ⋅ ".join(part for part in (hit.phone_masked, hit.card_masked, visit) if part)
    name = hit.name_masked or hit.phone_masked or hit.card_masked
    return FindRow(hit.member_id, "user", name, detail, "")


def _side(
    form: FindForm,
    till: TillState,
    wording: Wording,
    now: datetime,
    *,
    can_open: bool,
) -> MoneyView:
    """The right column: who gave back what, or how to begin."""
    t, answer = wording.t, form.answer
    rows: tuple[MoneyRow, ...] = ()
    title = t("How to find the sale")
    empty = t(
        "Scan the code on the receipt. Without it: type its number, scan the member card or type "
        "the phone number, or choose from the list."
    )
    if isinstance(answer, AllBackAlready):
        title, empty = t("Came back already"), ""
        rows = tuple(_done(each, till, wording, now) for each in answer.refunds)
    elif isinstance(answer, IsARefund):
        title, empty = t("Refund"), ""
        rows = (_done(answer.refund, till, wording, now),)
    elif form.is_asking:
        title, empty = t("Not sold at this till"), t("Head office is asked for this receipt…")
    elif isinstance(answer, NotSoldHere):
        empty = t(
            "It was sold at register {till} of store {store}. Take it back there, or without a "
            "receipt here: that needs an approval and moves no points.",
            till=f"{answer.number.till:02d}",
            store=answer.number.store,
        )
        title = t("Not sold at this till")
    return MoneyView(title, rows, empty, "", "", "", t("Open the sale"), can_confirm=can_open)


def _done(refund: DoneRefund, till: TillState, wording: Wording, now: datetime) -> MoneyRow:
    return MoneyRow(
        "refund",
        formatting.moment(moment_of(refund.refunded_ms, now)),
        wording.t("by {name}", name=refund.staff_name) if refund.staff_name else "",
        formatting.money(refund.paid, currency=till.program.currency),
    )
