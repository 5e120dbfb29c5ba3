"""Survey words: the question after a sale as cashier and customer read it. Pure.

Owns: those sentences. Does not own: who is asked (app/services/survey.py), widgets.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.survey import AnsweredBefore, SurveyAsked, SurveyNoted
from app.wording import Wording

BACK = "Backspace"
"""The key that takes a score back, as it is printed."""


@dataclass(frozen=True, slots=True)
class ScoreHeld:
    """An answer that was only just pressed: it can still be another one, or be taken back."""

    score: int
    asked: SurveyAsked


Told = SurveyAsked | ScoreHeld | SurveyNoted | AnsweredBefore
"""What there is to show of a survey; everything else shows nothing."""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The question, what an answer brings, and the score that was given. `is_held`: it can still be
    another one; `take_back`: the name of the key that takes it back."""

    question: str
    note: str
    score: int | None = None
    is_held: bool = False
    take_back: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a score can be chosen."""
        return self.score is None or self.is_held


def for_cashier(told: Told, wording: Wording) -> ScoreView:
    """Under the finished sale: which key does what."""
    t = wording.t
    back = t("Take back")
    match told:
        case SurveyAsked(points=points):
            question = t("Would the customer recommend us? Press 0 to 9, + for 10")
            return ScoreView(question, brings(points, wording), take_back=back)
        case ScoreHeld(score):
            # What it brings was said before.
            question = t("{score} of 10, or another; {key} takes it back", score=score, key=BACK)
            return ScoreView(question, "", score, is_held=True, take_back=back)
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
    if isinstance(told, ScoreHeld):
        question = t("You chose {score} of 10; you can still choose another", score=told.score)
        return ScoreView(question, brings(told.asked.points, wording), told.score, is_held=True)
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
