"""About page: which version this is, and what it is built on under which terms.

Owns: its widgets, reading the list of licences. Does not own: the list
(resources/licences/THIRD_PARTY.md).
"""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.wording import N_, Wording
from ui.key_map import Action, KeyAction
from ui.kit.panels import Card, ListRow
from ui.kit.text import Text
from ui.settings.editor import scrolling
from ui.settings.fact_list import Fact, FactList
from ui.settings.page import PageWidget, SettingsPage
from ui.window_parts import WindowParts

_ROOT = Path(__file__).resolve().parent.parent.parent
LICENCES = _ROOT / "resources" / "licences" / "THIRD_PARTY.md"
OWN_LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class BuiltOn:
    """One part that others made."""

    name: str
    licence: str


class AboutPage(PageWidget):
    """The version and the licences."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        card = Card(padding=(20, 20), spacing=12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self._title = Text(role="h1", weight=600)
        self.list = FactList()
        self._built = Text(role="title", weight=600, wrap=True)
        card.body.addWidget(self._title)
        card.body.addWidget(self.list)
        card.body.addWidget(self._built)
        self._area = scrolling(_licences())
        card.body.addWidget(self._area, 1)
        self.speak(parts.wording)

    def enter(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.LINE_UP, t("List up"), partial(self._scroll, -1)),
            KeyAction(Action.LINE_DOWN, t("List down"), partial(self._scroll, 1)),
        )

    def _scroll(self, by: int) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + by * bar.pageStep() // 2)

    def speak(self, wording: Wording) -> None:
        t = wording.t
        self._title.setText(t("About Zhanggui"))
        self._built.setText(t("Built on, unmodified"))
        python, qt = platform.python_version(), qVersion() or ""
        self.list.show_facts(
            (
                Fact(t("Version"), version()),
                Fact(t("Licence"), OWN_LICENCE),
                Fact(t("Runs on"), f"Python {python}, Qt {qt}, {platform.system()}"),
            )
        )


ABOUT = SettingsPage(
    "about", N_("This program"), AboutPage, icon="info", finds=(N_("Version"), N_("Licence"))
)


@cache
def version() -> str:
    """The version of this program; it runs from its source."""
    return str(tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def built_on(text: str) -> Iterator[BuiltOn]:
    """The rows of every table of the list, heads left out."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        is_row = line.startswith("|") and len(cells) >= 3 and set(cells[0]) - set("-: ")
        if is_row and cells[1].casefold() != "licence":
            yield BuiltOn(*cells[:2])


def _licences() -> QWidget:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setSpacing(8)
    for part in built_on(LICENCES.read_text("utf-8")):
        column.addWidget(ListRow(part.name, detail=part.licence))
    column.addStretch(1)
    return inside
