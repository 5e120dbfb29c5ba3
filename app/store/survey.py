"""Answers to the question after a sale, of this till, of others and of customers' phones.

Owns: the survey_answer table. Does not own: the facts (facts.py), which answer stands
(app/domain/survey.py: the smallest id), the figure (app/domain/figures.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Integer, LargeBinary, Row, Text, and_, bindparam, func, or_, select

from app.domain.facts import canonical_bytes, read_fact
from app.domain.figures import Days
from app.domain.ids import OpId
from app.domain.survey_fact import AnswerChannel, SurveyAnswered
from app.domain.survey_record import SurveyAnswer, SurveySums, answer_of, sums_of
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, list_text, one_of, put_row
from app.store.tables import named_table

survey_answer = named_table(
    "survey_answer",
    sale_id=Text,
    op_id=Text,
    store=Text,
    till=Integer,
    receipt=Text,
    member_id=Text,
    day=Text,
    at_ms=Integer,
    score=Integer,
    channel=Text,
    data=LargeBinary,
)
_ANSWER = survey_answer.c
_ROW = select(*(column for column in survey_answer.columns if column.name != "data"))
_PUT = Prepared(put_row(survey_answer, "sale_id"))
_OF_SALE = _ROW.where(_ANSWER.sale_id == bindparam("key"))
_DATA = Prepared(select(_ANSWER.data).where(_ANSWER.sale_id == bindparam("key")))
_OF_MEMBERS = (
    _ROW.where(one_of(_ANSWER.member_id, "keys"))
    .order_by(_ANSWER.at_ms.desc(), _ANSWER.sale_id)
    .limit(bindparam("most"))
)
_ALL_TILLS = -1
_TILL = bindparam("till", type_=Integer)
_SPAN = and_(
    _ANSWER.store == bindparam("of_store"),
    _ANSWER.day >= bindparam("first"),
    _ANSWER.day <= bindparam("last"),
    or_(_TILL < 0, _ANSWER.till == _TILL),
)
_SUMS = Prepared(
    select(_ANSWER.day, _ANSWER.score, func.count())
    .where(_SPAN)
    .group_by(_ANSWER.day, _ANSWER.score)
)
_PAGE = (
    _ROW.where(_SPAN)
    .order_by(_ANSWER.score, _ANSWER.at_ms.desc(), _ANSWER.sale_id)
    .limit(bindparam("most"))
    .offset(bindparam("start"))
)


class SurveyRepository(Repository):
    """Answers, one for each sale."""

    def take(self, fact: SurveyAnswered) -> bool:
        """Keep an answer, whoever wrote it; False where another stands for its sale."""
        known = self.of_sale(fact.sale)
        if known is not None and known.op_id <= fact.op_id:
            return False
        row = answer_of(fact)
        named = {name: getattr(row, name) for name in _NAMES}
        said = {"day": row.day.isoformat(), "data": canonical_bytes(fact)}
        self._write(_PUT, named | said)
        self._changed(Changes(surveys=True, figures=True))
        return True

    def of_sale(self, sale_id: OpId) -> SurveyAnswer | None:
        row = self._execute(_OF_SALE, {"key": sale_id}).first()
        return None if row is None else _answer(row)

    def fact(self, sale_id: OpId) -> SurveyAnswered | None:
        """The whole fact of the answer that stands."""
        row = self._first(_DATA, {"key": sale_id})
        read = None if row is None else read_fact(row[0])
        return read if isinstance(read, SurveyAnswered) else None

    def of_members(self, member_ids: Sequence[str], limit: int) -> Sequence[SurveyAnswer]:
        """Of one person under all his ids, the newest first."""
        asked = {"keys": list_text(sorted(set(member_ids))), "most": limit}
        return [_answer(row) for row in self._execute(_OF_MEMBERS, asked)]

    def sums(self, days: Days, store: str, till: int | None) -> SurveySums:
        by_score: dict[int, int] = {}
        for _, score, count in self._all(_SUMS, _asked(days, store, till)):
            by_score[score] = by_score.get(score, 0) + count
        return sums_of(by_score)

    def sums_by_day(self, days: Days, store: str, till: int | None) -> Mapping[date, SurveySums]:
        """Days without an answer are left out."""
        found: dict[date, dict[int, int]] = {}
        for day, score, count in self._all(_SUMS, _asked(days, store, till)):
            found.setdefault(date.fromisoformat(day), {})[score] = count
        return {day: sums_of(by_score) for day, by_score in found.items()}

    def page(
        self, days: Days, store: str, till: int | None, *, offset: int, limit: int
    ) -> Sequence[SurveyAnswer]:
        """Answers of a span, the lowest scores first, of one score the newest."""
        asked = _asked(days, store, till) | {"most": limit, "start": offset}
        return [_answer(row) for row in self._execute(_PAGE, asked)]


_NAMES = tuple(
    column.name for column in survey_answer.columns if column.name not in ("day", "data")
)


def _answer(row: Row[Any]) -> SurveyAnswer:
    channel: AnswerChannel = row.channel
    named = {name: getattr(row, name) for name in _NAMES}
    return SurveyAnswer(**(named | {"channel": channel, "day": date.fromisoformat(row.day)}))


def _asked(days: Days, store: str, till: int | None) -> dict[str, object]:
    return {
        "of_store": store,
        "first": days.first.isoformat(),
        "last": days.last.isoformat(),
        "till": _ALL_TILLS if till is None else till,
    }
