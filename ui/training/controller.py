"""Training controller: from the real till to the practice till and back.

Owns: asking whether one may, the making under way, reading the progress. Does not own: widgets
(screen.py), words (view_model.py), the other till (practice.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.domain.training import Task
from app.services.approval import ApprovalNeeded
from app.services.till_state import TillState
from app.services.training import (
    MayPractise,
    TrainingProgress,
    begin_training,
    training_progress,
)
from app.wording import Wording
from ui.arrival import place_to_begin
from ui.key_map import Action, KeyAction
from ui.navigation import AskApproval, Destination, ScreenController
from ui.said import said
from ui.training import view_model
from ui.training.practice import Making, Practice
from ui.training.screen import TrainingScreen
from ui.window_parts import WindowParts


class TrainingController(ScreenController):
    """One window has one: at the real till it leads out, at the practice till it leads back."""

    def __init__(self, parts: WindowParts, practice: Practice) -> None:
        super().__init__()
        self._parts, self._practice = parts, practice
        self._done: frozenset[Task] = frozenset()
        self._made: tuple[int, int] | None = None
        self.screen = TrainingScreen()
        self.screen.primary_requested.connect(self.confirm)
        self.screen.second_requested.connect(self._begin_anew)
        self.screen.back_requested.connect(self.back)
        self.screen.cancelled.connect(self.back)
        self._making = Making(practice, self)
        self._making.told.connect(self._tell)
        self._making.made.connect(self._go_over)
        self._making.ended.connect(self._end_making)
        self._making.failed.connect(self._failed)
        parts.closers.append(self._making.wait)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        if self._practice.is_here:
            self._parts.ask(training_progress, self._know)
        self._draw()
        self.screen.setFocus()

    def leave(self) -> None:
        self._making.cancel()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.CONFIRM, t("Go on"), self.confirm, lambda: self._made is None),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._draw()

    # ------------------------------------------------------------------ acts

    def confirm(self) -> None:
        """Enter: practise, or end it."""
        if self._practice.is_here:
            self._practice.leave_for("real")
        elif self._made is None:
            self._parts.ask(begin_training, self._answered)

    def back(self) -> None:
        """Esc: stop the making, else to the till."""
        if self._making.is_running:
            self._making.cancel()
        else:
            self._parts.navigation.go(place_to_begin(self._parts.state, self._parts.navigation))

    def _begin_anew(self) -> None:
        """As if nobody had practised here."""
        self._practice.throw_away()
        self.confirm()

    # ------------------------------------------------------------------ answers

    def _answered(self, answer: object) -> None:
        if isinstance(answer, MayPractise):
            self._made = (0, 0)
            self._making.start()
        elif isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
        else:
            wording, state = self._parts.wording, self._parts.state
            self._parts.notifier.signal("scan_error")
            self._parts.tell(lambda _: said(answer, state, wording).sentence, "warning")
        self._draw()

    def _tell(self, done: int, of: int) -> None:
        self._made = (done, of)
        self._draw()

    def _go_over(self) -> None:
        self._made = None
        self._practice.leave_for("practice")

    def _end_making(self) -> None:
        self._made = None
        self._draw()

    def _failed(self, error: BaseException) -> None:
        self._end_making()
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _know(self, progress: TrainingProgress) -> None:
        self._done = progress.done
        self._draw()

    def _draw(self) -> None:
        wording = self._parts.wording
        if self._practice.is_here:
            self.screen.render_view(view_model.during_view(wording, self._done))
        else:
            is_begun = self._practice.is_begun
            view = view_model.before_view(wording, self._made, is_begun=is_begun)
            self.screen.render_view(view)
