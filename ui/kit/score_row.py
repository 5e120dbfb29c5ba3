"""Score row: the numbers from 0 to 10, one of which is tapped. Widgets only.

Owns: its look. Does not own: what a score means, the keys that press one (the screens).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.survey_rule import SCORE_MAX
from ui.kit.buttons import ChoiceButton


class ScoreRow(QWidget):
    """Eleven buttons of one width.

    Signals:
        chosen: One was tapped. arg: the score.
    """

    chosen = Signal(int)

    def __init__(self, *, height: int = 48, role: str = "body_l") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.buttons = tuple(
            ChoiceButton(str(score), height=height, role=role) for score in range(SCORE_MAX + 1)
        )
        for score, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, at=score: self._tapped(at))
            row.addWidget(button, 1)

    def show_score(self, score: int | None, *, is_open: bool) -> None:
        """The one that was given; None: none yet. `is_open`: one can be tapped (still)."""
        for number, button in enumerate(self.buttons):
            button.setChecked(number == score)
            button.setEnabled(is_open)

    def _tapped(self, score: int) -> None:
        # It is marked once somebody has heard of it.
        self.buttons[score].setChecked(False)
        self.chosen.emit(score)
