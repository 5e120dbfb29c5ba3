"""Ways from a case: to the receipt it is about, to the member's page, to the library.

Owns: going there and back to where somebody came from, and saying so where a till does not have
the receipt. Does not own: the case (controller.py), those places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from app.services.complaint_view import CaseView
from app.services.receipt import ReceiptShown, show_receipt
from ui.complaints.screen import ComplaintsScreen
from ui.key_map import Action, KeyAction
from ui.navigation import (
    Destination,
    ToComplaints,
    ToDesk,
    ToMember,
    ToReceipt,
    ToSolutions,
)
from ui.window_parts import WindowParts


class Ways(QObject):
    """Of the case in front."""

    def __init__(
        self, parts: WindowParts, screen: ComplaintsScreen, view: Callable[[], CaseView | None]
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._view = parts, screen, view
        self._back: Any = None
        screen.library_requested.connect(self.show_library)

    def came(self, to: Destination) -> None:
        """Somebody comes: from where?"""
        self._back = to.back if isinstance(to, ToComplaints) else None

    def go_back(self) -> None:
        """To the cause or the member whose case it is, else to the desk."""
        self._parts.navigation.go(self._back or ToDesk())

    def key_actions(self) -> Sequence[KeyAction]:
        """To the library and to the causes, whatever case is in front."""
        t = self._parts.wording.t
        return (
            KeyAction(Action.CHOOSE_1, t("Library"), self.show_library),
            KeyAction(Action.CHOOSE_2, t("Causes"), self.show_causes),
        )

    def show_receipt(self) -> None:
        """The receipt as it was printed."""
        view = self._view()
        if view is not None and view.sale_id:
            self._parts.ask(show_receipt, self._receipt_came, sale_id=view.sale_id)
        elif view is not None and view.line.receipt:
            self._receipt_came(None)

    def show_member(self) -> None:
        """His page, at his complaints."""
        view = self._view()
        if view is not None and view.member_id:
            self._parts.navigation.go(ToMember(view.member_id, "complaints", self._here()))

    def show_library(self) -> None:
        """What helped before, in all its versions."""
        self._parts.navigation.go(ToSolutions(back=self._here()))

    def show_causes(self) -> None:
        """Why people complained."""
        self._parts.navigation.go(ToSolutions(causes=True, back=self._here()))

    def _here(self) -> ToComplaints:
        """The case in front, and where Esc leads from it."""
        view = self._view()
        return ToComplaints(view.line.case_id if view is not None else "", self._back)

    def _receipt_came(self, answer: object) -> None:
        if isinstance(answer, ReceiptShown):
            self._parts.navigation.go(ToReceipt(answer, back=self._here()))
        else:
            words = self._parts.wording.t("This till does not have the receipt; another sold it.")
            self._screen.notice.show_banner(words, tone="warning")
