"""What an entry of the library is about: its topic and its root cause, as keys that offer others.

Owns: those two keys and what they offer. Does not own: the form they stand in (library_dialog.py),
which may be chosen (the rules in force), keeping them (services).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.complaint_rules import ComplaintChoice, ComplaintProgram
from app.wording import Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.fields import FieldRow
from ui.kit.pick_dialog import PickDialog
from ui.phrases import words
from ui.rows import Pick

HEIGHT = 48


@dataclass(frozen=True, slots=True)
class Kinds:
    """What it is about, and what it could be about."""

    topic: str = ""
    cause: str = ""
    topics: tuple[Pick, ...] = field(default=(), repr=False)
    causes: tuple[Pick, ...] = field(default=(), repr=False)


def kinds_of(topic: str, cause: str, rules: ComplaintProgram, wording: Wording) -> Kinds:
    """By the rules in force; what an entry has and they do not have any more stays its own."""
    unknown = Pick("", wording.t("Not known yet"))
    return Kinds(
        topic, cause, _picks(rules.topics, topic, wording),
        (*_picks(rules.causes, cause, wording), unknown),
    )  # fmt: skip


def _picks(
    choices: Sequence[ComplaintChoice], current: str, wording: Wording
) -> tuple[Pick, ...]:  # fmt: skip
    picks = tuple(Pick(each.id, words(each.name, wording)) for each in choices)
    is_there = not current or any(each.key == current for each in picks)
    return picks if is_there else (*picks, Pick(current, current))


class KindKeys(QWidget):
    """Topic and cause beside each other; Alt and a figure, or a tap, offers the others."""

    def __init__(self, kinds: Kinds, wording: Wording) -> None:
        super().__init__()
        self._wording, self.topic, self.cause = wording, kinds.topic, kinds.cause
        self._kinds = kinds
        self.pick: PickDialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.keys = (SecondaryButton(height=HEIGHT), SecondaryButton(height=HEIGHT))
        names = (wording.t("Topic"), wording.t("Root cause"))
        for place, (key, name) in enumerate(zip(self.keys, names, strict=True)):
            key.clicked.connect(lambda _=False, at=place: self.offer(at))
            row.addWidget(FieldRow(name, key), 1)
        self._show()

    def offer(self, place: int) -> None:
        """0: topics, 1: causes."""
        picks = (self._kinds.topics, self._kinds.causes)[place]
        t = self._wording.t
        self.pick = PickDialog(
            self.window(), title=(t("What is it about?"), t("Root cause"))[place], picks=picks,
            chosen=(self.topic, self.cause)[place], back=t("Back"),
        )  # fmt: skip
        self.pick.picked.connect(lambda key: self._take(place, key))
        self.pick.open()

    def _take(self, place: int, key: str) -> None:
        if place == 0:
            self.topic = key
        else:
            self.cause = key
        self._show()
        self.keys[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        offered = (self._kinds.topics, self._kinds.causes)
        for place, (key, chosen) in enumerate(
            zip(self.keys, (self.topic, self.cause), strict=True)
        ):
            name = next((each.words for each in offered[place] if each.key == chosen), "—")
            key.set_label(name, hint=f"Alt+{place + 1}")
