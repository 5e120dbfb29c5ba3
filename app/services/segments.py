"""Segments: who the members are: what they bought and how likely they are lost, with who is behind.

Owns: reading both beside each other, the members of a grade, the file of a group. Does not own:
judging (figure_keeping.py, churn_keeping.py), the members of a segment (figures.py), what is done
about a group (campaigns).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.churn import Grade
from app.domain.churn_record import ChurnCounts, ChurnLine
from app.domain.consent import refuses
from app.domain.figure_record import SegmentCounts, SegmentLine
from app.domain.segments import SEGMENTS, Segment
from app.services.answers import NotAllowed, SignInFirst
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.figure_export import PEOPLE_A_UNIT, PEOPLE_MAX, FiguresExported, who_cells
from app.services.figure_words import segment_name
from app.services.figures import PAGE_LINES_MAX, SegmentRead, people_of_segment
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop
from app.services.spreadsheet import Cell, Form, Number, Sheet, csv_bytes, xlsx_bytes
from app.wording import N_, Wording

Group = Segment | Grade
GRADES: Sequence[Grade] = ("high", "middle", "low")
GRADE_NAMES: dict[Grade, str] = {
    "high": N_("High churn risk"),
    "middle": N_("Medium churn risk"),
    "low": N_("Low churn risk"),
}


@dataclass(frozen=True, slots=True)
class GroupsRead:
    """Both, as they were judged last; None: never."""

    segments: SegmentCounts | None
    churn: ChurnCounts | None


@dataclass(frozen=True, slots=True)
class GradeRead:
    """One page of a grade. `has_more`: the next page is not empty."""

    lines: tuple[ChurnLine, ...]
    has_more: bool


def read_groups(*, shop: Shop, work: UnitOfWork) -> GroupsRead | SignInFirst | NotAllowed:
    """How many members are in which segment and grade. Changes nothing."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    return GroupsRead(work.segments.counts(), work.churn.counts())


def people_of_grade(
    *, shop: Shop, work: UnitOfWork, grade: Grade, offset: int = 0, limit: int = 50
) -> GradeRead | SignInFirst | NotAllowed:
    """Who has a grade, the likeliest lost first; whoever said no to it since is left out."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    most = min(max(limit, 1), PAGE_LINES_MAX)
    found = work.churn.page(grade, offset, most + 1)
    accounts = work.accounts.get_many([line.person for line in found[:most]])
    kept = tuple(
        line
        for line in found[:most]
        if line.person not in accounts or not refuses(accounts[line.person], "profiling")
    )
    return GradeRead(kept, len(found) > most)


def group_name(group: Group, wording: Wording) -> str:
    """What a segment or a grade is called."""
    for grade in GRADES:
        if grade == group:
            return wording.t(GRADE_NAMES[grade])
    return next(segment_name(each, wording) for each in SEGMENTS if each == group)


# ------------------------------------------------------------------ the file of a group


def export_group(
    *, shop: Shop, lane: Lane, group: Group, form: Form, language: str
) -> FiguresExported | SignInFirst | NotAllowed:
    """The members of a segment or grade, masked. Off the lane, page by page. Changes: audit."""
    rows: list[tuple[Cell, ...]] = []
    offset, has_more = 0, True
    decimals = shop.desk.state.program.prices.decimals
    while has_more and len(rows) < PEOPLE_MAX:
        page = lane.run(partial(_page, shop, group, offset))
        if isinstance(page, SignInFirst | NotAllowed):
            return page
        rows += [_cells(line, decimals) for line in page.lines]
        offset, has_more = offset + PEOPLE_A_UNIT, page.has_more
    lane.run(partial(_trace, shop, group))
    wording = shop.words_for(language)
    sheet = Sheet(group_name(group, wording), _header(group, wording), tuple(rows))
    data = csv_bytes([sheet]) if form == "csv" else xlsx_bytes([sheet])
    return FiguresExported(f"{group}.{form}", data, is_cut=has_more)


def _page(
    shop: Shop, group: Group, offset: int, work: UnitOfWork
) -> GradeRead | SegmentRead | SignInFirst | NotAllowed:
    place = {"offset": offset, "limit": PEOPLE_A_UNIT}
    for grade in GRADES:
        if grade == group:
            return people_of_grade(shop=shop, work=work, grade=grade, **place)
    segment = next(each for each in SEGMENTS if each == group)
    return people_of_segment(shop=shop, work=work, segment=segment, **place)


def _cells(line: ChurnLine | SegmentLine, decimals: int) -> tuple[Cell, ...]:
    who = who_cells(line.member)
    if isinstance(line, ChurnLine):
        return (*who, Number(line.seen.days_since), Number(line.seen.usual_days))
    return (
        *who,
        Number(line.recency_days),
        Number(line.frequency),
        Number(line.money_minor, decimals, "money"),
        line.scores.text,
    )


def _header(group: Group, wording: Wording) -> tuple[str, ...]:
    t = wording.t
    who = (t("Member card"), t("Name"), t("Phone"), t("Days since the last visit"))
    if group in GRADES:
        return (*who, t("Usual days between visits"))
    return (*who, t("Purchases in 12 months"), t("Spent in 12 months"), t("RFM scores"))


def _trace(shop: Shop, group: Group, work: UnitOfWork) -> None:
    record(shop=shop, work=work, now=shop.now(), act="figures_exported", details={"what": group})
