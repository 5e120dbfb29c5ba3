"""Exporting figures: what stands on the screen, and the members behind it, as CSV or XLSX.

Owns: which tables an export holds, its trace. The same numbers as on the screen, from the same
functions, each ratio with both its parts, so that anybody can add up again. Phones and names are
masked. Does not own: the files' forms (spreadsheet.py), where a file goes (a screen).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.codes import Code, CodeKind, parse_code
from app.domain.codes import masked as masked_code
from app.domain.figure_record import PersonLine
from app.domain.figures import Days, Figure, FigureId, TenderShare
from app.domain.member import Member, masked_name, masked_phone
from app.domain.payment import TenderKind
from app.domain.person_figures import CohortLine
from app.services.answers import NotAllowed, SignInFirst
from app.services.audit_trail import record
from app.services.figure_gathering import GatheringStopped, people_found
from app.services.figure_words import figure_definition, figure_name
from app.services.figures import (
    CohortsRead,
    DaySums,
    FiguresAnswer,
    FiguresRead,
    NobodyBehind,
    SpanTooLong,
    read_cohorts,
    read_figures,
    refusal_of,
)
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop
from app.services.spreadsheet import Cell, Form, Number, Sheet, csv_bytes, xlsx_bytes
from app.wording import N_, Wording

PEOPLE_MAX = 20_000
"""Members in one file; who wants more takes fewer days at a time."""
PEOPLE_A_UNIT = 200
TENDER_NAMES: dict[TenderKind, str] = {
    "cash": N_("Cash"),
    "card": N_("Card"),
    "mobile": N_("QR payment"),
    "other": N_("Other"),
}


@dataclass(frozen=True, slots=True)
class FiguresExported:
    """A file: its name as proposed, and its bytes. `is_cut`: there were more members than fit;
    `lacks_cohorts`: head office did not tell them."""

    name: str
    data: bytes
    is_cut: bool = False
    lacks_cohorts: bool = False


ExportAnswer = FiguresExported | SpanTooLong | NobodyBehind | SignInFirst | NotAllowed


def export_figures(
    *,
    shop: Shop,
    work: UnitOfWork,
    days: Days,
    form: Form,
    language: str,
    till: int | None = None,
    beside: Days | None = None,
    found: FiguresRead | None = None,
) -> ExportAnswer:
    """All figures of a slice with their definitions, tenders, days and cohorts. Changes: audit.

    `found`: the same slice where it was read already: a long one is gathered beside the lane, the
    chain's is head office's. The cohorts here are the shop's own; those of the chain are asked for
    (chain_export.py).
    """
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    read: FiguresAnswer | None = found
    if read is None:
        read = read_figures(shop=shop, work=work, days=days, till=till, beside=beside)
    if not isinstance(read, FiguresRead):
        return read
    is_of_shop = till is None and not read.of_chain
    own = read_cohorts(shop=shop, work=work, last=days.last) if is_of_shop else None
    cohorts = own if isinstance(own, CohortsRead) else None
    return figures_file(
        shop=shop, work=work, read=read, cohorts=cohorts, form=form, language=language
    )


def figures_file(
    *,
    shop: Shop,
    work: UnitOfWork,
    read: FiguresRead,
    cohorts: CohortsRead | None,
    form: Form,
    language: str,
    lacks_cohorts: bool = False,
) -> FiguresExported:
    """What was read as a file. Changes: audit. `lacks_cohorts`: they belong to it, but are not to
    be had; the file says so where they would stand."""
    wording, decimals = shop.words_for(language), _decimals(shop)
    sheets = [
        _figures_sheet(read, wording, decimals),
        _tender_sheet(read.tenders, wording, decimals),
        _days_sheet(read.by_day, wording, decimals),
    ]
    if cohorts is not None:
        sheets.append(_cohort_sheet(cohorts.cohorts, wording, decimals))
    elif lacks_cohorts:
        sheets.append(_no_cohorts_sheet(wording))
    what = "chain_figures" if read.of_chain else "figures"
    trace_export(shop=shop, work=work, what=what, days=read.days)
    file = _file(_name(what, read.days, form), sheets, form)
    return replace(file, lacks_cohorts=lacks_cohorts)


def export_people(
    *,
    shop: Shop,
    lane: Lane,
    figure: FigureId,
    days: Days,
    form: Form,
    language: str,
    till: int | None = None,
) -> ExportAnswer:
    """The members behind a figure, masked. Off the lane, in small units. Changes: audit."""
    found = people_found(shop=shop, lane=lane, figure=figure, days=days, till=till)
    if not isinstance(found, tuple):
        assert not isinstance(found, GatheringStopped), "nobody stops it here"
        return found
    lines: list[PersonLine] = []
    for start in range(0, min(len(found), PEOPLE_MAX), PEOPLE_A_UNIT):
        lines += lane.run(partial(_named, found[start : start + PEOPLE_A_UNIT]))
    lane.run(lambda work: trace_export(shop=shop, work=work, what=figure, days=days))
    sheet = people_sheet(shop=shop, figure=figure, lines=lines, language=language)
    exported = _file(_name(figure, days, form), [sheet], form)
    return FiguresExported(exported.name, exported.data, is_cut=len(found) > PEOPLE_MAX)


def _named(lines: Sequence[PersonLine], work: UnitOfWork) -> Sequence[PersonLine]:
    return work.figures.named(lines)


def trace_export(*, shop: Shop, work: UnitOfWork, what: str, days: Days) -> None:
    """Who took which figures out, of which days."""
    details = {"what": what, "first": days.first.isoformat(), "last": days.last.isoformat()}
    record(shop=shop, work=work, now=shop.now(), act="figures_exported", details=details)


def _file(name: str, sheets: list[Sheet], form: Form) -> FiguresExported:
    return FiguresExported(name, csv_bytes(sheets) if form == "csv" else xlsx_bytes(sheets))


def _name(what: str, days: Days, form: Form) -> str:
    return f"{what}-{days.first.isoformat()}-{days.last.isoformat()}.{form}"


def _decimals(shop: Shop) -> int:
    return shop.desk.state.program.prices.decimals


# ------------------------------------------------------------------ tables


def _figures_sheet(found: FiguresRead, wording: Wording, decimals: int) -> Sheet:
    rows = tuple(
        (
            figure_name(name, wording),
            _value(each.figure, decimals),
            None if each.before is None else _value(each.before, decimals),
            Number(each.figure.numerator),
            Number(each.figure.denominator),
            figure_definition(name, wording),
        )
        for name, each in found.figures.items()
    )
    header = (
        wording.t("Figure"),
        f"{found.days.first.isoformat()} – {found.days.last.isoformat()}",
        f"{found.compared.first.isoformat()} – {found.compared.last.isoformat()}",
        wording.t("Numerator"),
        wording.t("Denominator"),
        wording.t("Definition"),
    )
    return Sheet(wording.t("Figures"), header, rows)


def _value(figure: Figure, decimals: int) -> Cell:
    rounded = figure.rounded
    if rounded is None:
        return None
    if figure.unit == "share":
        return Number(rounded, 4, "share")
    return _money(rounded, decimals) if figure.unit == "money" else Number(rounded)


def _money(minor: int, decimals: int) -> Number:
    return Number(minor, decimals, "money")


def _tender_sheet(tenders: tuple[TenderShare, ...], wording: Wording, decimals: int) -> Sheet:
    rows = tuple(
        (
            wording.t(TENDER_NAMES[each.tender]),
            _money(each.received_minor, decimals),
            None if each.basis_points is None else Number(each.basis_points, 4, "share"),
            _money(each.paid_out_minor, decimals),
        )
        for each in tenders
    )
    header = (
        wording.t("Tender"),
        wording.t("Money received"),
        wording.t("Share"),
        wording.t("Paid back"),
    )
    return Sheet(wording.t("Tenders"), header, rows)


def _days_sheet(days: tuple[DaySums, ...], wording: Wording, decimals: int) -> Sheet:
    rows = tuple(
        (
            each.day.isoformat(),
            Number(each.sales),
            _money(each.paid_minor, decimals),
            _money(each.member_paid_minor, decimals),
            _money(each.back_minor, decimals),
        )
        for each in days
    )
    header = (
        wording.t("Day"),
        wording.t("Sales"),
        wording.t("Money received"),
        wording.t("Money received from members"),
        wording.t("Paid back"),
    )
    return Sheet(wording.t("Day by day"), header, rows)


def _cohort_sheet(cohorts: tuple[CohortLine, ...], wording: Wording, decimals: int) -> Sheet:
    most = max((len(line.later) for line in cohorts), default=0)
    rows = tuple(
        (str(line.month), Number(line.members), *_cells(line, most, decimals)) for line in cohorts
    )
    months = tuple(
        words.format(count=count)
        for count in range(most)
        for words in (wording.t("Bought, month {count}"), wording.t("Money up to month {count}"))
    )
    header = (wording.t("First purchase"), wording.t("Members"), *months)
    return Sheet(wording.t("Cohorts"), header, rows)


def _no_cohorts_sheet(wording: Wording) -> Sheet:
    said = wording.t("Head office did not tell the cohorts when this file was made.")
    return Sheet(wording.t("Cohorts"), (said,), ())


def _cells(line: CohortLine, most: int, decimals: int) -> Iterator[Cell]:
    for months in range(most):
        if months < len(line.later):
            yield Number(line.later[months].active)
            yield _money(line.net_minor(months), decimals)
        else:
            yield from (None, None)


def people_sheet(
    *, shop: Shop, figure: FigureId, lines: Sequence[PersonLine], language: str
) -> Sheet:
    """The members behind a figure, masked."""
    wording, decimals = shop.words_for(language), _decimals(shop)
    rows = tuple(
        (*who_cells(line.member, line.card), Number(line.sales), _money(line.net_minor, decimals))
        for line in lines
    )
    header = (
        wording.t("Member card"),
        wording.t("Name"),
        wording.t("Phone"),
        wording.t("Purchases"),
        wording.t("Received less paid back"),
    )
    return Sheet(figure_name(figure, wording), header, rows)


def who_cells(member: Member | None, card: str = "") -> tuple[Cell, Cell, Cell]:
    """As screens show him: masked. Somebody this till does not know is only counted; `card`: as
    head office told it."""
    if member is None:
        return card or None, None, None
    read = parse_code(member.card_code)
    card = masked_code(read) if isinstance(read, Code) and read.kind is CodeKind.MEMBER else ""
    phone = member.person.phone
    return card, masked_name(member.person.name), None if phone is None else masked_phone(phone)
