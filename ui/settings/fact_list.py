"""Fact list: what is so, line by line: a name, and below it how it stands.

Owns: its look; lines are made anew only where they change. Does not own: the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.text import Text


@dataclass(frozen=True, slots=True)
class Fact:
    """One line. `tone`: a colour token; empty for plain text."""

    name: str
    says: str
    tone: str = ""


class FactList(QWidget):
    """Names in grey, what they say below in full, wrapped."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Fact, ...] = ()
        self._lines: list[Text] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self._shown

    def show_facts(self, facts: Sequence[Fact]) -> None:
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = []
        for fact in facts:
            name = Text(fact.name, role="body", tone="text_secondary", wrap=True)
            says = Text(fact.says, role="body_l", tone=fact.tone, wrap=True)
            says.setContentsMargins(0, 0, 0, 10)
            for line in (name, says):
                self._column.addWidget(line)
                self._lines.append(line)
