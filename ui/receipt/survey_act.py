"""The survey of a finished sale: asked beside it, answered by one key or by the customer himself.

Owns: asking whether there is a question, how long an answer can be taken back, noting it, telling
the customer's screen. Does not own: the sentences (ui/survey_words.py), the rules
(app/services/survey.py), the keys of the screen.
Nothing waits for it: the next scan begins the next sale, answered or not.

A noted answer is a fact and stays. So one that was only just pressed is held: another one takes its
place, or it is taken back. It is noted a few seconds later, or at once when anything else begins.
Until then nobody is told that it is noted: who pulls the plug in those seconds loses nothing that
was promised.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.survey_fact import AnswerChannel
from app.services.checkout import SaleDone
from app.services.survey import AnsweredBefore, SurveyAsked, SurveyNoted, answer_survey, ask_survey
from ui.survey_words import ScoreHeld, Told, for_cashier
from ui.window_parts import WindowParts

HOLD_MS = 6_000


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
        self._channel: AnswerChannel = "cashier"
        self._is_noting = False
        self.pause = QTimer(self, singleShot=True, interval=HOLD_MS)
        self.pause.timeout.connect(self.settle)
        self.told: Told | None = None

    def begin(self, done: SaleDone | None) -> None:
        """Another sale is in front; None: none."""
        self.settle()
        self._sale, self.told, self._is_noting = "" if done is None else done.sale_id, None, False
        if self._sale:
            self._parts.ask(ask_survey, partial(self._came, self._sale), sale_id=self._sale)

    def end(self) -> None:
        """It is not in front any more: nobody is asked about it."""
        self.settle()
        self._sale, self.told = "", None
        if self._parts.customer is not None:
            self._parts.customer.put_score_away()

    def answer(self, score: int, channel: AnswerChannel = "cashier") -> bool:
        """What the customer said, in place of what he said before; False where nothing is asked."""
        if self._is_noting or not isinstance(self.told, SurveyAsked | ScoreHeld):
            return False
        asked = self.told.asked if isinstance(self.told, ScoreHeld) else self.told
        self._channel = channel
        self.pause.start(self._hold_ms())
        self._show(ScoreHeld(score, asked))
        return True

    def take_back(self) -> bool:
        """It was not meant: the question stands again. False where nothing is held."""
        if self._is_noting or not isinstance(self.told, ScoreHeld):
            return False
        self.pause.stop()
        self._show(self.told.asked)
        return True

    def settle(self) -> None:
        """What is held is noted now."""
        self.pause.stop()
        if self._is_noting or not isinstance(self.told, ScoreHeld):
            return
        self._is_noting = True
        self._parts.ask(
            answer_survey, partial(self._came, self._sale), sale_id=self._sale,
            score=self.told.score, channel=self._channel,
        )  # fmt: skip

    def _hold_ms(self) -> int:
        """Over before the till locks itself: nothing is noted at a locked one."""
        lock_ms = self._parts.settings.lock_after_s * 1000
        return min(HOLD_MS, lock_ms // 2) if lock_ms else HOLD_MS

    def _tapped(self, score: int) -> None:
        self.answer(score, "display")

    def _came(self, sale: str, answer: object) -> None:
        if sale != self._sale:
            return  # the next sale is in front; what was noted stands
        is_refused, self._is_noting = self._is_noting, False
        if isinstance(answer, SurveyAsked | SurveyNoted | AnsweredBefore):
            self._show(answer)
        else:
            self.told = None
            if is_refused:
                self._parts.notifier.signal("scan_error")
            self.changed.emit()

    def _show(self, told: Told) -> None:
        self.told = told
        if self._parts.customer is not None:
            self._parts.customer.ask_score(told, self._tapped)
        if isinstance(told, ScoreHeld | SurveyNoted):
            view = for_cashier(told, self._parts.wording)
            self._parts.notifier.announce(f"{view.question} {view.note}".strip())
        self.changed.emit()
