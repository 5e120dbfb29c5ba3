"""Questions of the privacy room: erase somebody, whom to tell after a breach, what goes tonight.

Owns: one dialog at a time and what comes of it. Does not own: their widgets (dialogs.py), texts
(view_model.py), the room behind them (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services.breach import BreachAsked
from app.services.erasure import (
    ErasureAsked,
    ErasureHolds,
    ErasurePreview,
    ReasonNeeded,
    ask_erasure,
    preview_erasure,
)
from app.services.retention import RetentionDue, retention_due
from ui.kit.pick_dialog import PickDialog
from ui.navigation import ToSettings
from ui.privacy.dialogs import EraseDialog, RetentionDialog
from ui.privacy.view_model import answer_words, erase_question, retention_lines
from ui.rows import Pick
from ui.window_lane import WindowLane
from ui.window_parts import WindowParts

BREACH_DAYS = 30
Dialog = EraseDialog | RetentionDialog | PickDialog


class PrivacyQuestions(QObject):
    """One question at a time.

    Signals:
        said: What came of it. args: the sentence, its tone.
        asked: Somebody is being erased, or is.
        ended: The dialog is gone.
    """

    said = Signal(str, str)
    asked = Signal()
    ended = Signal()

    def __init__(self, parts: WindowParts, over: QWidget) -> None:
        super().__init__(over)
        self._parts, self._over = parts, over
        self.dialog: Dialog | None = None
        self._is_asking = False

    def put_away(self) -> None:
        """The room is left."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    # ------------------------------------------------------------------ erasing

    def erase(self, member_id: str) -> None:
        """What goes, what stays; then the word."""
        self._parts.ask(preview_erasure, self._previewed, member_id=member_id)

    def _previewed(self, answer: object) -> None:
        if not isinstance(answer, ErasurePreview):
            self.said.emit(*answer_words(answer, self._parts.wording))
            return
        question = erase_question(answer, self._parts.wording)
        dialog = EraseDialog(self._over, question, self._parts.wording)
        dialog.confirmed.connect(partial(self._erase, answer.member.member_id))
        self._show(dialog)

    def _erase(self, member_id: str, reason: str) -> None:
        if self._is_asking:
            return
        self._is_asking = True
        self._parts.ask(
            ask_erasure, self._erased, on_error=self._failed, member_id=member_id, reason=reason
        )

    def _erased(self, answer: object) -> None:
        self._is_asking = False
        words, tone = answer_words(answer, self._parts.wording)
        if isinstance(answer, ReasonNeeded) and isinstance(self.dialog, EraseDialog):
            self.dialog.ask_for_reason(words)
            return
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.accept()
        if isinstance(answer, ErasureAsked | ErasureHolds):
            self.asked.emit()
        self.said.emit(words, tone)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    # ------------------------------------------------------------------ lists

    def breach(self, tell: Callable[[BreachAsked], object]) -> None:
        """Which members, and how much of them."""
        wording = self._parts.wording
        t = wording.t
        days = wording.n(
            "Who was here in the last {count} day",
            "Who was here in the last {count} days",
            BREACH_DAYS,
        )
        here = t("Everybody whose data lies on this till")
        picks = [
            Pick("on_this_till masked", t("{who}: masked", who=here)),
            Pick("on_this_till whole", t("{who}: whole numbers", who=here)),
            Pick("in_period masked", t("{who}: masked", who=days)),
            Pick("in_period whole", t("{who}: whole numbers", who=days)),
        ]
        title = t("Members to tell after a breach")
        dialog = PickDialog(self._over, title=title, picks=picks, chosen="", back=t("Back"))
        dialog.picked.connect(lambda key: tell(self._breach_asked(key)))
        self._show(dialog)

    def _breach_asked(self, key: str) -> BreachAsked:
        whose, how = key.split()
        if whose == "on_this_till":
            return BreachAsked("on_this_till", in_full=how == "whole")
        today = self._parts.local_now().date()
        since = today - timedelta(days=BREACH_DAYS)
        return BreachAsked("in_period", since, today, in_full=how == "whole")

    def retention(self) -> None:
        """What goes by itself tonight."""
        shop, lane = self._parts.shop, WindowLane(self._parts.runner)
        self._parts.runner.run_aside(
            lambda: retention_due(shop=shop, lane=lane), self._due, self._parts.on_fault
        )

    def _due(self, answer: object) -> None:
        if not isinstance(answer, RetentionDue):
            self.said.emit(*answer_words(answer, self._parts.wording))
            return
        lines = retention_lines(answer, self._parts.wording)
        dialog = RetentionDialog(self._over, lines, self._parts.wording)
        dialog.settings_requested.connect(self._to_settings)
        self._show(dialog)

    def _to_settings(self) -> None:
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.accept()
        self._parts.navigation.go(ToSettings("keep_inactive_months"))

    def _show(self, dialog: Dialog) -> None:
        if self.dialog is None:
            self.dialog = dialog
            dialog.finished.connect(self._forget)
            dialog.open()

    def _forget(self) -> None:
        self.dialog = None
        self.ended.emit()
