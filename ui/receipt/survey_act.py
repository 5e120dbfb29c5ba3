"""The survey of a finished sale: asked beside it, answered by one key or by the customer himself.

Owns: asking whether there is a question, noting the answer, telling the customer's screen. Does not
own: the sentences (ui/survey_words.py), the rules (app/services/survey.py), the keys of the screen.
Nothing waits for it: the next scan begins the next sale, answered or not.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.survey_fact import AnswerChannel
from app.services.checkout import SaleDone
from app.services.survey import AnsweredBefore, SurveyAsked, SurveyNoted, answer_survey, ask_survey
from ui.survey_words import Told, for_cashier
from ui.window_parts import WindowParts


class SurveyAct(QObject):
    """Of the sale that is in front.

    Signals:
        changed: What there is to show of it changed.
    """

    changed = Signal()

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._sale = ""
        self._is_noting = False
        self.told: Told | None = None

    def begin(self, done: SaleDone | None) -> None:
        """Another sale is in front; None: none."""
        self._sale, self.told, self._is_noting = "" if done is None else done.sale_id, None, False
        if self._sale:
            self._parts.ask(ask_survey, partial(self._came, self._sale), sale_id=self._sale)

    def end(self) -> None:
        """It is not in front any more: nobody is asked about it."""
        self._sale, self.told = "", None
        if self._parts.customer is not None:
            self._parts.customer.put_score_away()

    def answer(self, score: int, channel: AnswerChannel = "cashier") -> bool:
        """What the customer said; False where nothing is asked."""
        if not isinstance(self.told, SurveyAsked) or self._is_noting:
            return False
        self._is_noting = True
        self._parts.ask(
            answer_survey, partial(self._came, self._sale), sale_id=self._sale, score=score,
            channel=channel,
        )  # fmt: skip
        return True

    def _tapped(self, score: int) -> None:
        self.answer(score, "display")

    def _came(self, sale: str, answer: object) -> None:
        if sale != self._sale:
            return  # the next sale is in front; what was noted stands
        self._is_noting = False
        if isinstance(answer, SurveyAsked | SurveyNoted | AnsweredBefore):
            self.told = answer
            if self._parts.customer is not None:
                self._parts.customer.ask_score(answer, self._tapped)
            if isinstance(answer, SurveyNoted):
                view = for_cashier(answer, self._parts.wording)
                self._parts.notifier.announce(f"{view.question} {view.note}".strip())
        self.changed.emit()
