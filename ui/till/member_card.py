"""Member card: who is served, and what helps to serve him.

Owns: the card's widgets, and which of them give way when the window is low: what must be said
stays, what the coupons sheet (F6) and the benefits sheet show as well goes first.
Does not own: the facts (member_view.py), masking, the sheets.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.key_map import Action, KeyMap
from ui.kit.buttons import IconButton, LinkButton, SecondaryButton
from ui.kit.ear import EventEar
from ui.kit.marks import TierStrip
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.text import Text
from ui.till.benefit_keys import benefit_key
from ui.till.coupon_row import CouponRowWidget
from ui.till.member_parts import BenefitsButton, IconLabelText, MemberFigure, MemberHead, MemberNote
from ui.till.member_view import MemberView, NoteView
from ui.till.recommended import ROW_SPACING, RecommendedRow, RecommendedRows

PADDING = 14
SPACING, TIGHT = 10, 4


class MemberCard(Card):
    """The card; empty it says how to recognise a member.

    Signals:
        find_requested, reveal_requested, coupons_requested: pressed.
        choices_requested: The points were tapped.
        benefit_requested: The benefits were tapped. args: which, from 1; 0 = several.
    """

    find_requested = Signal()
    reveal_requested = Signal()
    coupons_requested = Signal()
    choices_requested = Signal()
    benefit_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=(20, PADDING), spacing=10, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._view: MemberView | None = None
        self._is_narrow = False
        self._words = ("", "", "")
        self._wording: Wording | None = None
        self._keys = KeyMap()
        self._hidden_coupons = 0
        self._drawn: object = None
        self._optional: list[QWidget] = []
        self._rows: list[CouponRowWidget] = []
        self._build_empty()
        self._build_member()
        self.show_member(None)
        # Another text, language or text size.
        EventEar(self, QEvent.Type.LayoutRequest).heard.connect(self._fit)

    def retranslate(self, wording: Wording, keys: KeyMap) -> None:
        t = wording.t
        self._keys = keys
        self.setAccessibleName(t("Member"))
        self._empty.show_words(
            t("No member on this sale"), t("Scan the member code, or look up the phone number.")
        )
        self._find.set_label(t("Find or join"), hint=keys.hint(Action.MEMBER))
        self._words = (t("Points"), t("This sale earns"), t("Coupons"))
        self._wording = wording
        self._label_change()
        self._head.eye.set_name(t("Show the phone number"))
        if self._view is not None:
            self.show_member(self._view)

    def set_narrow(self, narrow: bool) -> None:
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self.show_member(self._view)

    def show_member(self, view: MemberView | None) -> None:
        """Draw this member; None = nobody yet."""
        if view is not None and view == self._view and self._drawn == self._how:
            return
        self._view, self._drawn = view, self._how
        self._column.setSpacing(SPACING)
        self._empty_page.setVisible(view is None)
        self._page.setVisible(view is not None)
        if view is not None:
            room = self.width() - 2 * 20 if self.isVisible() else None
            self._head.show_member(view, room=room, narrow=self._is_narrow)
            self._show_figures(view)
            self._show_lists(view)
        self._fit()

    @property
    def _how(self) -> object:
        """What besides the member decides how he is shown."""
        return self._is_narrow, self._words, self._keys.keys, self.recommended.lines

    def reveal(self, phone: str) -> None:
        """Show the whole number; empty hides it again."""
        self._head.reveal(phone)

    @property
    def contact_text(self) -> str:
        return self._head.contact_text

    @property
    def points(self) -> QWidget:
        """The figure that opens the choices."""
        return self._points

    @property
    def benefits(self) -> BenefitsButton:
        """What can be done for him now."""
        return self._benefits

    @property
    def eye(self) -> IconButton:
        return self._head.eye

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._column.setSpacing(SPACING)
        self._fit()

    # -- build

    def _build_empty(self) -> None:
        self._empty_page = QWidget()
        column = QVBoxLayout(self._empty_page)
        column.setContentsMargins(0, 0, 0, 0)
        self._empty = EmptyState(icon="user-circle")
        self._find = SecondaryButton(icon="user")
        self._find.clicked.connect(self.find_requested)
        column.addWidget(self._empty, 1)
        column.addWidget(self._find)
        self.body.addWidget(self._empty_page, 1)

    def _build_member(self) -> None:
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        self._head = MemberHead()
        self._head.reveal_requested.connect(self.reveal_requested)
        self._column.addWidget(self._head)
        self._column.addLayout(self._make_figures())
        self._column.addWidget(Rule())
        self._note_box = MemberNote()
        self._column.addWidget(self._note_box)
        self._column.addWidget(self._make_coupons())
        self._benefits = BenefitsButton()
        self._benefits.pressed.connect(self.benefit_requested)
        self._about = IconLabelText("user")
        self._column.addWidget(self._benefits)
        self.recommended = RecommendedRows()
        self.recommended.changed.connect(lambda: self.show_member(self._view))
        self._column.addWidget(self.recommended)
        self._column.addWidget(self._about)
        self._column.addStretch(1)
        self._strip = TierStrip()
        self._column.addWidget(self._strip)
        self.body.addWidget(self._page, 1)

    def _make_figures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._points, self._earn = MemberFigure(), MemberFigure()
        self._points.pressed.connect(self.choices_requested)
        row.addWidget(self._points, 1)
        row.addWidget(Rule(upright=True))
        row.addWidget(self._earn, 1)
        self._figures = row
        return row

    def _make_coupons(self) -> QWidget:
        self._coupon_box = QWidget()
        self._coupon_column = column = QVBoxLayout(self._coupon_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = QHBoxLayout()
        title.setSpacing(8)
        self._coupon_title = Text(role="body_l", weight=500)
        self._coupon_count = Text(role="body_l", tone="text_secondary")
        self._change = LinkButton()
        self._change.setFixedHeight(32)  # its 64 px twin stands in the key bar
        self._change.clicked.connect(self.coupons_requested)
        title.addWidget(self._coupon_title)
        title.addWidget(self._coupon_count)
        title.addStretch(1)
        title.addWidget(self._change)
        column.addLayout(title)
        self._coupon_rows = QVBoxLayout()
        self._coupon_rows.setSpacing(0)
        column.addLayout(self._coupon_rows)
        return self._coupon_box

    # -- draw

    def _show_figures(self, view: MemberView) -> None:
        points, earn, coupons = self._words
        self._figures.setSpacing(10 if self._is_narrow else 16)
        self._figures.setStretch(0, 5 if self._is_narrow else 1)
        self._figures.setStretch(2, 4 if self._is_narrow else 1)
        self._points.show_figure(points, view.points, view.points_note)
        note = view.earn_note_short if self._is_narrow else view.earn_note
        self._earn.show_figure(earn, view.earn, NoteView(note, shorter=view.earn_note_short))
        self._coupon_title.setText(coupons)
        self._coupon_count.setText(str(view.coupon_count))

    def _show_lists(self, view: MemberView) -> None:
        self._note_box.show_text(view.note)
        self._coupon_box.setVisible(bool(view.coupons))
        while len(self._rows) < len(view.coupons):
            self._rows.append(CouponRowWidget())
            self._coupon_rows.addWidget(self._rows[-1])
        rows = self._rows[: len(view.coupons)]
        for row in self._rows[len(view.coupons) :]:
            row.hide()
        for row, line in zip(rows, view.coupons, strict=True):
            row.show_line(line, narrow=self._is_narrow)
        number = view.benefit_number
        alone = view.benefits[number - 1].name if number else ""
        key = benefit_key(self._keys, number)
        self._benefits.show_benefits(view.benefits_line, number, alone, key)
        self._about.show_text(view.about)
        facts = [each for each in (self._about, self._benefits) if each.text]
        self._optional = _dispensable_first(facts, rows, self.recommended.named)
        strip = view.strip
        self._strip.setVisible(strip is not None)
        if strip is not None:
            self._strip.show_strip(strip.tone, strip.sentence, strip.date, shorter=strip.shorter)

    def _fit(self) -> None:
        """Show as much as there is room for; what is first in `_optional` goes first."""
        if self._view is None:
            return
        room = self.contentsRect().height() - 2 * PADDING
        needed = self._height_without_optional()
        if needed > room and self._column.spacing() != TIGHT:
            self._column.setSpacing(TIGHT)  # large text in a low window: what is said comes first
            needed = self._height_without_optional()
        fits = True
        hidden = 0
        for widget in reversed(self._optional):
            fits = fits and needed + self._height_of(widget) <= room
            if fits:
                needed += self._height_of(widget)
            elif isinstance(widget, CouponRowWidget):
                hidden += 1
            if widget.isHidden() == fits:  # touching nothing else: each touch asks for a layout
                widget.setVisible(fits)
        if hidden != self._hidden_coupons:
            self._hidden_coupons = hidden
            self._label_change()

    def _height_without_optional(self) -> int:
        shown = [widget for widget in self._optional if not widget.isHidden()]
        whole = self._column.totalMinimumSize().height()
        return whole - sum(self._height_of(widget) for widget in shown)

    def _label_change(self) -> None:
        """The way to the coupons sheet; it says how many of them there is no room for."""
        hidden, wording = self._hidden_coupons, self._wording
        if wording is None:
            return
        shown = self._view.coupon_count - hidden if self._view is not None else 0
        label = wording.t("Choose")
        if hidden and shown:  # of none there are no more: how many there are stands beside it
            label = wording.n("{count} more", "{count} more", hidden)
        self._change.set_label(label, hint=self._keys.hint(Action.OFFERS))

    def _height_of(self, widget: QWidget) -> int:
        of_row = {CouponRowWidget: 0, RecommendedRow: ROW_SPACING}
        gap = of_row.get(type(widget), self._column.spacing())
        return widget.minimumSizeHint().height() + gap


def _dispensable_first(
    facts: Sequence[QWidget], coupons: Sequence[QWidget], named: Sequence[QWidget]
) -> list[QWidget]:
    """What gives way first stands first. The coupons in use are the first ones; of a long list one
    makes room for what he likely wants next: the sheet shows them all."""
    return [
        *facts[:-1], *reversed(named[1:]), *facts[-1:],
        *reversed(coupons[2:]), *named[:1], *reversed(coupons[:2]),
    ]  # fmt: skip
