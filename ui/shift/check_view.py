"""Check view: what had to be there beside what was counted, and what a close hands over. Pure.

Owns: rows, notes and the float that is proposed. Does not own: widgets, counting, closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.money import Money
from app.domain.payment import TenderKind
from app.domain.shift_sums import ShiftReport
from app.services.shift_close import CloseInSight
from app.wording import N_, Wording
from ui import formatting

_TENDERS: Mapping[TenderKind, str] = {
    "cash": N_("Cash"),
    "card": N_("Card"),
    "mobile": N_("QR payment"),
    "other": N_("Other payment"),
}
NOTHING = "\u2013"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One tender. Only cash is counted: what a terminal took stands on its own slips."""

    name: str
    expected: str
    counted: str = NOTHING
    difference: str = NOTHING
    tone: str = ""


@dataclass(frozen=True, slots=True)
class CheckNote:
    """Something to know before closing; it stops nobody."""

    icon: str
    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """The whole comparison."""

    rows: tuple[CheckRow, ...]
    notes: tuple[CheckNote, ...]
    can_recount: bool
    asks_terminals: bool


def check_view(sight: CloseInSight, wording: Wording) -> CheckView:
    """Only once a count is saved."""
    assert sight.count is not None, "nothing is compared before a count is saved"
    assert sight.report is not None, "with a count there are figures"
    currency = sight.shift.currency
    rows = [_cash(sight, wording)]
    rows += [
        CheckRow(wording.t(_TENDERS[kind]), formatting.figure(amount, currency=currency))
        for kind, amount in _other_tenders(sight.report).items()
    ]
    return CheckView(
        rows=tuple(rows),
        notes=tuple(_notes(sight, wording)),
        can_recount=sight.counts_left > 0,
        asks_terminals=sight.open_payments > 0,
    )


def proposed_float(sight: CloseInSight) -> Money:
    """What stays for the next shift unless somebody says otherwise: what this one began with."""
    assert sight.count is not None, "nothing stays of what was not counted"
    return min(sight.shift.cash_float, sight.count.count.total)


def signed(difference: Money, currency: str) -> str:
    """`+3.00`, `−3.00`, `0.00`."""
    text = formatting.figure(difference, currency=currency)
    return f"+{text}" if difference.minor > 0 else text


def _cash(sight: CloseInSight, wording: Wording) -> CheckRow:
    count, currency = sight.count, sight.shift.currency
    assert count is not None, "the cash was counted"
    words = _TENDERS["cash"]
    return CheckRow(
        name=wording.t(words),
        expected=formatting.figure(count.expected, currency=currency),
        counted=formatting.figure(count.count.total, currency=currency),
        difference=signed(count.difference, currency),
        tone="danger" if count.difference.minor else "success",
    )


def _other_tenders(report: ShiftReport) -> dict[TenderKind, Money]:
    """What came in by other tenders, less what went back by them."""
    sums: dict[TenderKind, Money] = {}
    for sign, tenders in ((1, report.sales.tenders), (-1, report.refunds.tenders)):
        for each in tenders:
            if each.tender != "cash":
                before = sums.get(each.tender, Money(0))
                sums[each.tender] = before + Money(sign * each.amount_minor)
    return sums


def _notes(sight: CloseInSight, wording: Wording) -> list[CheckNote]:
    count, currency = sight.count, sight.shift.currency
    assert count is not None, "the cash was counted"
    notes = []
    for earlier in sight.shift.counts_of_round[:-1]:
        amount = formatting.money(earlier.count.total, currency=currency)
        words = wording.t("The first count said {amount}; both are kept.", amount=amount)
        notes.append(CheckNote("info", "text_secondary", words))
    if sight.needs_approval:
        words = wording.t("So large a difference needs a reason and a manager.")
        notes.append(CheckNote("shield-check", "warning", words))
    elif sight.needs_reason:
        words = wording.t("So large a difference needs a reason.")
        notes.append(CheckNote("alert", "warning", words))
    if sight.holds:
        words = wording.n(
            "{count} held sale goes to the next shift.",
            "{count} held sales go to the next shift.",
            len(sight.holds),
        )
        notes.append(CheckNote("pause", "warning", words))
    if sight.open_payments:
        words = wording.n(
            "{count} payment has no answer yet; it is asked about after the close too.",
            "{count} payments have no answer yet; they are asked about after the close too.",
            sight.open_payments,
        )
        notes.append(CheckNote("clock", "warning", words))
    return notes
