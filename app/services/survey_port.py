"""The port of surveys: what services need of the store to keep and read answers.

Owns: that Protocol. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from app.domain.figures import Days
from app.domain.ids import OpId
from app.domain.survey_fact import SurveyAnswered
from app.domain.survey_record import SurveyAnswer, SurveySums


class SurveyRepository(Protocol):
    """Answers to the question after a sale. `till` None: all tills of `store`."""

    def take(self, fact: SurveyAnswered) -> bool:
        """Keep an answer, whoever wrote it; False where another stands for its sale."""

    def of_sale(self, sale_id: OpId) -> SurveyAnswer | None: ...

    def fact(self, sale_id: OpId) -> SurveyAnswered | None:
        """The whole fact of the answer that stands."""

    def of_members(self, member_ids: Sequence[str], limit: int) -> Sequence[SurveyAnswer]:
        """Of one person under all his ids, the newest first."""

    def sums(self, days: Days, store: str, till: int | None) -> SurveySums: ...

    def sums_by_day(self, days: Days, store: str, till: int | None) -> Mapping[date, SurveySums]:
        """Days without an answer are left out."""

    def page(
        self, days: Days, store: str, till: int | None, *, offset: int, limit: int
    ) -> Sequence[SurveyAnswer]:
        """Answers of a span, the lowest scores first, of one score the newest."""


class SurveyRepositories(Protocol):
    """The part of a unit of work that has to do with surveys."""

    @property
    def surveys(self) -> SurveyRepository: ...
