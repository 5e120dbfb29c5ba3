"""Pages of the customer display: one big sentence, or goods beside the total.

Owns: the layout of both. Does not own: which one is shown (window.py), the texts (view_model.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.customer_display.item_list import ItemList
from ui.customer_display.view_model import DisplayView, MemberStrip
from ui.kit.marks import QrView
from ui.kit.panels import Card, FigureRow
from ui.kit.score_row import ScoreRow
from ui.kit.text import ElidedText, FitFigure, IconLabel, Text
from ui.phrases import FigureLine
from ui.survey_words import ScoreView
from ui.window_parts import Matrix

_CENTRE = Qt.AlignmentFlag.AlignCenter
_SIDE_PERCENT = 42
_CODE_SIZES = ((640, 8), (500, 6), (430, 4), (0, 3))
"""From this height of the page on: px of a module of the payment code."""
_SCORE_HEIGHT = 64
"""A finger's, of somebody who stands."""
_LINK_SIZES, _LINK_PERCENT = (9, 7, 5, 4, 3), 60
"""Px of a module of a link for a phone, and how much of the page's height its code may take."""


class SentencePage(QWidget):
    """Closed, welcome, a member greeted, done, the test picture: read from three steps away."""

    def __init__(self, draw_code: Callable[[str], Matrix] | None) -> None:
        super().__init__()
        self._draw_code, self._link = draw_code, ""
        self._view: DisplayView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 16, 32, 24)
        column.setSpacing(12)
        self._codes = tuple(QrView(module_px=px) for px in _LINK_SIZES)
        self._icon = IconLabel("qrcode", tone="primary", size=72)
        self._headline = Text(role="amount", weight=600, wrap=True)
        self._detail = Text(role="title", weight=400, tone="text_secondary", wrap=True)
        self._member = MemberChip()
        self._figure = Text(role="amount_xl", weight=700, tone="saving")
        self._rows = Rows(role="title", width=440)
        column.addStretch(2)
        for mark in (self._icon, *self._codes):
            column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in (self._headline, self._detail, self._figure):
            line.setAlignment(_CENTRE)
        column.addWidget(self._headline)
        column.addWidget(self._detail)
        column.addWidget(self._figure)
        column.addWidget(self._member, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._rows, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self._question = Text(role="title", weight=600, wrap=True)
        self._brings = Text(role="title", weight=400, tone="success", wrap=True)
        self.scores = ScoreRow(height=_SCORE_HEIGHT, role="title")
        for line in (self._question, self._brings):
            line.setAlignment(_CENTRE)
            column.addWidget(line)
        column.addWidget(self.scores)
        column.addStretch(1)

    def show_view(self, view: DisplayView) -> None:
        """Draw it."""
        self._link = view.phone_code
        self._show_code()
        if view.icon:
            self._icon.set_icon(view.icon, tone="success" if view.state == "done" else "primary")
        self._icon.setVisible(bool(view.icon))
        self._headline.setText(view.headline)
        self._headline.setVisible(bool(view.headline))
        self._detail.setText(view.detail)
        self._detail.setVisible(bool(view.detail))
        figure = view.saved or view.total
        self._figure.set_tone("saving" if view.saved else "text_primary")
        self._figure.setText(figure)
        self._figure.setVisible(bool(figure))
        shows_member = view.member is not None and view.state == "done"
        self._member.show_member(view.member if shows_member else None)
        self._rows.show_rows(view.rows)
        self._view = view
        self._show_survey(view.survey)
        self._fit()

    def _fit(self) -> None:
        """Beside a question on a small screen what matters least goes first; the money never."""
        view, layout = self._view, self.layout()
        if view is None or view.survey is None or layout is None:
            return
        wanted = (
            (self._icon, bool(view.icon)),
            (self._member, view.member is not None),
            (self._brings, bool(view.survey.note)),
            (self._headline, bool(view.headline)),
        )
        for part, is_wanted in wanted:
            part.setVisible(is_wanted)
        for part, _ in wanted:
            if layout.totalHeightForWidth(self.width()) <= self.height():
                return
            part.hide()

    def _show_survey(self, asked: ScoreView | None) -> None:
        for part in (self._question, self._brings, self.scores):
            part.setVisible(asked is not None)
        if asked is None:
            return
        self._question.setText(asked.question)
        self._brings.setText(asked.note)
        self._brings.setVisible(bool(asked.note))
        self.scores.show_score(asked.score, is_open=asked.is_open)
        self.scores.setVisible(asked.is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_code()
        self._fit()

    def _show_code(self) -> None:
        """The link as large as the screen lets it be."""
        matrix = self._draw_code(self._link) if self._link and self._draw_code else None
        for code in self._codes:
            code.hide()
        if matrix is None:
            return
        room = self.height() * _LINK_PERCENT // 100
        for code in self._codes:
            code.show_code(matrix, self._headline.text())
            if code.sizeHint().height() <= room or code is self._codes[-1]:
                code.show()
                return


class SalePage(QWidget):
    """Goods on the left, the total on the right; while somebody pays, what to do."""

    def __init__(self, draw_code: Callable[[str], Matrix] | None) -> None:
        super().__init__()
        self._draw_code = draw_code
        self._view: DisplayView | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 16)
        row.setSpacing(16)
        goods = Card(padding=(0, 0), spacing=0)
        self._items = ItemList()
        goods.body.addWidget(self._items)
        row.addWidget(goods, 100 - _SIDE_PERCENT)
        self._side = self._build_side()
        for column in (goods, self._side):  # shares of the screen, whatever stands in them
            column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._side, _SIDE_PERCENT)

    @property
    def items(self) -> ItemList:
        return self._items

    def show_view(self, view: DisplayView, wording: Wording) -> None:
        """Draw it."""
        self._items.show_items(view.items, _more_words(wording))
        self._member.show_member(view.member)
        self._show_code(view)
        if view.icon:
            self._prompt_icon.set_icon(view.icon)
        self._prompt.setText(view.headline)
        self._prompt.setVisible(bool(view.headline))
        self._prompt_detail.setText(view.detail)
        self._prompt_detail.setVisible(bool(view.detail))
        self._rows.show_rows(view.rows)
        self._counts.setText(view.counts)
        self._total_label.set_text(view.total_label)
        self._total.show_figure(view.total)
        self._saved.setText(view.saved)
        self._saved.setVisible(bool(view.saved))
        self._view = view
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._view is not None:
            self._show_code(self._view)
            self._fit()

    def _show_code(self, view: DisplayView) -> None:
        """The payment code as large as the screen lets it be."""
        shows_code = bool(view.pay_code) and self._draw_code is not None
        fitting = next(code for least, code in self._codes if self.height() >= least)
        for _, code in self._codes:
            code.setVisible(shows_code and code is fitting)
        if shows_code and self._draw_code is not None:
            fitting.show_code(self._draw_code(view.pay_code), view.headline)
        self._prompt_icon.setVisible(bool(view.icon) and not shows_code)

    def _fit(self) -> None:
        """On a small screen what matters least goes first; the total never does."""
        view = self._view
        assert view is not None, "nothing is shown yet"
        wanted = (
            (self._prompt_icon, bool(view.icon) and not view.pay_code),
            (self._prompt_detail, bool(view.detail)),
            (self._rows, bool(view.rows)),
            (self._member, view.member is not None),
            (self._saved, bool(view.saved)),
            (self._prompt, bool(view.headline)),
        )
        for part, is_wanted in wanted:
            part.setVisible(is_wanted)
        width = self._side.width()
        for part, _ in wanted:
            if self._side.body.totalHeightForWidth(width) <= self._side.height():
                return
            part.hide()

    def _build_side(self) -> Card:
        side = Card(padding=(20, 20), spacing=10)
        self._member = MemberChip()
        self._codes = tuple((least, QrView(module_px=px)) for least, px in _CODE_SIZES)
        self._prompt_icon = IconLabel("qrcode", tone="primary", size=56)
        self._prompt = Text(role="h1", weight=600, wrap=True)
        self._prompt_detail = Text(role="body_l", tone="text_secondary", wrap=True)
        self._rows = Rows(role="title")
        self._counts = Text(role="title", weight=400, tone="text_secondary")
        self._total_label = ElidedText(role="h1", weight=400)
        self._total = FitFigure(role="display")
        self._saved = Text(role="h1", weight=600, tone="saving")
        self._saved.setAlignment(Qt.AlignmentFlag.AlignRight)
        body = side.body
        body.addWidget(self._member)
        body.addStretch(1)
        for _, code in self._codes:
            body.addWidget(code, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addWidget(self._prompt_icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in (self._prompt, self._prompt_detail):
            line.setAlignment(_CENTRE)
            body.addWidget(line)
        body.addStretch(1)
        body.addWidget(self._rows)
        foot = QHBoxLayout()
        foot.addWidget(self._total_label, 1)
        foot.addWidget(self._counts)
        body.addLayout(foot)
        body.addWidget(self._total)
        body.addWidget(self._saved)
        return side


class MemberChip(QWidget):
    """`金卡会员  +409 分` in the colour of the tier."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._mark = IconLabel("crown", tone="gold", size=32)
        self._tier = ElidedText(role="h1", weight=600, tone="gold")
        self._points = Text(role="h1", weight=600)
        for part in (self._mark, self._tier, self._points):
            row.addWidget(part)

    def show_member(self, member: MemberStrip | None) -> None:
        """The tier and what this basket earns; None hides it."""
        self.setVisible(member is not None)
        if member is not None:
            self._mark.set_icon("crown", tone=member.tone)
            self._tier.set_text(member.tier, shorter=member.short)
            self._tier.set_tone(member.tone)
            self._points.setText(member.points)


class Rows(QWidget):
    """Labels with figures."""

    def __init__(self, *, role: str, width: int = 0) -> None:
        super().__init__()
        self._role = role
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._rows: list[FigureRow] = []
        if width:
            self.setFixedWidth(width)

    def show_rows(self, rows: Sequence[FigureLine]) -> None:
        """Draw these; widgets are kept."""
        while len(self._rows) < len(rows):
            made = FigureRow(role=self._role)
            self._rows.append(made)
            self._column.addWidget(made)
        for place, widget in enumerate(self._rows):
            widget.setVisible(place < len(rows))
            if place < len(rows):
                row = rows[place]
                widget.show_row(row.label, row.figure, tone="saving" if row.is_saving else "")
        self.setVisible(bool(rows))


def _more_words(wording: Wording) -> Callable[[int], str]:
    """Says how many goods are below the edge."""

    def say(count: int) -> str:
        return wording.n("and {count} more item", "and {count} more items", count)

    return say
