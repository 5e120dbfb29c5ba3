"""Consents in the join dialog: reading the text, its version, a change of mind about marketing.

Owns: what is shown of a consent and recording the marketing one after joining.
Does not own: the texts (resources/consents), what is recorded with joining (services/joining.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.services.answers import Changed
from app.services.consent import ConsentAsBefore, change_consent
from ui import formatting
from ui.join import view_model
from ui.join.dialog import JoinDialog
from ui.kit.dialogs import ConfirmDialog, Question
from ui.window_parts import WindowParts


class ConsentActs(QObject):
    """The consent rows of one join dialog.

    Signals:
        refused: A change was refused. arg: the answer.
    """

    refused = Signal(object)

    def __init__(self, parts: WindowParts, dialog: JoinDialog) -> None:
        super().__init__()
        self._parts, self._dialog = parts, dialog
        self._member_id = self._given_at = ""
        dialog.consent_text_requested.connect(self._read)
        dialog.marketing_toggled.connect(self._marketing_toggled)

    def given(self, member_id: str) -> None:
        """The person is a member: the consent has its time, marketing is recorded by itself."""
        self._member_id = member_id
        self._given_at = formatting.clock(self._parts.local_now())

    def show_notes(self) -> None:
        text = self._parts.shop.consent_texts.get("membership")
        note = view_model.consent_note(text, self._parts.wording, self._given_at)
        self._dialog.show_consent_notes(note)

    def _read(self) -> None:
        text = self._parts.shop.consent_texts.get("membership")
        words = view_model.consent_words(text, self._parts.wording)
        t = self._parts.wording.t
        title = t("Member rules and privacy")
        ConfirmDialog(
            self._dialog, Question(title, words, t("Close"), t("Back"), icon="info")
        ).open()

    def _marketing_toggled(self, given: bool) -> None:
        if self._member_id:
            self._parts.ask(
                change_consent,
                self._changed,
                member_id=self._member_id,
                purpose="marketing",
                given=given,
            )

    def _changed(self, answer: Any) -> None:
        if not isinstance(answer, Changed | ConsentAsBefore):
            self.refused.emit(answer)
