"""Surveys: which answers count how, until when, what one brings; links nobody else can write.

Owns: the rules in tables, and that points come once whatever arrives in which order.
"""

from datetime import date, timedelta

import msgspec
import pytest

from app.domain import effects as do
from app.domain.account import FoldItem, fold
from app.domain.fact_parts import RefundedPieces
from app.domain.figures import Figure, nps_figures, survey_figures
from app.domain.occasions import answered_sale
from app.domain.survey import (
    closed_because,
    is_asked_enough,
    kind_of,
    occasion_of,
    points_due,
)
from app.domain.survey_check import check_survey
from app.domain.survey_link import sale_named, survey_token, survey_url
from app.domain.survey_record import SurveySums, answer_of, sums_of
from app.domain.survey_rule import Survey
from app.domain.view import view
from tests.domain.heart_builders import MEMBER, PROGRAM, a_sale, item, on, op
from tests.domain.survey_samples import an_answer

RULE = Survey()
SECRET = b"the chain's own secret, 32 bytes"
SALE = "0193a5c8-0000-7000-8000-000000000001"


def answer(number: int, day: str, sale: int, rule: Survey = RULE) -> FoldItem:
    points = do.OccasionGain(occasion=occasion_of(rule, op(sale)), points=50, expires_in=12)
    return item(number, on(day), points)


def balance(*items: FoldItem) -> int:
    return view(fold(items), PROGRAM, on("2026-06-30")).balance


@pytest.mark.parametrize(
    ("score", "kind"),
    [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter"),
     (10, "promoter")],
)  # fmt: skip
def test_a_score_recommends_or_advises_against(score: int, kind: str) -> None:
    assert kind_of(score) == kind


def test_one_answer_in_thirty_days_is_rewarded_and_one_of_a_sale_in_any_order() -> None:
    first, soon = answer(1, "2026-03-01", 11), answer(2, "2026-03-30", 12)
    late, again = answer(3, "2026-03-31", 13), answer(4, "2026-05-20", 11)
    for items in (
        (first, soon, late, again),
        (again, late, soon, first),
        (soon, again, first, late),
    ):
        assert balance(*items) == 100
    assert balance(first, soon) == balance(soon) == 50
    other = answer(5, "2026-03-01", 11, Survey(reward_days=7))
    assert balance(first, other) == 50, "the same sale, under another version of the program"
    assert view(fold((first, again)), PROGRAM, on("2026-06-30")).exceptions == ()


def test_what_an_answer_brings_is_known_before() -> None:
    account = fold((answer(1, "2026-03-01", 11),))
    assert points_due(account, RULE, on("2026-03-30")) == 0
    assert points_due(account, RULE, on("2026-03-31")) == 50
    welcome = fold((item(1, on("2026-03-01"), do.OccasionGain(occasion="welcome", points=5,
                                                             expires_in=12)),))  # fmt: skip
    assert points_due(welcome, RULE, on("2026-03-01")) == 50
    assert answered_sale("survey:without-days") is None


def test_nobody_is_written_to_more_often_than_an_answer_is_rewarded() -> None:
    day_ms = 86_400_000
    assert not is_asked_enough(RULE, (), day_ms)
    assert is_asked_enough(RULE, (0, 2 * day_ms), 31 * day_ms)
    assert not is_asked_enough(RULE, (0, day_ms), 31 * day_ms)
    late = msgspec.structs.replace(PROGRAM, survey=Survey(message_hours=48, open_days=2))
    assert [(each.code, each.path) for each in check_survey(late)] == [
        ("asked_too_late", "survey.message_hours")
    ]
    for sound in (None, Survey(message_hours=47, open_days=2)):
        assert list(check_survey(msgspec.structs.replace(PROGRAM, survey=sound))) == []


def test_a_sale_is_open_for_some_days_and_while_anything_of_it_is_kept() -> None:
    sale = a_sale()
    whole = tuple(RefundedPieces(line=each.line_id, start=0, end=each.pieces, amount_minor=1)
                  for each in sale.lines)  # fmt: skip
    last = sale.day + timedelta(days=RULE.open_days)
    assert closed_because(RULE, sale, (), last) is None
    assert closed_because(RULE, sale, (), last + timedelta(days=1)) == "ended"
    assert closed_because(RULE, sale, (*whole, *whole), sale.day) == "back"
    part = RefundedPieces(line=sale.lines[0].line_id, start=0, end=1, amount_minor=1)
    assert closed_because(RULE, sale, (part,), sale.day) is None


def test_a_link_names_one_sale_and_nobody_can_write_another() -> None:
    token = survey_token(SECRET, SALE)
    assert sale_named(SECRET, token) == SALE
    assert survey_url("https://shop.example/", SECRET, SALE) == (
        f"https://shop.example/p/survey/{token}"
    )
    assert sale_named(b"another chain's", token) is None
    changed = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for wrong in ("", token[1:], f"{token}A", changed, token[:-1] + "*", "一" * 43,
                  token[:-1] + chr(ord(token[-1]) + 1)):  # fmt: skip
        assert sale_named(SECRET, wrong) is None, wrong
    for foreign in ("order-77", SALE.upper()):
        assert survey_token(SECRET, foreign) == ""
        assert survey_url("https://shop.example", SECRET, foreign) == ""


def test_the_figure_is_promoters_less_detractors_and_needs_enough_answers() -> None:
    sums = sums_of({10: 5, 9: 1, 8: 2, 6: 1, 0: 1})
    assert sums == SurveySums(10, 6, 2)
    score, count = nps_figures(sums, least=10)
    assert (score.unit, score.rounded, count.rounded) == ("score", 40, 10)
    assert nps_figures(sums, least=11)[0].is_empty
    assert nps_figures(SurveySums(), least=1)[0] == Figure("nps", 0, 0)
    assert nps_figures(SurveySums(3, 0, 2), least=1)[0].rounded == -67
    assert survey_figures(SurveySums(), None) == ()
    assert survey_figures(sums, None) == survey_figures(sums, RULE) == (score, count)


def test_an_answer_is_listed_under_the_till_of_its_sale() -> None:
    row = answer_of(an_answer())
    assert (row.member_id, row.score, row.channel, row.till) == (MEMBER, 9, "page", 3)
    assert row.day == date(2026, 11, 21)
