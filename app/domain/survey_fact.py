"""The survey fact: a customer answered the question about one sale.

Owns: the fact type; names in it never change once written. Does not own: what an answer is worth
and which one stands (survey.py), the other facts (facts.py). The sentence is sealed under the key
of the member, so that it goes when he is forgotten; the score says nothing of him and stays. Of
somebody who is no member only the score is taken.
"""

from __future__ import annotations

from typing import Literal

from app.domain.bound import Id
from app.domain.fact_base import FactBase
from app.domain.fact_parts import ProgramRef, Sealed
from app.domain.ids import OpId
from app.domain.survey_rule import Score

AnswerChannel = Literal["cashier", "display", "page"]
"""The cashier pressed what the customer said; he tapped it himself; on the page of his phone."""
WORDS_MAX = 500


class SurveyAnswered(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="survey_answered.1"
):
    """One answer. Its store and `member` are those of the sale; points stand in its effects."""

    sale: OpId
    receipt: Id
    score: Score
    words: Sealed | None = None
    """The sentence, as UTF-8."""
    channel: AnswerChannel
    program: ProgramRef
