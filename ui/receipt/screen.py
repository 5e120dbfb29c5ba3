"""Receipt screen: the widgets of a finished sale, and nothing but widgets.

Owns: the layout, the picture of the paper, telling what was pressed.
Does not own: what a press does (controller.py), texts (view_model.py), the receipt's look.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.survey_rule import SCORE_MAX
from app.wording import Wording
from ui.kit.buttons import LinkButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.marks import TierStrip
from ui.kit.panels import Card, Rule
from ui.kit.text import ElidedText, FitFigure, IconLabel, Text
from ui.printing.paper_view import PaperView
from ui.receipt.survey_strip import SurveyStrip
from ui.receipt.view_model import Fact, ReceiptView
from ui.survey_words import ScoreView
from ui.theme import icons
from ui.theme.theme import Theme, follow

NARROW_BELOW, LOW_BELOW = 1200, 900
LARGE_PERCENT = 130
PAPER_WIDE, PAPER_NARROW = 520, 372
_FACTS_MAX = 3
_BACK_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_PAD = Qt.KeyboardModifier.KeypadModifier


class ReceiptScreen(QWidget):
    """The sale is done.

    Signals:
        print_requested, print_again_requested, refund_requested, complaint_requested,
            next_requested: pressed.
        score_pressed: By a key or a tap, while somebody is asked. arg: the score.
        score_taken_back: The one that was pressed was not meant.
    """

    print_requested = Signal()
    print_again_requested = Signal()
    refund_requested = Signal()
    complaint_requested = Signal()
    next_requested = Signal()
    score_pressed = Signal(int)
    score_taken_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_strip, self._is_asked = False, False
        self.setProperty("kit", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(16)
        left = QHBoxLayout()
        left.addStretch(1)
        inside = QWidget()
        inside.setMaximumWidth(686)
        inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._build_left(inside)
        left.addWidget(inside, 20)
        left.addStretch(1)
        columns.addLayout(left, 1)
        self.paper = PaperView()
        columns.addWidget(self.paper)
        follow(self, self._size_columns)
        self._size_columns()

    def retranslate(self, wording: Wording, *, hints: tuple[str, str, str]) -> None:
        """`hints`: the keys of printing, refund and complaint."""
        t = wording.t
        self._print_hint, self._refund_hint, complaint = hints
        named = t("Log a complaint")  # in words it would take the room of the other keys
        self.complaint.set_label("", hint=complaint)
        self.complaint.setAccessibleName(named)
        self.complaint.setToolTip(named)
        self.paper.set_name(t("Receipt"))

    def render_view(self, view: ReceiptView) -> None:
        self._title.setText(view.title)
        self._mark.set_icon("receipt" if view.is_copy else "check", tone="success")
        self._figure_label.setText(view.figure_label)
        self._figure.show_figure(view.figure)
        for place, cell in enumerate(self._cells):
            fact = view.facts[place] if place < len(view.facts) else None
            cell.show_fact(fact)
            self._facts.setStretchFactor(cell, 3 if fact is not None and fact.is_code else 2)
            if place:
                self._cell_rules[place - 1].setVisible(place < len(view.facts))
        self._has_strip = view.strip is not None and not view.strip.is_celebration
        self._cheer.show_banner("")
        if view.strip is not None and view.strip.is_celebration:
            date = f" {view.strip.date}" if view.strip.date else ""
            self._cheer.show_banner(f"{view.strip.sentence}{date}", tone="member")
        elif view.strip is not None:
            self._strip.show_strip(view.strip.tone, view.strip.sentence, view.strip.date)
        self._coupons.show_banner(view.coupons, tone="member")
        self.print.set_label(view.foot.print_label, hint=self._print_hint)
        self.refund.set_label(view.refund, hint=self._refund_hint)
        self.refund.setVisible(bool(view.refund))
        self._printer.setText(view.foot.printer)
        self._printer.set_tone(view.foot.printer_tone)
        self.again.set_label(view.foot.print_again)
        self.again.setVisible(bool(view.foot.print_again))
        self._next_sentence.set_text(view.foot.next_sentence)
        self.show_countdown(view.foot.countdown)

    def show_survey(self, asked: ScoreView | None) -> None:
        """The question; None: nothing is asked."""
        self.survey.show_view(asked)
        self._is_asked = asked is not None
        self._size_columns()

    def show_countdown(self, text: str) -> None:
        """Only the seconds changed."""
        self._countdown.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        score = _score_of(event)
        if score is not None and self.survey.isVisible():
            self.score_pressed.emit(score)
        elif event.key() in _BACK_KEYS and self.survey.isVisible() and self.survey.back.isEnabled():
            self.score_taken_back.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size_columns()

    def _build_left(self, inside: QWidget) -> None:
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._print_hint = self._refund_hint = ""
        self._mark = _Round()
        self._title = Text(role="title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title)
        column.addSpacing(8)
        column.addLayout(self._build_figure())
        column.addSpacing(12)
        column.addWidget(self._build_facts())
        self._strip, self._cheer, self._coupons = TierStrip(), Banner(), Banner()
        for part in (self._cheer, self._strip, self._coupons):
            column.addWidget(part)
        self.survey = SurveyStrip()
        self.survey.chosen.connect(self.score_pressed)
        self.survey.taken_back.connect(self.score_taken_back)
        column.addWidget(self.survey)
        column.addLayout(self._build_keys())
        column.addLayout(self._build_printer())
        column.addStretch(3)
        column.addWidget(self._build_next())

    def _build_figure(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self._figure_label = Text(role="h1", tone="text_secondary", weight=400)
        self._figure = FitFigure(role="display")
        self._figure.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row.addStretch(1)
        row.addWidget(self._figure_label)
        row.addWidget(self._figure)
        row.addStretch(1)
        return row

    def _build_facts(self) -> Card:
        card = Card(across=True, padding=(20, 16), spacing=16)
        self._facts = card.body
        self._cells = [_Cell() for _ in range(_FACTS_MAX)]
        self._cell_rules = [Rule(upright=True) for _ in range(_FACTS_MAX - 1)]
        for place, cell in enumerate(self._cells):
            if place:
                card.body.addWidget(self._cell_rules[place - 1])
            card.body.addWidget(cell, 2)
        return card

    def _build_keys(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.print = SecondaryButton(icon="printer", height=56)
        self.print.clicked.connect(self.print_requested)
        self.next = SecondaryButton(icon="arrow-right", height=56)
        self.next.clicked.connect(self.next_requested)
        self.refund = SecondaryButton(icon="refund", height=56)
        self.refund.clicked.connect(self.refund_requested)
        self.complaint = SecondaryButton(icon="complaint", height=56)
        self.complaint.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.complaint.clicked.connect(self.complaint_requested)
        row.addWidget(self.print, 1)
        row.addWidget(self.refund, 1)
        row.addWidget(self.complaint)
        row.addWidget(self.next, 1)
        return row

    def _build_printer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel("printer", size=18), 0, Qt.AlignmentFlag.AlignVCenter)
        self._printer = Text(role="body", tone="text_secondary", wrap=True)
        self.again = LinkButton(icon="refresh")
        self.again.clicked.connect(self.print_again_requested)
        row.addWidget(self._printer, 1)
        row.addWidget(self.again)
        return row

    def _build_next(self) -> QWidget:
        strip = _NextStrip()
        row = QHBoxLayout(strip)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(12)
        row.addWidget(IconLabel("scan", tone="primary", size=22))
        self._next_sentence = ElidedText(role="body_l", weight=500)
        row.addWidget(self._next_sentence, 1)
        self._countdown = Text(role="body", tone="text_secondary")
        row.addWidget(self._countdown)
        return strip

    def _size_columns(self) -> None:
        narrow = self.width() < NARROW_BELOW
        self.paper.setFixedWidth(PAPER_NARROW if narrow else PAPER_WIDE)
        # In large text on a small screen the figures need the room of the tick.
        is_small = narrow or self.height() < LOW_BELOW
        is_tight = is_small and Theme.current().scale_percent >= LARGE_PERCENT
        self._mark.setVisible(not is_tight)
        # What the question takes is had from what stands elsewhere too: the paper tells it.
        is_full = is_tight and self._is_asked
        self._strip.setVisible(self._has_strip and not is_full)
        self._title.setVisible(not is_full)


def _score_of(event: QKeyEvent) -> int | None:
    """The score of a key: its digit; + is ten, beside the digits of a number pad."""
    held = event.modifiers() & ~(_PAD | Qt.KeyboardModifier.ShiftModifier)
    if held != Qt.KeyboardModifier.NoModifier or event.isAutoRepeat():
        return None
    text = event.text()
    if text == "+":
        return SCORE_MAX
    return int(text) if len(text) == 1 and text in "0123456789" else None


class _Round(IconLabel):
    """The tick in its circle."""

    def __init__(self) -> None:
        super().__init__("check", tone="success", size=72)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("success_bg"))
        painter.drawEllipse(self.rect())
        side = self.width() // 2
        drawn = icons.pixmap(
            self._icon, self._theme.tokens["success"], side, self.devicePixelRatioF()
        )
        painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, drawn)
        painter.end()


class _NextStrip(QWidget):
    """The ground of "scan the next item"."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = follow(self)
        self.setMinimumHeight(64)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("bg_selected"))
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.end()


class _Cell(QWidget):
    """A label, a figure, a second line."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._label = Text(role="body", tone="text_secondary", wrap=True)
        self._figure = ElidedText(role="h1")
        self._code = Text(role="title", wrap=True)
        self._detail = Text(role="body", tone="text_secondary", wrap=True)
        for part in (self._label, self._figure, self._code, self._detail):
            column.addWidget(part)
        column.addStretch(1)

    def show_fact(self, fact: Fact | None) -> None:
        self.setVisible(fact is not None)
        if fact is not None:
            self._label.setText(fact.label)
            self._figure.set_text("" if fact.is_code else fact.figure)
            self._figure.setVisible(not fact.is_code)
            self._code.setText(fact.figure if fact.is_code else "")
            self._code.setVisible(fact.is_code)
            self._detail.setText(fact.detail)
            self._detail.setVisible(bool(fact.detail))
