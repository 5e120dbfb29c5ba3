"""Case panel: one complaint with its clocks, its story and the keys of what can be done.

Owns: the layout of the case. Does not own: texts (case_view.py), moves (moves.py), the list
(queue.py), what helped before and what may be given (aside.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.wording import Wording
from ui.complaints.case_view import CaseShown, StoryShown
from ui.complaints.clock_card import ClockCard
from ui.complaints.moves import MOVES, Move
from ui.kit.buttons import LinkButton, PrimaryButton, SecondaryButton
from ui.kit.panels import Card, EmptyState
from ui.kit.scrolling import ScrollArea, stand_flush
from ui.kit.text import ElidedText, IconLabel, NumberLabel, Text

MAIN_ACROSS, OTHERS_ACROSS = 5, 5


class StoryRow(QWidget):
    """One thing that happened: sign, who did what, when, the words."""

    def __init__(self, shown: StoryShown) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(IconLabel(shown.icon, tone="text_secondary", size=20), 0, _TOP)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Text(shown.title, role="body", weight=600, wrap=True))
        if shown.text:
            column.addWidget(Text(shown.text, role="body_l", wrap=True))
        row.addLayout(column, 1)
        row.addWidget(NumberLabel(shown.at, role="body", tone="text_secondary"), 0, _TOP)
        self.setAccessibleName(f"{shown.at} {shown.title} {shown.text}")


_TOP = Qt.AlignmentFlag.AlignTop


class CasePanel(QWidget):
    """The case in the middle.

    Signals:
        move_requested: arg: the act's name.
        contact_requested, receipt_requested, member_requested: pressed.
    """

    move_requested = Signal(str)
    contact_requested = Signal()
    receipt_requested = Signal()
    member_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._story_shown: tuple[StoryShown, ...] | None = None
        self._moves_shown: tuple[Move, ...] | None = None
        self.keys: dict[str, SecondaryButton | PrimaryButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._hint = EmptyState(icon="complaint")
        self._case = QWidget()
        inside = QVBoxLayout(self._case)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        title = self._build_title()
        inside.addLayout(title)
        self.area, self.column = self._build_area()
        stand_flush(self.area, title)
        inside.addWidget(self.area, 1)
        self._keys = QVBoxLayout()
        self._keys.setSpacing(8)
        stand_flush(self.area, self._keys)
        inside.addLayout(self._keys)
        column.addWidget(self._hint, 1)
        column.addWidget(self._case, 1)

    def show_case(self, shown: CaseShown | None, hint: str, wording: Wording) -> None:
        """None: no case is chosen."""
        self._hint.show_words(hint)
        self._hint.setVisible(shown is None)
        self._case.setVisible(shown is not None)
        if shown is None:
            return
        self._title.set_text(shown.title)
        self._number.setText(shown.number)
        self._state.setText(shown.state)
        self._who.set_text(shown.who)
        self._tier.setText(shown.tier)
        self._tier.set_tone(shown.tier_tone)
        self._tier.setVisible(bool(shown.tier))
        self._route.setText(shown.route)
        self._wanted.setText(shown.wanted)
        self._wanted.setVisible(bool(shown.wanted))
        self.receipt.set_label(shown.receipt)
        self.receipt.setVisible(bool(shown.receipt))
        self.clocks.show_clocks(shown.clocks)
        self._notes.setText("\n".join(shown.notes))
        self._notes_row.setVisible(bool(shown.notes))
        self._show_story(shown.story, wording)

    def show_contact(self, shown: str, label: str, hint: str) -> None:
        """`shown`: the number, for its ten seconds; empty: `label` says how to see it."""
        self.contact.set_label(shown or label, hint="" if shown else hint)
        self.contact.setVisible(bool(shown or label))

    def show_member_key(self, label: str) -> None:
        """The way to his page; empty: he is no member."""
        self.member.set_label(label)
        self.member.setVisible(bool(label))

    def show_moves(self, moves: Sequence[Move], wording: Wording) -> None:
        """The keys of what fits now, the first of them as the one to press."""
        for move, key in ((move, self.keys.get(move.act)) for move in moves):
            if key is not None:
                key.set_label(wording.t(move.name))
        if tuple(moves) == self._moves_shown:
            return
        self._moves_shown = tuple(moves)
        self._clear_keys()
        for across, row in (
            (MAIN_ACROSS, [each for each in moves if each.main]),
            (OTHERS_ACROSS, [each for each in moves if not each.main]),
        ):
            grid = QGridLayout()
            grid.setSpacing(8)
            for place, move in enumerate(row):
                grid.addWidget(self._key(move, wording), place // across, place % across)
            for column in range(min(across, max(1, len(row)))):
                grid.setColumnStretch(column, 1)
            self._keys.addLayout(grid)

    def _clear_keys(self) -> None:
        self.keys = {}
        while (item := self._keys.takeAt(0)) is not None:
            grid = item.layout()
            while grid is not None and (inner := grid.takeAt(0)) is not None:
                gone = inner.widget()
                if gone is not None:
                    gone.hide()
                    gone.deleteLater()

    def _key(self, move: Move, wording: Wording) -> SecondaryButton | PrimaryButton:
        label, is_first = wording.t(move.name), move.main and not self.keys
        key: SecondaryButton | PrimaryButton
        if is_first:
            key = PrimaryButton(label, icon=move.icon, hint=move.letter, height=56)
            key.set_role("body_l")
        else:
            key = SecondaryButton(
                label, icon=move.icon if move.main else "", hint=move.letter,
                height=56 if move.main else 48,
            )  # fmt: skip
        key.clicked.connect(lambda _=False, act=move.act: self.move_requested.emit(act))
        self.keys[move.act] = key
        return key

    def fit(self, *, narrow: bool) -> None:
        """One below the other where there is no room beside each other."""
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        for box in (self.person, self.parts):
            box.setDirection(below if narrow else beside)

    def turn(self, pages: int) -> None:
        """By so many pages."""
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    def letter_pressed(self, letter: str) -> bool:
        """Whether a shown move has it; then it is asked for."""
        found = next((each for each in MOVES if each.letter == letter.upper()), None)
        if found is None or found.act not in self.keys:
            return False
        self.move_requested.emit(found.act)
        return True

    def _show_story(self, story: tuple[StoryShown, ...], wording: Wording) -> None:
        self._story_title.setText(wording.t("What happened"))
        if story == self._story_shown:
            return
        self._story_shown = story
        while (item := self._story.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for each in story:
            self._story.addWidget(StoryRow(each))

    def _build_title(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self._title = ElidedText(role="title", weight=600)
        self._number = Text(role="body_l", tone="text_secondary")
        self._state = NumberLabel(role="body_l", weight=500)
        row.addWidget(self._title)
        row.addWidget(self._number)
        row.addStretch(1)
        row.addWidget(self._state)
        return row

    def _build_area(self) -> tuple[ScrollArea, QVBoxLayout]:
        area = ScrollArea(spacing=12)
        area.inside.setProperty("kit", "screen")
        column = area.body
        column.addWidget(self._build_person())
        self.clocks = ClockCard()
        column.addWidget(self.clocks)
        self.parts = QHBoxLayout()
        self.parts.setSpacing(12)
        self.parts.addWidget(self._build_story(), 1)
        column.addLayout(self.parts, 1)
        return area, column

    def _build_person(self) -> Card:
        card = Card(padding=(16, 12), spacing=4)
        self.person = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.person.setSpacing(4)
        first = QHBoxLayout()
        first.setSpacing(10)
        self._who = ElidedText(role="body_l", weight=600)
        self._tier = Text(role="body_l", weight=600)
        self.receipt = LinkButton(icon="receipt")
        self.receipt.clicked.connect(self.receipt_requested)
        first.addWidget(self._who)
        first.addWidget(self._tier)
        first.addStretch(1)
        self._route = Text(role="body", tone="text_secondary", wrap=True)
        self._wanted = Text(role="body_l", wrap=True)
        ways = QHBoxLayout()
        ways.setSpacing(8)
        self.contact = LinkButton(icon="phone")
        self.contact.clicked.connect(self.contact_requested)
        self.member = LinkButton(icon="user", hint="M")
        self.member.clicked.connect(self.member_requested)
        for key in (self.receipt, self.contact, self.member):
            ways.addWidget(key)
        ways.addStretch(1)
        self.person.addLayout(first, 1)
        self.person.addLayout(ways)
        self._notes_row = QWidget()
        notes = QHBoxLayout(self._notes_row)
        notes.setContentsMargins(0, 0, 0, 0)
        notes.setSpacing(8)
        self._notes = Text(role="body", tone="warning", weight=500, wrap=True)
        notes.addWidget(IconLabel("alert", tone="warning", size=18), 0, _TOP)
        notes.addWidget(self._notes, 1)
        card.body.addLayout(self.person)
        for part in (self._route, self._wanted, self._notes_row):
            card.body.addWidget(part)
        return card

    def _build_story(self) -> Card:
        card = Card(padding=(16, 12), spacing=10)
        self._story_title = Text(role="body_l", weight=600)
        self._story = QVBoxLayout()
        self._story.setSpacing(14)
        card.body.addWidget(self._story_title)
        card.body.addLayout(self._story)
        card.body.addStretch(1)
        return card
