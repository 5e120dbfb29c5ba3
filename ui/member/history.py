"""Texts of the tabs of coupons, benefits and tier. Pure.

Owns: their words. Does not own: gathering them (app/services/member_history.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.money import Money
from app.domain.program import Text
from app.domain.tiers import TierGap, TierSource
from app.domain.view import EntitlementLeft
from app.services.member_history import (
    CouponRow,
    CouponState,
    MemberBenefits,
    MemberCoupons,
    MemberTier,
    TierEvent,
)
from app.wording import N_, Wording
from ui import formatting
from ui.member_tabs import TabTable, TabTold
from ui.phrases import words
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

COUPON_STATES: dict[CouponState, tuple[str, str]] = {
    "usable": (N_("Usable"), "success"),
    "used": (N_("Used"), "text_secondary"),
    "lapsed": (N_("Out of date"), "text_secondary"),
    "not_counted": (N_("Not counted"), "warning"),
}
PERIODS = {
    "day": N_("a day"), "week": N_("a week"), "month": N_("a month"), "quarter": N_("a quarter"),
    "year": N_("a year"), "once": N_("once and for all"),
}  # fmt: skip
SOURCES: dict[TierSource, str] = {
    "entry": N_("as everybody begins"),
    "reached": N_("reached"),
    "review": N_("by its review"),
    "grant": N_("granted by hand"),
    "pack": N_("by a membership pack"),
    "trial": N_("to try"),
}


def coupons_table(answer: MemberCoupons, told: TabTold) -> TabTable:
    """Every coupon, the usable ones first."""
    t = told.wording.t
    columns = (
        TableColumn(t("Coupon")),
        TableColumn(t("Number"), 160, can_hide=True),
        TableColumn(t("Given"), 120),
        TableColumn(t("Until"), 120),
        TableColumn(t("State"), 130),
    )
    rows = tuple(_coupon(row, told.wording) for row in answer.rows)
    return TabTable(columns, rows, t("No coupon was ever given."))


def _coupon(row: CouponRow, wording: Wording) -> TableRow:
    t = wording.t
    state, tone = COUPON_STATES[row.state]
    until = formatting.day(row.expires) if row.expires is not None else t("As long as it runs")
    return TableRow(
        "",
        (
            TableCell(words(row.words, wording), strong=row.state == "usable"),
            quiet(row.code),
            quiet(formatting.day(row.issued)),
            quiet(until),
            TableCell(t(state), tone),
        ),
    )


def benefits_table(answer: MemberBenefits, told: TabTold) -> TabTable:
    """What is left of each benefit in its period."""
    t = told.wording.t
    columns = (TableColumn(t("Benefit")), TableColumn(t("Left"), 110, right=True),
               TableColumn(t("Of"), 160))  # fmt: skip
    rows = tuple(_benefit(each, told.wording) for each in answer.rows)
    tier = words(answer.tier, told.wording)
    return TabTable(columns, rows, t("{tier} has no benefits to be ticked off.", tier=tier))


def _benefit(each: EntitlementLeft, wording: Wording) -> TableRow:
    given = each.entitlement
    period = wording.t(PERIODS.get(given.period, N_("a period")))
    of = wording.t("{count} {period}", count=given.count, period=period)
    tone = "text_primary" if each.left else "text_secondary"
    return TableRow(
        "", (TableCell(words(given.name, wording)), TableCell(str(each.left), tone), quiet(of))
    )


# ------------------------------------------------------------------ tier


def tier_table(answer: MemberTier, told: TabTold) -> TabTable:
    """How it came about; above, how it stands and what is missing."""
    t = told.wording.t
    columns = (
        TableColumn(t("Day"), 120),
        TableColumn(t("What")),
        TableColumn(t("Until"), 120),
    )
    rows = tuple(_event(each, told.wording) for each in answer.events)
    empty = t("Nothing has changed the tier so far.")
    return TabTable(columns, rows, empty, tuple(_standing(answer, told)))


def _standing(answer: MemberTier, told: TabTold) -> Iterator[str]:
    t, tier = told.wording.t, words(answer.tier, told.wording)
    source = t(SOURCES[answer.source])
    until = formatting.day(answer.until) if answer.until is not None else ""
    yield (
        t("{tier}, {source}, until {day}", tier=tier, source=source, day=until)
        if until
        else t("{tier}, {source}", tier=tier, source=source)
    )
    for to, gaps in ((N_("{gap} more to reach {tier}"), answer.to_next),
                     (N_("{gap} more to keep {tier}"), answer.to_keep)):  # fmt: skip
        for name, gap in gaps:
            yield t(to, gap=_gap(gap, told), tier=words(name, told.wording))


def _gap(gap: TierGap, told: TabTold) -> str:
    wording = told.wording
    match gap.measure:
        case "spend":
            return formatting.money(Money(gap.missing), currency=told.currency)
        case "visits":
            return wording.n("{count} visit", "{count} visits", gap.missing)
        case "points":
            return wording.n("{count} point", "{count} points", gap.missing)


def _event(each: TierEvent, wording: Wording) -> TableRow:
    t, tier = wording.t, words(each.tier, wording)
    if each.what == "reached":
        said = t("{tier} reached by buying", tier=tier)
    elif each.what == "granted":
        said = t("{tier} granted by hand", tier=tier)
    elif each.what == "bought":
        said = t("{tier} by a membership pack", tier=tier)
    elif each.what == "tried":
        said = t("{tier} to try", tier=tier)
    else:
        said = _reviewed(_words(each.before, wording), tier, wording)
    if each.is_over:
        said = f"{said} {formatting.DOT} {t('taken back')}"
    until = formatting.day(each.until) if each.until is not None else ""
    tone = "text_secondary" if each.is_over else "text_primary"
    return TableRow("", (quiet(formatting.day(each.day)), TableCell(said, tone), quiet(until)))


def _reviewed(before: str, tier: str, wording: Wording) -> str:
    """A review that lowers nothing names the tier once."""
    if before in ("", tier):
        return wording.t("Review: {tier} kept", tier=tier)
    return wording.t("Review: {before}, then {tier}", before=before, tier=tier)


def _words(text: Text | None, wording: Wording) -> str:
    return words(text, wording) if text is not None else ""
