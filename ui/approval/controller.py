"""Approval controller: one request from its question to the act that was done, or to a no.

Owns: the figures while they are typed (never longer), the seconds, which proof is on its way.
Does not own: widgets (panel.py), words (view_model.py), who may say yes (services/approval.py).

Any screen whose act was answered with ApprovalNeeded opens it by
`navigation.open_dialog(AskApproval(answer, self._answered))`; `_answered` gets what the act itself
answered once it was done. Where nobody says yes it is never called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.domain.codes import Code, CodeKind, parse_code
from app.domain.staff import PIN_LENGTH_MAX, PIN_LENGTH_MIN
from app.services.approval import (
    ApprovalGone,
    ApprovalNeeded,
    Approved,
    Approver,
    SecondProofNeeded,
    approve_with_badge,
    approve_with_pin,
    approvers,
    cancel_approval,
)
from app.services.till_state import TillState
from app.wording import Wording
from ui.approval.panel import ApprovalPanel
from ui.approval.view_model import ApprovalForm, present, refusal_sentence
from ui.navigation import AskApproval
from ui.pin_proof import TypedProof, ask_with_pin
from ui.window_parts import WindowParts

_SECOND_MS = 1_000


class ApprovalController(QObject):
    """One opening of the panel."""

    def __init__(self, parts: WindowParts, intent: AskApproval) -> None:
        super().__init__()
        needed = intent.needed
        assert isinstance(needed, ApprovalNeeded), needed
        self._parts, self._needed = parts, needed
        self._then: Callable[[Any], object] = intent.then
        self._people: tuple[Approver, ...] | None = None
        self._pin = ""
        self._is_asking = self._is_answered = False
        self._form = ApprovalForm(seconds_left=needed.expires_in_ms // _SECOND_MS)
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        self._panel = panel = ApprovalPanel(front.widget, parts.wording)
        panel.person_chosen.connect(self._choose)
        panel.step_requested.connect(self._step)
        panel.figure_typed.connect(self._type)
        panel.figure_deleted.connect(self._delete)
        panel.submitted.connect(self._submit)
        panel.finished.connect(self._closed)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self._tick)
        self._draw()
        panel.open()
        self._second.start()
        parts.notifier.signal("need_attention")
        parts.ask(approvers, self._show_people, request_id=needed.request_id)

    @property
    def panel(self) -> ApprovalPanel:
        return self._panel

    @property
    def chosen(self) -> str:
        """Who types the PIN."""
        return self._form.chosen

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """A badge is the yes; nothing else is taken while a colleague is waited for."""
        code = parse_code(text)
        if isinstance(code, Code) and code.kind is CodeKind.STAFF:
            if not self._is_asking:
                self._is_asking = True
                self._parts.ask(
                    approve_with_badge,
                    self._answered,
                    on_error=self._failed,
                    request_id=self._needed.request_id,
                    badge=text,
                )
        else:
            self._parts.notifier.signal("scan_error")
            notice = self._parts.wording.t("Finish the approval first (Esc cancels it).")
            self._form = replace(self._form, notice=notice, is_wrong=False)
            self._draw()
        return True

    def show_state(self, state: TillState) -> None:
        """The panel shows what was asked for, not the basket."""

    def speak(self, wording: Wording) -> None:
        self._panel.retranslate(wording)
        self._form = replace(self._form, notice="")
        self._draw()

    def close(self) -> None:
        self._panel.reject()

    # ------------------------------------------------------------------ typing

    def _choose(self, staff_id: str) -> None:
        self._pin = ""
        self._form = replace(self._form, chosen=staff_id, typed=0, notice="", is_wrong=False)
        self._draw()

    def _step(self, step: int) -> None:
        ids = [each.staff_id for each in self._people or () if each.has_pin]
        if ids:
            here = ids.index(self._form.chosen) if self._form.chosen in ids else 0
            self._choose(ids[max(0, min(len(ids) - 1, here + step))])

    def _type(self, figure: str) -> None:
        if self._is_asking or not self._form.chosen:
            return
        self._pin += figure
        self._form = replace(self._form, typed=len(self._pin), notice="", is_wrong=False)
        self._draw()
        if len(self._pin) >= PIN_LENGTH_MAX:
            self._submit()

    def _delete(self) -> None:
        self._pin = self._pin[:-1]
        self._form = replace(self._form, typed=len(self._pin))
        self._draw()

    def _submit(self) -> None:
        if self._is_asking or len(self._pin) < PIN_LENGTH_MIN:
            return
        typed, self._pin, self._is_asking = TypedProof(self._form.chosen, self._pin), "", True
        ask_with_pin(
            self._parts,
            approve_with_pin,
            self._answered,
            typed,
            on_error=self._failed,
            request_id=self._needed.request_id,
        )

    # ------------------------------------------------------------------ answers

    def _show_people(self, people: tuple[Approver, ...]) -> None:
        self._people = people
        with_pin = [each.staff_id for each in people if each.has_pin]
        if with_pin and not self._form.chosen:
            self._form = replace(self._form, chosen=with_pin[0])
        if self._panel.is_open:
            self._draw()

    def _answered(self, answer: Any) -> None:
        self._is_asking = False
        if isinstance(answer, Approved):
            self._finish(answer.answer)
            return
        if not self._panel.is_open:
            return
        self._form = refusal_sentence(answer, self._form, self._parts.wording)
        if isinstance(answer, SecondProofNeeded):
            self._form = replace(self._form, chosen=answer.staff_id)
            self._parts.notifier.signal("member_ok")
        else:
            self._parts.notifier.signal("scan_error")
        if isinstance(answer, ApprovalGone):
            self._second.stop()
            self._form = replace(self._form, seconds_left=0)
        self._parts.notifier.announce(self._form.notice, urgent=True)
        self._draw()

    def _finish(self, done: Any) -> None:
        """The act was done by itself: the till is as its answer says."""
        self._is_answered = True
        if self._panel.is_open:
            self._panel.accept()
        state = getattr(done, "state", None)
        if isinstance(state, TillState):
            self._parts.live.adopt(state)
        self._then(done)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        self._form = replace(self._form, typed=0)
        if self._panel.is_open:
            self._draw()
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _tick(self) -> None:
        left = max(0, self._form.seconds_left - 1)
        self._form = replace(self._form, seconds_left=left)
        if not left:
            self._second.stop()
            gone = ApprovalGone("too_late")
            self._form = refusal_sentence(gone, self._form, self._parts.wording)
        self._draw()

    def _closed(self) -> None:
        self._second.stop()
        self._pin = ""
        self._parts.navigation.dialog_closed(self)
        # An answer under way decides by itself; a step back takes the question with it.
        if not self._is_answered and not self._is_asking:
            self._parts.ask(cancel_approval)

    def _draw(self) -> None:
        self._panel.render_view(
            present(self._needed, self._people, self._form, self._parts.wording)
        )
