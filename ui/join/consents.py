"""Consents in the join dialog: reading the text, its version, a change of mind about marketing.

Owns: what is shown of a consent and recording the marketing one after joining.
Does not own: the texts (resources/consents), what is recorded with joining (services/joining.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.consent import Purpose
from app.services.answers import Changed
from app.services.consent import ConsentAsBefore, change_consent
from ui import formatting
from ui.join import view_model
from ui.join.dialog import JoinDialog
from ui.join.view_model import FieldError
from ui.kit.dialogs import ConfirmDialog, Question
from ui.window_parts import WindowParts

ASKED: tuple[Purpose, ...] = ("membership", "marketing")


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
        self.is_by_customer = False
        """Whether the ticks are the customer's own, made on his screen."""
        dialog.consent_text_requested.connect(self._read)
        dialog.marketing_toggled.connect(self._marketing_toggled)
        dialog.consent.toggled.connect(self._ticked_here)
        dialog.marketing.toggled.connect(self._ticked_here)
        dialog.finished.connect(self._put_away)

    def ask_customer(self) -> None:
        """On the customer's screen, where there is one: he reads and taps it himself."""
        customer, texts = self._parts.customer, self._parts.shop.consent_texts
        asked = [texts[purpose] for purpose in ASKED if purpose in texts]
        is_open = not self._member_id and not self._dialog.is_anonymous
        if customer is not None and is_open and self._dialog.phone.text().strip():
            customer.ask_consent(asked, self._customer_answered)

    @property
    def ticked(self) -> frozenset[Purpose]:
        """What was agreed to, whoever ticked it."""
        dialog = self._dialog
        ticks: tuple[tuple[Purpose, bool], ...] = (
            ("membership", dialog.consent.isChecked()),
            ("marketing", dialog.marketing.isChecked() and not dialog.is_anonymous),
        )
        return frozenset(purpose for purpose, is_ticked in ticks if is_ticked)

    def _customer_answered(self, purposes: frozenset[Purpose]) -> None:
        if self._member_id or not self._dialog.is_open:
            return
        self._dialog.consent.setChecked("membership" in purposes)
        self._dialog.marketing.setChecked("marketing" in purposes)
        self.is_by_customer = bool(purposes)
        if purposes:
            self._parts.notifier.signal("member_ok")
        else:
            sentence = self._parts.wording.t("The customer did not agree.")
            self._dialog.show_error(FieldError("consent", sentence))
            self._parts.notifier.signal("scan_error")
            self._parts.notifier.announce(sentence, urgent=True)

    def _ticked_here(self) -> None:
        self.is_by_customer = False

    def _put_away(self) -> None:
        if self._parts.customer is not None:
            self._parts.customer.put_away()

    def given(self, member_id: str) -> None:
        """The person is a member: the consent has its time, marketing is recorded by itself."""
        self._put_away()
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
