"""Exporting answers: what customers said on some days, as CSV or XLSX, its trace.

Owns: that table. Members are masked as everywhere; what somebody wrote stays on the screen: a
sentence may name him, and a file goes anywhere. Does not own: reading answers (survey.py), the
files' forms (spreadsheet.py), where a file goes (a screen).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.domain.figures import Days
from app.domain.moment import Moment
from app.services.answers import NotAllowed, SignInFirst
from app.services.audit_trail import record
from app.services.figure_export import (
    PEOPLE_A_UNIT,
    PEOPLE_MAX,
    ExportAnswer,
    FiguresExported,
    who_cells,
)
from app.services.figure_words import figure_name
from app.services.figures import SpanTooLong
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop
from app.services.spreadsheet import Cell, Form, Number, Sheet, csv_bytes, xlsx_bytes
from app.services.survey import AnswerRead, AnswersRead, answers_behind
from app.wording import Wording

_Page = AnswersRead | SpanTooLong | SignInFirst | NotAllowed


def export_answers(
    *, shop: Shop, lane: Lane, days: Days, form: Form, language: str, till: int | None = None
) -> ExportAnswer:
    """The answers behind the score, the lowest first. Off the lane, in small units. Changes:
    audit."""
    lines: list[AnswerRead] = []
    has_more = True
    while has_more and len(lines) < PEOPLE_MAX:
        found = lane.run(partial(_page, shop, days, till, len(lines)))
        if not isinstance(found, AnswersRead):
            return found
        lines += found.lines
        has_more = found.has_more
    lane.run(partial(_trace, shop, days))
    sheet = answer_sheet(lines, shop.desk.state.program.timezone, shop.words_for(language))
    name = f"survey-{days.first.isoformat()}-{days.last.isoformat()}.{form}"
    data = csv_bytes([sheet]) if form == "csv" else xlsx_bytes([sheet])
    return FiguresExported(name, data, is_cut=has_more)


def _page(shop: Shop, days: Days, till: int | None, offset: int, work: UnitOfWork) -> _Page:
    return answers_behind(
        shop=shop, work=work, days=days, till=till, offset=offset, limit=PEOPLE_A_UNIT
    )


def _trace(shop: Shop, days: Days, work: UnitOfWork) -> None:
    details = {"what": "survey", "first": days.first.isoformat(), "last": days.last.isoformat()}
    record(shop=shop, work=work, now=shop.now(), act="figures_exported", details=details)


def answer_sheet(lines: Sequence[AnswerRead], zone: str, wording: Wording) -> Sheet:
    """What customers said, without their words."""
    t = wording.t
    header = (
        t("Score"), t("Time"), t("Receipt no."), t("Till"), t("Member card"), t("Name"), t("Phone"),
    )  # fmt: skip
    rows = tuple(_row(each, zone) for each in lines)
    return Sheet(figure_name("survey_answers", wording), header, rows)


def _row(read: AnswerRead, zone: str) -> tuple[Cell, ...]:
    answer = read.answer
    at = Moment(answer.at_ms, 0, "").local(zone).strftime("%Y-%m-%d %H:%M")
    return (
        Number(answer.score), at, answer.receipt, Number(answer.till), *who_cells(read.member),
    )  # fmt: skip
