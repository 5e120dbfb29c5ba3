"""Opener: what the help key does, wherever it is pressed.

Owns: opening the help at the topic of the place in front, its second page, closing it.
Does not own: the widgets (dialog.py), the texts, the places (places.py), key events.

Pressed once it explains the screen, pressed again it lists the keys of the screen, pressed a third
time it goes. Esc goes at once, back to where one was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.wording import Wording
from ui.help.book import read_book
from ui.help.dialog import HelpDialog
from ui.help.places import TOPIC_OF, topic_of
from ui.help.view_model import KEYS, HelpSource, HelpView, KeyLine, TopicRow, help_view
from ui.key_map import KeyAction, KeyMap


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asks for help: the screen by its name, and the dialogs over it."""

    screen: str
    dialogs: Sequence[str]
    actions: Sequence[KeyAction]
    keys: KeyMap
    wording: Wording


class HelpOpener(QObject):
    """The help of one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._source: HelpSource | None = None
        self._view: HelpView | None = None
        self.dialog: HelpDialog | None = None

    @property
    def is_open(self) -> bool:
        return self.dialog is not None

    @property
    def shows_keys(self) -> bool:
        """Whether the keys of the screen are in front."""
        return self._view is not None and bool(self._view.keys) and self.is_open

    def press(self, place: Place) -> None:
        """The help key: the topic, then the keys, then away."""
        if self.dialog is None:
            self.open_at(place)
        elif self._view is not None and not self.shows_keys and self._has_keys():
            self.dialog.search.clear()
            self._show(KEYS)
        else:
            self.close()

    def open_at(self, place: Place) -> None:
        """Open it at the topic of this place."""
        keys, hint = place.actions, place.keys.hint
        lines = [KeyLine(hint(known.action), known.label) for known in keys if hint(known.action)]
        book = read_book(place.wording.language)
        self._source = HelpSource(book, tuple(lines), hint, place.wording)
        self.dialog = dialog = HelpDialog(self._window, place.wording)
        dialog.searched.connect(self._search)
        dialog.topic_chosen.connect(self._show)
        dialog.stepped.connect(self._step)
        dialog.finished.connect(self._forget)
        self._show(topic_of((place.screen, *self._open_parts(), *place.dialogs)))
        dialog.open()

    def close(self) -> None:
        """Put it away; the focus goes back to where it was."""
        if self.dialog is not None:
            self.dialog.reject()

    def _open_parts(self) -> list[str]:
        """Sheets and pages of the screen in front that have a topic of their own."""
        widgets = self._window.findChildren(QWidget)
        names = [type(each).__name__ for each in widgets if each.isVisible()]
        return [name for name in names if name in TOPIC_OF]

    @Slot(str)
    def _search(self, query: str) -> None:
        """What is open stays open as long as it is among what is found."""
        self._show(next((row.identifier for row in self._rows() if row.is_current), ""))

    @Slot(str)
    def _show(self, topic: str) -> None:
        if self.dialog is None or self._source is None:
            return
        self._view = help_view(self._source, self.dialog.search.text(), topic)
        self.dialog.render_view(self._view)

    @Slot(int)
    def _step(self, by: int) -> None:
        names = [row.identifier for row in self._rows()]
        here = next((at for at, row in enumerate(self._rows()) if row.is_current), 0)
        if names:
            self._show(names[max(0, min(len(names) - 1, here + by))])

    def _rows(self) -> Sequence[TopicRow]:
        return self._view.rows if self._view is not None else ()

    def _has_keys(self) -> bool:
        return self._source is not None and bool(self._source.keys)

    @Slot()
    def _forget(self) -> None:
        self.dialog = None
