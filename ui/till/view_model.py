"""Till view model: the snapshot as texts. Pure: no Qt, no service, no clock.

Owns: what stands in the basket rows, the foot, the totals and the notices of the till.
Does not own: the member card (member_view.py), what rules are called (ui/phrases.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.phone import Phone, parse_phone
from app.services.till_state import TillLine, TillState
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.batch_words import batch_note
from ui.choice.view_model import choice_note
from ui.phrases import FigureLine, quantity_text
from ui.rows import BasketRow
from ui.till.member_view import MemberView, member_view

Tone = Literal["success", "warning", "danger", "info", "offline", "member"]


@dataclass(frozen=True, slots=True)
class TotalsView:
    """The card above the pay button."""

    rows: tuple[FigureLine, ...]
    due_label: str
    due: str
    saved: str
    """Empty where nothing was saved."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One sentence above the basket, with at most one act."""

    sentence: str
    tone: Tone
    act: str = ""


@dataclass(frozen=True, slots=True)
class TillView:
    """The whole till screen as texts."""

    rows: tuple[BasketRow, ...]
    current_id: str
    counts: str
    totals: TotalsView
    member: MemberView | None
    has_lines: bool
    can_pay: bool
    """Whether the pay key does something; it may still refuse and say why."""
    pay_label: str
    is_ready: bool
    """Whether every line is settled: only then is paying the one thing to do next."""
    can_explain: bool
    can_undo: bool
    has_coupons: bool
    empty_sentence: str
    empty_detail: str
    notices: tuple[NoticeView, ...]
    """What stays true: the clock, a coming program. The first one is shown."""


def present(state: TillState, wording: Wording, *, member_key: str = "") -> TillView:
    """The snapshot in this language. `member_key`: the key that finds a member, to be named."""
    return TillView(
        rows=tuple(_row(line, state, wording) for line in state.lines),
        current_id=state.selected or "",
        counts=_counts(state, wording) if state.lines else "",
        totals=_totals(state, wording),
        member=member_view(state, wording) if state.member is not None else None,
        has_lines=bool(state.lines),
        can_pay=bool(state.lines) and not state.locked,
        pay_label=_pay_label(state, wording),
        is_ready=not _to_settle(state),
        can_explain=any(line.problem is None for line in state.lines),
        can_undo=state.can_undo,
        has_coupons=state.member is not None and bool(state.member.coupons),
        empty_sentence=wording.t("Scan an item to begin"),
        empty_detail=_empty_detail(state, wording, member_key),
        notices=_notices(state, wording),
    )


def _to_settle(state: TillState) -> int:
    return sum(line.problem is not None for line in state.lines)


def _pay_label(state: TillState, wording: Wording) -> str:
    count = _to_settle(state)
    if count:
        return wording.n("{count} line to settle", "{count} lines to settle", count)
    return wording.t("Go on paying") if state.totals.received else wording.t("Pay")


def _row(line: TillLine, state: TillState, wording: Wording) -> BasketRow:
    currency = state.program.currency
    priced = line.problem is None and line.unit_price is not None
    off = line.row_amount - line.list_amount
    return BasketRow(
        line_id=line.line_id,
        number=str(line.number),
        name=line.name or wording.t("Unknown barcode {code}", code=_code(line)),
        quantity=quantity_text(line.quantity, line.unit if _says_unit(line) else ""),
        unit_price=formatting.figure(line.unit_price, currency=currency)
        if priced and line.unit_price is not None
        else "",
        amount=formatting.figure(line.row_amount, currency=currency) if priced else "",
        reason=_reason(line, state, wording) if priced else "",
        saving=formatting.taken_off(off, currency=currency) if _is_saving(line) else "",
        problem=phrases.problem_sentence(line, wording),
        can_step=not (line.quantity_fixed or line.weighed or line.is_gift),
    )


def _is_saving(line: TillLine) -> bool:
    """Goods for points are paid in another way, not cheaper."""
    by_points = any(change.kind == "points_price" for change in line.adjustments)
    return line.row_amount < line.list_amount and not by_points


def _says_unit(line: TillLine) -> bool:
    return line.weighed or not line.quantity.is_pieces


def _code(line: TillLine) -> str:
    return formatting.shortened_code(line.scanned)


def _reason(line: TillLine, state: TillState, wording: Wording) -> str:
    """Why the amount differs from the list amount, in the second line of the row."""
    said = [wording.t("Weighed")] if line.weighed else []
    if line.is_gift and not line.adjustments:
        said.append(wording.t("Gift"))
    said += [phrases.adjustment_name(change, state.rules, wording) for change in line.adjustments]
    batch = batch_note(line.lot, line.expires, line.freshness, wording)
    notes = [each for each in (choice_note(line, state, wording), batch) if each]
    if notes and not said:
        notes[0] = phrases.begun(notes[0])
    return phrases.SEPARATOR.join([*said, *notes])


