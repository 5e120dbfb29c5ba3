"""Survey strip: the question after a sale under its figures; widgets only.

Owns: the layout. Does not own: texts (ui/survey_words.py), what a tap does (survey_act.py).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.kit.buttons import IconButton
from ui.kit.score_row import ScoreRow
from ui.kit.text import Text
from ui.survey_words import ScoreView


class SurveyStrip(QWidget):
    """Hidden where nothing is asked.

    Signals:
        chosen: A score was tapped. arg: the score.
        taken_back: The chosen one was not meant.
    """

    chosen = Signal(int)
    taken_back = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(12)
        self._question = Text(role="body", weight=500, wrap=True)
        self._note = Text(role="body", tone="success", weight=500)
        head.addWidget(self._question, 1)
        head.addWidget(self._note)
        column.addLayout(head)
        self.scores = ScoreRow()
        self.scores.chosen.connect(self.chosen)
        keys = QHBoxLayout()
        keys.setSpacing(6)
        keys.addWidget(self.scores, 1)
        self.back = IconButton("backspace", "", framed=True)
        self.back.clicked.connect(self.taken_back)
        keys.addWidget(self.back)
        column.addLayout(keys)
        self.hide()

    @property
    def words(self) -> str:
        return f"{self._question.text()} {self._note.text()}".strip()

    def show_view(self, view: ScoreView | None) -> None:
        """None: nothing is asked."""
        self.setVisible(view is not None)
        if view is None:
            return
        self._question.setText(view.question)
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        self.back.set_name(view.take_back)
        self.back.setEnabled(view.is_held)
        self.back.setVisible(view.is_open)
        self.scores.show_score(view.score, is_open=view.is_open)
        # What was noted needs no more keys: the room is the paper's again.
        self.scores.setVisible(view.is_open)
