"""Member look-up controller: searches as one types, puts the chosen person on the basket.

Owns: the order of answers (a late one for an older text is dropped), what Enter means.
Does not own: widgets (dialog.py), texts (view_model.py), who may be put on (find_member.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from app.services.answers import Changed
from app.services.find_member import (
    FindAnswer,
    MemberElsewhere,
    MemberPutOn,
    MembersFound,
    NobodyFound,
    find_members,
    put_on,
    remove_member,
)
from app.services.look_up import look_up_member
from app.services.till_state import TillState
from app.wording import Wording
from ui.code_scan import ask_code
from ui.member_lookup import view_model
from ui.member_lookup.dialog import LookUpDialog
from ui.navigation import JoinMember, LookUpMember, ScanByCamera
from ui.said import knows, said
from ui.window_parts import WindowParts


class LookUpController(QObject):
    """One opening of the look-up."""

    def __init__(self, parts: WindowParts, intent: LookUpMember) -> None:
        super().__init__()
        self._parts = parts
        self._answer: FindAnswer | None = None
        self._current = 0
        self._asked = self._answered_for = ""
        self._commit_when_found = False
        self._was_committed = False
        self._is_asking = False
        self._refusal: view_model.Refusal | None = None
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        self._dialog = dialog = LookUpDialog(front.widget, parts.wording)
        dialog.text_edited.connect(self._search)
        dialog.committed.connect(self._commit)
        dialog.moved.connect(self._move)
        dialog.hit_chosen.connect(self._take)
        dialog.remove_requested.connect(self._remove)
        dialog.join_requested.connect(self._join)
        dialog.camera_requested.connect(self._open_camera)
        dialog.finished.connect(self._closed)
        if parts.navigation.can_open(ScanByCamera):
            dialog.offer_camera(parts.keys)
        self._draw()
        dialog.open()
        if intent.text:
            dialog.field.edit.setText(intent.text)
            self._search(intent.text)

    @property
    def dialog(self) -> LookUpDialog:
        return self._dialog

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """A member's code is what is looked for; goods go to the basket below."""
        ask_code(self._parts, self._scanned, text=text)
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._dialog.retranslate(wording)
        self._draw()

    def close(self) -> None:
        self._dialog.reject()

    # ------------------------------------------------------------------ acts

    def _search(self, text: str) -> None:
        self._asked = text.strip()
        self._was_committed, self._refusal = False, None
        self._current = 0
        self._parts.ask(find_members, self._searcher(self._asked), text=self._asked)

    def _searcher(self, asked: str) -> Any:
        def arrived(answer: FindAnswer) -> None:
            if not self._dialog.is_open or asked != self._asked:
                return
            if isinstance(answer, MemberElsewhere):
                self._parts.ask_aside(look_up_member, told, wanted=answer.wanted)
            else:
                self._found(answer)

        def told(looked_up: object) -> None:
            if self._dialog.is_open and asked == self._asked:
                self._parts.ask(find_members, arrived, text=asked, looked_up=looked_up)

        return arrived

    def _found(self, answer: FindAnswer) -> None:
        self._answer, self._answered_for = answer, self._asked
        self._draw()
        if self._commit_when_found:
            self._commit_when_found = False
            self._commit(self._asked)

    def _commit(self, text: str) -> None:
        """Enter: take the marked person, or join with the number nobody has."""
        if text != self._answered_for or self._answer is None:
            # The answer for what was typed last is still under way: Enter waits for it.
            self._commit_when_found = bool(text)
            if text and text != self._asked:
                self._search(text)
            return
        self._was_committed = True
        if isinstance(self._answer, MembersFound):
            self._take(self._current)
        elif isinstance(self._answer, NobodyFound):
            self._join()
        else:
            self._parts.notifier.signal("scan_error")
            self._draw()

    def _move(self, step: int) -> None:
        if isinstance(self._answer, MembersFound):
            last = len(self._answer.hits) - 1
            self._current = max(0, min(last, self._current + step))
            self._refusal = None  # it was about somebody else
            self._draw()

    def _take(self, place: int) -> None:
        if self._is_asking or not isinstance(self._answer, MembersFound):
            return
        hit, self._current = self._answer.hits[place], place
        self._is_asking = True
        self._parts.ask(
            put_on,
            self._put_on,
            on_error=self._failed,
            member_id=hit.member_id,
            found_by=self._answered_for,
        )

    def _remove(self) -> None:
        self._parts.ask(remove_member, self._put_on)

    def _open_camera(self) -> None:
        self._parts.navigation.open_dialog(ScanByCamera(from_look_up=True))

    def _join(self) -> None:
        phone = self._answer.phone if isinstance(self._answer, NobodyFound) else None
        self._parts.navigation.open_dialog(JoinMember(phone=phone or ""))

    # ------------------------------------------------------------------ answers

    def _put_on(self, answer: Any) -> None:
        self._is_asking = False
        match answer:
            case MemberPutOn():
                self._parts.notifier.signal("member_ok")
                self._dialog.accept()
            case Changed():
                self._dialog.accept()
            case _:
                self._refuse(answer, of_marked=True)

    def _scanned(self, answer: Any) -> None:
        if not self._dialog.is_open:
            return
        if isinstance(answer, MemberPutOn):
            self._parts.notifier.signal("member_ok")
            self._dialog.accept()
            return
        words = said(answer, self._parts.state, self._parts.wording)
        if words.sound:
            self._parts.notifier.signal(words.sound)
        if words.sound == "scan_error":
            self._refuse(answer, of_marked=False)

    def _refuse(self, answer: object, *, of_marked: bool) -> None:
        """Frozen, erased, his own membership: the reason stands beside the field."""
        if knows(type(answer)):
            words = said(answer, self._parts.state, self._parts.wording)
            self._refusal = view_model.Refusal(words.sentence, of_marked)
            self._parts.notifier.signal("scan_error")
            self._parts.notifier.announce(words.sentence, urgent=True)
        if self._dialog.is_open:
            self._draw()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _closed(self) -> None:
        self._parts.navigation.dialog_closed(self)

    def _draw(self) -> None:
        view = view_model.present(
            self._answer,
            self._parts.state,
            self._parts.wording,
            typed=self._dialog.field.text(),
            current=self._current,
            today=self._parts.local_now().date(),
            was_committed=self._was_committed,
            refusal=self._refusal,
        )
        self._dialog.render_view(view)
