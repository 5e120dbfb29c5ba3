"""Exporting what stands behind the chain's figures: its members and answers, as CSV or XLSX.

Owns: gathering the pages of head office into one file, its trace. Does not own: the tables (those
of a shop's own lists: figure_export.py, survey_export.py), asking (chain_behind.py), the figures
themselves (figure_export.py takes them as they are shown). Masked, as everywhere.
"""

from __future__ import annotations

from typing import TypeAlias

from app.domain.figure_record import PersonLine
from app.domain.figures import Days, FigureId
from app.domain.server_answer import Unanswered
from app.services.chain_behind import answers_told, chain_cohorts, people_told
from app.services.figure_export import (
    PEOPLE_MAX,
    ExportAnswer,
    FiguresExported,
    figures_file,
    people_sheet,
    trace_export,
)
from app.services.figures import CohortsRead, FiguresRead, PeopleBehind
from app.services.ports import Lane
from app.services.shop import Shop
from app.services.spreadsheet import Form, Sheet, csv_bytes, xlsx_bytes
from app.services.survey import AnswerRead, AnswersRead
from app.services.survey_export import answer_sheet

PAGE_ROWS = 1_000
"""Nobody reads them one by one: fewer questions. Whom this till knows it names in small units."""
ChainExport: TypeAlias = ExportAnswer | Unanswered


def export_chain_figures(
    *,
    shop: Shop,
    lane: Lane,
    found: FiguresRead,
    form: Form,
    language: str,
) -> ChainExport:
    """All figures of the chain as they are shown, with its tenders, days and cohorts. Off the lane.
    Changes: audit.

    What is on the screen is saved whatever head office says now; the cohorts, which have to be
    asked for, are then left out, and the file says so.
    """
    told = chain_cohorts(shop=shop, last=found.days.last)
    if not isinstance(told, CohortsRead | Unanswered):
        return told
    cohorts = told if isinstance(told, CohortsRead) else None
    return lane.run(
        lambda work: figures_file(
            shop=shop, work=work, read=found, cohorts=cohorts, form=form, language=language,
            lacks_cohorts=cohorts is None,
        )
    )  # fmt: skip


def export_chain_people(
    *, shop: Shop, lane: Lane, figure: FigureId, days: Days, form: Form, language: str
) -> ChainExport:
    """The members behind a figure of the chain, masked. Off the lane. Changes: audit."""
    lines: list[PersonLine] = []
    has_more = True
    while has_more and len(lines) < PEOPLE_MAX:
        page = people_told(
            shop=shop, lane=lane, figure=figure, days=days, offset=len(lines), limit=PAGE_ROWS
        )
        if not isinstance(page, PeopleBehind):
            return page
        lines += page.lines
        has_more = page.has_more
    lane.run(lambda work: trace_export(shop=shop, work=work, what=f"chain_{figure}", days=days))
    sheet = people_sheet(shop=shop, figure=figure, lines=lines, language=language)
    return _file(f"chain_{figure}", days, form, sheet, is_cut=has_more)


def export_chain_answers(
    *, shop: Shop, lane: Lane, days: Days, form: Form, language: str
) -> ChainExport:
    """What customers of all stores said, without their words. Off the lane. Changes: audit."""
    lines: list[AnswerRead] = []
    has_more = True
    while has_more and len(lines) < PEOPLE_MAX:
        page = answers_told(shop=shop, lane=lane, days=days, offset=len(lines), limit=PAGE_ROWS)
        if not isinstance(page, AnswersRead):
            return page
        lines += page.lines
        has_more = page.has_more
    lane.run(lambda work: trace_export(shop=shop, work=work, what="chain_survey", days=days))
    zone = shop.desk.state.program.timezone
    sheet = answer_sheet(lines, zone, shop.words_for(language))
    return _file("chain_survey", days, form, sheet, is_cut=has_more)


def _file(what: str, days: Days, form: Form, sheet: Sheet, *, is_cut: bool) -> FiguresExported:
    name = f"{what}-{days.first.isoformat()}-{days.last.isoformat()}.{form}"
    data = csv_bytes([sheet]) if form == "csv" else xlsx_bytes([sheet])
    return FiguresExported(name, data, is_cut=is_cut)