def _counts(state: TillState, wording: Wording) -> str:
    kinds = wording.n("{count} item", "{count} items", state.totals.kinds)
    pieces = wording.n("{count} pc", "{count} pcs", state.totals.pieces)
    return f"{kinds}{phrases.SEPARATOR}{pieces}"


def _totals(state: TillState, wording: Wording) -> TotalsView:
    totals = state.totals
    saved = ""
    if totals.saved.minor > 0:
        saved = wording.t("You save {amount}", amount=phrases.money(totals.saved, state))
    if totals.received:
        received = formatting.figure(-totals.received, currency=state.program.currency)
        due = formatting.figure(totals.due, currency=state.program.currency)
        return TotalsView(
            rows=(
                FigureLine(wording.t("Amount due"), due),
                FigureLine(wording.t("Received so far"), received),
            ),
            due_label=wording.t("Still to pay"),
            due=phrases.money(totals.due - totals.received, state),
            saved="",
        )
    return TotalsView(
        rows=tuple(phrases.total_rows(state, wording)),
        due_label=wording.t("Amount due"),
        due=phrases.money(totals.due, state),
        saved=saved,
    )


def _empty_detail(state: TillState, wording: Wording, member_key: str) -> str:
    if state.member is None and not member_key:
        return wording.t("Scan a member code to recognise a member")
    if state.member is None:
        sentence = N_("Scan a member code or press {key} to recognise a member")
        return wording.t(sentence, key=member_key)
    return wording.t("The prices of this member apply from the first item on")


def _notices(state: TillState, wording: Wording) -> tuple[NoticeView, ...]:
    said: list[NoticeView] = []
    if state.attempt is not None or state.totals.received:
        said.append(
            NoticeView(
                wording.t(
                    "Money was taken for this basket: it changes again once it is paid or given "
                    "back."
                ),
                "info",
            )
        )
    if state.clock is not None:
        said.append(
            NoticeView(
                wording.t(
                    "The clock of this till stands before the last sale. You can keep selling; "
                    "please set the clock."
                ),
                "warning",
            )
        )
    if state.coming_program is not None:
        day = formatting.day(state.coming_program)
        news = [phrases.words(text, wording) for text in state.announcements]
        sentence = wording.t("From {day} on new member rules apply", day=day)
        if news:
            sentence = wording.t("{rule}: {reason}", rule=sentence, reason=news[0])
        said.append(NoticeView(sentence, "info"))
    return tuple(said)


def refuse_payment(state: TillState, wording: Wording) -> str:
    """Why F9 does nothing now; empty where the basket can be paid."""
    match state.pay_block:
        case None | "payment_open" | "overpaid":
            return ""  # the payment screen shows it, and the way out
        case "unresolved":
            line = next(line for line in state.lines if line.problem is not None)
            return phrases.blocked_sentence(line, wording)
        case block:
            return wording.t(_PAY_BLOCKS[block])


_PAY_BLOCKS = {
    "empty": N_("The basket is empty: scan an item first."),
    "nobody": N_("Nobody is signed in: scan your badge first."),
    "too_large": N_(
        "This sale is too large for one receipt: take lines off and ring them up in the next one."
    ),
    "own_membership": N_("Nobody rings up his own membership: ask another cashier."),
    "pack_needs_member": N_(
        "A membership pack is for a member: scan the member card or enrol the customer first."
    ),
    "pack_twice": N_(
        "One membership pack of a kind in a sale: take the others off, and sell them in the next."
    ),
}


# ------------------------------------------------------------------ the drop list


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One product in the drop list under the input line."""

    sku: str
    name: str
    detail: str
    price: str


TextMeaning = Literal["nothing", "scan", "add", "wait", "phone", "not_found"]


def meaning_of(
    text: str,
    *,
    answered: str | None,
    hits: Sequence[str],
    chosen: str | None,
    is_code: bool = False,
) -> TextMeaning:
    """What Enter does with a typed text.

    `answered`: the text the drop list answers (None: no answer yet); `is_code`: it is the whole
    code of an item; `chosen`: the sku the cashier moved to. Digits are a code; letters mean the
    best hit; what nothing was found for is tried as a code where it can be one. A mobile number
    is a member, unless an item has it as its code: every cashier types one here some day, and as
    a barcode it would only block the payment.
    """
    if not text:
        return "nothing"
    if chosen is not None:
        return "add"
    if isinstance(parse_phone(text), Phone):
        if answered != text:
            return "wait"
        return "scan" if is_code else "phone"
    if text.isascii() and text.isdigit():
        return "scan"
    if answered != text:
        return "wait"
    if hits:
        return "add"
    could_be_code = text.isascii() and not any(c.isspace() for c in text)
    return "scan" if could_be_code else "not_found"


def is_international_phone(text: str) -> bool:
    """Whether a scanned code is a mobile number for certain: no goods have a plus in their code.

    Eleven digits alone stay an item's code when they are scanned; nobody prints a phone as one.
    """
    return text.startswith("+") and isinstance(parse_phone(text), Phone)
