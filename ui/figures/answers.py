"""Answers behind the score: what customers said of their purchases, as rows. Pure.

Owns: those rows, and what a row opens. Does not own: reading them (drill_reader.py), the page
(list_page.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.figures import FigureId
from app.domain.moment import Moment
from app.domain.survey import kind_of
from app.domain.survey_fact import AnswerChannel
from app.domain.survey_record import SurveySums
from app.services.survey import AnswerRead, AnswersRead
from app.wording import N_, Wording
from ui import formatting
from ui.figures.drill import elsewhere, who_cells
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

ANSWERED: frozenset[FigureId] = frozenset({"nps", "survey_answers"})
"""Figures that are made of answers."""
CHANNELS: dict[AnswerChannel, str] = {
    "cashier": N_("At the till"),
    "display": N_("On the customer's screen"),
    "page": N_("On his phone"),
}
TONES = {"promoter": "success", "passive": "text_primary", "detractor": "danger"}
_PREFIX = "answer:"


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What a row stands for. `member_id`: empty where no member of this till gave it."""

    receipt: str
    score: int
    member_id: str = ""

    @property
    def text(self) -> str:
        return f"{_PREFIX}{self.receipt}:{self.score}:{self.member_id}"

    @property
    def is_low(self) -> bool:
        """Somebody advises against the shop: a manager wants to hear why."""
        return kind_of(self.score) == "detractor"


def answer_key(key: str) -> AnswerKey | None:
    """What a row of answers stands for; None for rows of other pages."""
    if not key.startswith(_PREFIX):
        return None
    receipt, score, member_id = key.removeprefix(_PREFIX).split(":")
    return AnswerKey(receipt, int(score), member_id)


def score_sentence(sums: SurveySums | None, wording: Wording) -> str:
    """From which answers the score comes; empty where nobody answered."""
    if sums is None or not sums.answers:
        return ""
    return wording.t(
        "Of {answers} who answered: 9 or 10 from {promoters}, 7 or 8 from {others}, 0 to 6 from "
        "{detractors}.",
        answers=f"{sums.answers:,}",
        promoters=f"{sums.promoters:,}",
        others=f"{sums.answers - sums.promoters - sums.detractors:,}",
        detractors=f"{sums.detractors:,}",
    )


def answer_columns(wording: Wording, *, of_chain: bool = False) -> tuple[TableColumn, ...]:
    """Left to right. What somebody wrote is read in his store, not in the whole chain."""
    t = wording.t
    return (
        TableColumn(t("Score"), 80, right=True),
        TableColumn(t("Store") if of_chain else t("In his words")),
        TableColumn(t("Phone"), 150, can_hide=True),
        TableColumn(t("Name"), 130),
        TableColumn(t("Time"), 170),
        TableColumn(t("Answered"), 190, can_hide=True),
    )


def answer_rows(
    answer: AnswersRead, zone: str, wording: Wording, *, chain_at: str = ""
) -> list[TableRow]:
    """The lowest scores first, as they were read. `chain_at`: where all stores stand in it, the
    store that looks."""
    names = answer.stores
    return [
        _row(each, zone, wording, chain_at, names.get(each.answer.store, each.answer.store))
        for each in answer.lines
    ]


def _row(read: AnswerRead, zone: str, wording: Wording, chain_at: str, store: str) -> TableRow:
    answer, t = read.answer, wording.t
    known = "" if read.member is None else read.member.member_id
    if answer.member_id is None:
        who = (quiet(""), quiet(t("Walk-in")))
    else:
        who = who_cells(read.member, wording)
    at = formatting.moment(Moment(answer.at_ms, 0, "").local(zone))
    key = AnswerKey(answer.receipt, answer.score, known).text
    if chain_at and not known and answer.store != chain_at:
        key = elsewhere(store)
    channel = CHANNELS.get(answer.channel)  # a newer head office may tell of another one
    return TableRow(
        key,
        (
            TableCell(str(answer.score), TONES[kind_of(answer.score)], strong=True),
            TableCell(store if chain_at else read.words or ""),
            *who,
            quiet(at),
            quiet("" if channel is None else t(channel)),
        ),
    )
