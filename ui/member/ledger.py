"""Texts of two tabs: what a member bought, and every change of his points with its cause. Pure.

Owns: the words of causes. Does not own: gathering entries (app/services/member_page.py), that they
add up (app/domain/points_ledger.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.moment import Moment
from app.domain.points_ledger import LedgerEntry
from app.services.member_page import MemberLedger, MemberOrders, OrderRow
from app.wording import N_, Wording
from ui import formatting
from ui.member_tabs import TabTable, TabTold
from ui.phrases import words
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

CAUSES = {
    "sale_recorded": N_("Sale"),
    "refund_recorded": N_("Refund"),
    "return_recorded": N_("Return without a receipt"),
    "member_joined": N_("Joined"),
    "checked_in": N_("Check-in"),
    "survey_answered": N_("Answer about a purchase"),
    "points_adjusted": N_("Corrected by hand"),
    "coupon_issued": N_("Given with a coupon"),
    "pieces_settled": N_("Refund counted once"),
    "sale_shared": N_("A friend's purchase"),
    "members_parted": N_("Shared out when two members were parted"),
}
REASONS = {
    "import": N_("Brought along from the earlier system"),
    "birthday": N_("Birthday"),
    "exchange": N_("Exchanged for a coupon"),
    "reward": N_("Reward"),
    "welcome": N_("Welcome"),
    "referral": N_("Friends invited"),
}
"""Of facts that name a cause of their own by a code; other reasons are words somebody chose."""


def moment_of(wall_ms: int, told: TabTold) -> str:
    """Date and time by the shop's clock."""
    return formatting.moment(Moment(wall_ms, 0, "").local(told.zone))


def orders_table(answer: MemberOrders, told: TabTold) -> TabTable:
    """What he bought, newest first."""
    t = told.wording.t
    columns = (
        TableColumn(t("Time"), 160),
        TableColumn(t("Receipt no.")),
        TableColumn(t("Lines"), 80, right=True, can_hide=True),
        TableColumn(t("Total"), 120, right=True),
        TableColumn(t("Given back"), 120, right=True, can_hide=True),
        TableColumn(t("Cashier"), 110, can_hide=True),
    )
    rows = tuple(_order(row, answer, told) for row in answer.rows)
    notes = (t("Only the latest ones are shown."),) if answer.more else ()
    empty = t("Nothing was bought that this till knows of.")
    return TabTable(columns, rows, empty, notes)


def _order(row: OrderRow, answer: MemberOrders, told: TabTold) -> TableRow:
    back = row.paid_back
    given_back = formatting.money(-back, currency=told.currency) if back else ""
    return TableRow(
        row.receipt,
        (
            quiet(moment_of(row.sold_ms, told)),
            TableCell(formatting.spaced_code(row.receipt)),
            quiet(str(row.line_count)),
            TableCell(formatting.money(row.due, currency=told.currency), strong=True),
            TableCell(given_back, "saving"),
            quiet(answer.staff.get(row.staff_id, "")),
        ),
    )


# ------------------------------------------------------------------ points


def ledger_table(answer: MemberLedger, told: TabTold) -> TabTable:
    """Every change with its cause; the sentences above say what makes it add up."""
    t = told.wording.t
    columns = (
        TableColumn(t("Time"), 160),
        TableColumn(t("Cause")),
        TableColumn(t("Earned"), 100, right=True),
        TableColumn(t("Spent"), 100, right=True),
        TableColumn(t("By"), 110, can_hide=True),
    )
    rows = tuple(_entry(each, answer, told) for each in answer.ledger.entries)
    empty = t("No points were earned or spent that this till knows of.")
    return TabTable(columns, rows, empty, tuple(_sums(answer, told.wording)))


def _entry(each: LedgerEntry, answer: MemberLedger, told: TabTold) -> TableRow:
    return TableRow(
        each.op_id,
        (
            quiet(moment_of(each.wall_ms, told)),
            TableCell(cause_words(each, answer, told)),
            TableCell(_signed(each.gained), "success"),
            TableCell(_signed(-each.taken), "saving"),
            quiet(answer.staff.get(each.staff_id, "")),
        ),
    )


def _signed(points: int) -> str:
    return formatting.points(points, signed=True) if points else ""


def cause_words(each: LedgerEntry, answer: MemberLedger, told: TabTold) -> str:
    """`Sale · R071 ...`, `Corrected by hand · typed wrongly (taken back)`."""
    wording = told.wording
    t = wording.t
    parts = [t(CAUSES.get(each.kind, N_("Other")))]
    if each.code:
        parts.append(formatting.shortened_code(each.code))
    if each.undoes:
        parts.append(t("takes an earlier one back"))
    elif each.reason:
        parts.append(_reason(each.reason, told))
    if each.op_id in answer.undone:
        parts.append(t("taken back"))
    if each.held_days:
        held = wording.n("usable after {count} day", "usable after {count} days", each.held_days)
        parts.append(held)
    return f" {formatting.DOT} ".join(parts)


def _reason(reason: str, told: TabTold) -> str:
    """A code of ours, a reason of the shop's list, or words somebody typed."""
    if reason in REASONS:
        return told.wording.t(REASONS[reason])
    known = told.rights.reason("points_by_hand", reason)
    return reason if known is None else words(known.words, told.wording)


def _sums(answer: MemberLedger, wording: Wording) -> Iterator[str]:
    """The balance, and what stands between it and the entries."""
    t, ledger = wording.t, answer.ledger
    points = formatting.points
    parts = [t("Balance {points}", points=points(ledger.balance))]
    if ledger.held:
        parts.append(t("held {points}", points=points(ledger.held)))
    if ledger.lapsed:
        parts.append(t("expired so far {points}", points=points(ledger.lapsed)))
    if ledger.elsewhere:
        parts.append(
            t("not in this till's records {points}", points=points(ledger.elsewhere, signed=True))
        )
    yield f" {formatting.DOT} ".join(parts)
    if not answer.has_all:
        yield t("Only the latest ones are shown.")
