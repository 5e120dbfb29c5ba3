"""Survey words: the question after a sale as cashier and customer read it. Pure.

Owns: those sentences. Does not own: who is asked (app/services/survey.py), widgets.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.survey import AnsweredBefore, SurveyAsked, SurveyNoted
from app.wording import Wording

Told = SurveyAsked | SurveyNoted | AnsweredBefore
"""What there is to show of a survey; everything else shows nothing."""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The question, what an answer brings, and the score that was given."""

    question: str
    note: str
    score: int | None = None


def for_cashier(told: Told, wording: Wording) -> ScoreView:
    """Under the finished sale: which key does what."""
    t = wording.t
    match told:
        case SurveyAsked(points=points):
            question = t("Would the customer recommend us? Press 0 to 9, + for 10")
            return ScoreView(question, brings(points, wording))
        case SurveyNoted(score, points):
            return ScoreView(t("Noted: {score} of 10", score=score), given(points, wording), score)
        case AnsweredBefore(score):
            return ScoreView(t("Answered already: {score} of 10", score=score), "", score)


def for_customer(told: Told, shop: str, wording: Wording) -> ScoreView:
    """On the screen the customer reads."""
    t = wording.t
    if isinstance(told, SurveyAsked):
        question = t("How likely is it that you recommend {shop} to a friend?", shop=shop)
        return ScoreView(question, brings(told.points, wording))
    points = told.points if isinstance(told, SurveyNoted) else 0
    return ScoreView(t("Thank you for your answer"), given(points, wording), told.score)


def brings(points: int, wording: Wording) -> str:
    """What an answer brings; empty where nothing."""
    if not points:
        return ""
    return wording.n("{count} point for your answer", "{count} points for your answer", points)


def given(points: int, wording: Wording) -> str:
    """What it brought."""
    if not points:
        return ""
    return wording.n(
        "{count} more point is on the card", "{count} more points are on the card", points
    )
