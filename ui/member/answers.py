"""Text of the tab of answers: what a member said of his purchases. Pure.

Owns: its words. Does not own: reading them (app/services/survey.py).
"""

from __future__ import annotations

from app.domain.survey import kind_of
from app.services.survey import AnswerRead, AnswersRead
from app.wording import Wording
from ui import formatting
from ui.figures.answers import CHANNELS, TONES
from ui.member.ledger import moment_of
from ui.member_tabs import TabTable, TabTold
from ui.table_rows import TableCell, TableColumn, TableRow, quiet


def answers_table(answer: AnswersRead, told: TabTold) -> TabTable:
    """The newest first."""
    t = told.wording.t
    columns = (
        TableColumn(t("Time"), 170),
        TableColumn(t("Score"), 80, right=True),
        TableColumn(t("In his words")),
        TableColumn(t("Receipt no."), 190, can_hide=True),
        TableColumn(t("Answered"), 190, can_hide=True),
    )
    rows = tuple(_row(each, told, told.wording) for each in answer.lines)
    return TabTable(columns, rows, t("This member has not been asked, or has not answered."))


def _row(read: AnswerRead, told: TabTold, wording: Wording) -> TableRow:
    answer = read.answer
    return TableRow(
        answer.receipt,
        (
            quiet(moment_of(answer.at_ms, told)),
            TableCell(str(answer.score), TONES[kind_of(answer.score)], strong=True),
            TableCell(read.words or ""),
            quiet(formatting.spaced_code(answer.receipt)),
            quiet(wording.t(CHANNELS[answer.channel])),
        ),
    )
