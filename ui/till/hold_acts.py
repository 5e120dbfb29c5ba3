"""Hold acts: putting the open sale aside, taking one back, giving one up.

Owns: which service a key of the till asks, what opens for its answer, what is said.
Does not own: the list (controller.py), the reason for voiding (ui/void), sentences
(view_model.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Slot

from app.domain.rights import LimitMissing
from app.services.act_reason import ReasonNeeded
from app.services.approval import ActForbidden, ApprovalNeeded
from app.services.hold import ChooseHold, SaleHeld, SaleRecalled, hold_sale, recall_sale
from app.services.void import void_sale
from ui.approval.view_model import forbidden_sentence
from ui.holds.dialog import DifferencesDialog
from ui.holds.view_model import held_sentence, holds_said, present_differences
from ui.key_map import Action
from ui.navigation import AskApproval, RecallHeld, VoidSale
from ui.said import Said
from ui.till.screen import TillScreen
from ui.till.voice import Voice
from ui.window_parts import WindowParts


class HoldActs(QObject):
    """F4, F5 and void of one till screen."""

    def __init__(
        self, parts: WindowParts, screen: TillScreen, voice: Voice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._screen, self._voice = parts, screen, voice

    @Slot()
    def hold(self) -> None:
        """F4: at once, without a question."""
        before = self._parts.state

        def answered(answer: Any) -> None:
            if isinstance(answer, SaleHeld):
                key = self._parts.keys.hint(Action.RECALL)
                words = held_sentence(before, answer.state, self._parts.wording, recall_key=key)
                self._say(words)
            else:
                self._answered(answer)

        self._parts.ask(hold_sale, answered)

    @Slot()
    def recall(self) -> None:
        """F5: the only one at once, of several the one that is chosen."""
        self._parts.ask(recall_sale, self._answered)

    @Slot()
    def show_list(self) -> None:
        """All of them, also none."""
        intent = RecallHeld(self._answered, self._ask_why)
        self._parts.navigation.open_dialog(intent)

    @Slot()
    def void(self) -> None:
        """Give the open sale up: the service says which reasons there are."""
        self._parts.ask(void_sale, self._ask_why, reason="")

    def _ask_why(self, answer: Any, hold_id: str = "") -> None:
        if isinstance(answer, ReasonNeeded):
            self._parts.navigation.open_dialog(VoidSale(answer, self._answered, hold_id))
        else:
            self._answered(answer)

    def _answered(self, answer: Any) -> None:
        match answer:
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case ChooseHold():
                self.show_list()
            case SaleRecalled():
                self._recalled(answer)
            case ActForbidden() | LimitMissing():
                sentence = forbidden_sentence(answer, self._parts.wording)
                self._say(Said(sentence, "danger", "need_attention"))
            case _:
                self._say(holds_said(answer, self._parts.state, self._parts.wording))

    def _recalled(self, answer: SaleRecalled) -> None:
        view = present_differences(answer, answer.state, self._parts.wording)
        if view is None:
            self._say(holds_said(answer, self._parts.state, self._parts.wording))
            return
        self._parts.notifier.signal("need_attention")
        self._parts.notifier.announce(f"{view.title}. {view.sentence}", urgent=True)
        DifferencesDialog(self._screen, view).open()

    def _say(self, words: Said) -> None:
        self._voice.say(words)
        self._screen.focus_input()
