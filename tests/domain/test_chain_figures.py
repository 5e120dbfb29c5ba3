"""Sums of the chain as told: how purchases were judged is there, or an older program keeps it."""

from app.domain.chain_figures import SpanSums, answer_parts
from app.domain.figures import LifeSums, PeopleSums
from app.domain.survey_record import SurveySums


def test_an_older_head_office_says_nothing_of_answers_and_that_is_not_none() -> None:
    people, life = PeopleSums(3, 1, 9_900, 0), LifeSums(7, 99_000, 0)
    older = SpanSums({"sales": 4, "paid": 12_300}, people, life)
    assert older.answers is None
    said = SurveySums(7, 4, 2)
    assert SpanSums({**older.sums, **answer_parts(said)}, people, life).answers == said
