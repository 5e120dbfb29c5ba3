"""Open pages: the float as it was left, or the drawer counted, or the shift that is open already.

Owns: the stack, which page is in front, what is typed on it. Does not own: acts
(open_controller.py), texts (open_view.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtWidgets import QStackedLayout, QWidget

from app.services.shift import DrawerFree, ShiftIsOpen
from app.services.till_state import TillState
from app.wording import Wording
from ui.shift.count_page import CountPage
from ui.shift.count_view import CountView, Denominations, count_view
from ui.shift.open_view import compared, free_view, open_view
from ui.shift.start_page import SILENT, Notice, StartPage


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """What is known of the drawer, and what is said about it. `people`: names by staff id."""

    found: DrawerFree | ShiftIsOpen | None = None
    people: dict[str, str] = field(default_factory=dict)
    name: str = ""
    """What the shift will be called."""
    notice: Notice = SILENT


class OpenPages(QWidget):
    """The stack."""

    def __init__(self, till: str, zone: str) -> None:
        """`till`: its number as people say it; `zone`: the shop's."""
        super().__init__()
        self._till, self._zone = till, zone
        self._stack = QStackedLayout(self)
        self.start, self.count = StartPage(), CountPage()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.count)

    @property
    def is_counting(self) -> bool:
        return self._stack.currentWidget() is self.count

    def show_start(self) -> None:
        self._stack.setCurrentWidget(self.start)

    def show_count(self) -> None:
        self._stack.setCurrentWidget(self.count)

    def take_focus(self) -> None:
        """Where keys go on the page in front."""
        if self.is_counting:
            self.count.grid.go_to_first()
        else:
            self.start.take_focus()

    def counted(self, free: DrawerFree, wording: Wording) -> CountView:
        """What is typed on the count's page."""
        kinds = Denominations(free.denominations, free.currency)
        return count_view(kinds, self.count.grid.typed, wording)

    def draw(self, facts: OpenFacts, state: TillState, wording: Wording) -> None:
        """Draw the page in front."""
        found = facts.found
        if isinstance(found, ShiftIsOpen):
            owner = facts.people.get(found.shift.owner_id, "")
            self.start.render_view(
                open_view(found, state, wording, owner=owner, zone=self._zone, notice=facts.notice)
            )
        elif isinstance(found, DrawerFree) and self.is_counting:
            self._draw_count(found, facts.notice, wording)
        elif isinstance(found, DrawerFree) and found.left is not None:
            self.start.render_view(
                free_view(
                    found, state, wording, till=self._till, name=facts.name, notice=facts.notice
                )
            )

    def _draw_count(self, free: DrawerFree, notice: Notice, wording: Wording) -> None:
        t = wording.t
        back = t("Back") if free.left is not None else t("Sign out")
        hint = t("Type the pieces of each, Enter goes on. Empty means none.")
        self.count.set_words(t("Open the shift: count the float"), hint, back, t("Open the shift"))
        view = self.counted(free, wording)
        beside = compared(view.total, free, wording)
        self.count.render_view(view, wording, beside=beside, notice=notice)
