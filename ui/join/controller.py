"""Join controller: from a phone number to a member with his card, and back to the sale.

Owns: the steps (save on the consent step, then optional fields), scans while the dialog is open.
Does not own: widgets (dialog.py), texts (view_model.py), checking and recording (joining.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.domain.member import BirthdayOn
from app.domain.phone import MOBILE_DIGITS
from app.services.answers import Changed
from app.services.find_member import MemberHit, MemberPutOn, put_on
from app.services.joining import AlreadyMember, Joined, NewMember, join_member
from app.services.profile import ProfileEdit, edit_profile
from app.services.scan import scan_code
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.join import view_model
from ui.join.consents import ConsentActs
from ui.join.dialog import JoinDialog
from ui.join.phone_code_acts import PhoneCodeActs
from ui.join.referrer_acts import ReferrerActs
from ui.join.view_model import FieldError, NotADay
from ui.navigation import JoinMember
from ui.printing.card_file import save_card
from ui.said import knows, said
from ui.window_parts import Matrix, WindowParts

_SECOND_MS = 1000


class JoinController(QObject):
    """One opening of the join dialog."""

    def __init__(
        self, parts: WindowParts, intent: JoinMember, *, card_folder: Path | None = None
    ) -> None:
        super().__init__()
        self._parts = parts
        self._card_folder = card_folder
        self._opened_ms = parts.now().monotonic_ms
        self._joined: Joined | None = None
        self._known: MemberHit | None = None
        self._is_asking = False
        self._matrix: Matrix | None = None
        self._took_s = 0
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        self._dialog = dialog = JoinDialog(front.widget, parts.wording)
        dialog.phone.setText(formatting.national_phone(intent.phone))
        dialog.save_requested.connect(self._save)
        dialog.phone_edited.connect(self._phone_edited)
        dialog.anonymous_toggled.connect(self._toggle_anonymous)
        self._consents = ConsentActs(parts, dialog)
        self._consents.setParent(self)
        self._consents.refused.connect(self._refuse)
        dialog.print_requested.connect(self._print_card)
        self._phone = PhoneCodeActs(parts, dialog)
        self._friend = ReferrerActs(parts, dialog)
        self._friend.setParent(self)
        self._friend.refused.connect(self._refuse)
        dialog.finished.connect(self._closed)
        self._consents.show_notes()
        dialog.open()
        self._phone.look()
        self._friend.take_scan(intent.referrer)
        self._consents.ask_customer()

    @property
    def dialog(self) -> JoinDialog:
        return self._dialog

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """A member's code is the friend who sent the customer; goods go to the basket below."""
        if self._joined is not None or not self._friend.take_scan(text):
            self._parts.ask(scan_code, self._scanned, text=text)
        return True

    def show_state(self, state: TillState) -> None:
        if self._joined is not None:
            self._show_card(state)

    def speak(self, wording: Wording) -> None:
        self._dialog.retranslate(wording)
        self._phone.speak(wording)
        self._consents.show_notes()
        self._friend.speak(wording)
        if self._joined is not None:
            self._show_card(self._parts.state)
            self._dialog.mark_phone_registered()
        elif self._known is not None:
            self._show_known(self._known)

    def close(self) -> None:
        self._dialog.reject()

    # ------------------------------------------------------------------ acts

    def _save(self) -> None:
        """Enter: join; once joined, keep the optional fields and go on with the sale."""
        if self._is_asking:
            return
        if self._joined is not None:
            self._keep_profile()
            return
        if self._known is not None:
            self._use_known(self._known)
            return
        dialog = self._dialog
        if dialog.phone.hasFocus() and not dialog.consent.isChecked():
            wrong = view_model.phone_error(dialog.phone.text(), self._parts.wording)
            if wrong or not dialog.phone.text().strip():
                self._complain("phone", wrong or self._parts.wording.t("Type the phone number."))
            else:
                dialog.consent.setFocus()
                self._consents.ask_customer()
            return
        self._join()

    def _join(self) -> None:
        dialog = self._dialog
        birthday = self._birthday()
        if isinstance(birthday, NotADay):
            return
        if not dialog.is_anonymous and not dialog.phone.text().strip():
            self._complain("phone", self._parts.wording.t("Type the phone number."))
            return
        new = NewMember(
            phone="" if dialog.is_anonymous else dialog.phone.text(),
            name=dialog.name.text(),
            salutation=dialog.person.salutation,
            birthday=birthday,
            consents=self._consents.ticked,
            referrer_card=self._friend.code,
            channel="customer_display" if self._consents.is_by_customer else "cashier",
        )
        self._is_asking = True
        self._parts.ask(join_member, self._answered, on_error=self._failed, new=new)

    def _use_known(self, hit: MemberHit) -> None:
        self._is_asking = True
        who, typed = hit.member_id, self._dialog.phone.text()
        self._parts.ask(put_on, self._done, on_error=self._failed, member_id=who, found_by=typed)

    def _keep_profile(self) -> None:
        """The optional fields, where something stands in them."""
        assert self._joined is not None, "there is a member to keep them for"
        dialog = self._dialog
        birthday = self._birthday()
        if isinstance(birthday, NotADay):
            return
        name, salutation = dialog.name.text().strip(), dialog.person.salutation
        if not name and birthday is None and not salutation:
            dialog.accept()
            return
        edit = ProfileEdit(name=name or None, salutation=salutation or None, birthday=birthday)
        self._is_asking = True
        member_id = self._joined.member_id
        self._parts.ask(
            edit_profile, self._done, on_error=self._failed, member_id=member_id, edit=edit
        )

    def _birthday(self) -> BirthdayOn | NotADay | None:
        """What was typed; a text that is no day is said at once."""
        dialog = self._dialog
        read = view_model.read_birthday(
            dialog.birthday.text(), lunar=dialog.person.lunar.isChecked()
        )
        if isinstance(read, NotADay):
            self._complain("birthday", self._parts.wording.t("Month and day, as 6-18"))
        return read

    def _phone_edited(self, text: str) -> None:
        self._forget_known()
        wrong = view_model.phone_error(text, self._parts.wording)
        # While somebody types, a number that is too short is no mistake yet.
        digits = sum(sign.isdigit() for sign in text)
        is_short = digits < MOBILE_DIGITS and text.strip().lstrip("+").isdigit()
        self._dialog.show_phone_note("" if is_short else wrong)

    def _forget_known(self) -> None:
        self._known = None
        self._dialog.show_known("", self._parts.wording)

    def _toggle_anonymous(self) -> None:
        self._forget_known()
        self._dialog.show_anonymous(not self._dialog.is_anonymous, self._parts.wording)

    def _print_card(self) -> None:
        if self._joined is not None:
            said_where = save_card(self._parts, self._joined.card_code, self._card_folder)
            self._dialog.side.show_note(said_where)

    # ------------------------------------------------------------------ answers

    def _answered(self, answer: Any) -> None:
        self._is_asking = False
        match answer:
            case Joined():
                self._show_joined(answer)
            case AlreadyMember(hit):
                self._known = hit
                self._show_known(hit)
                self._parts.notifier.signal("member_ok")
            case _:
                self._refuse(answer)

    def _show_known(self, hit: MemberHit) -> None:
        sentence = view_model.known_sentence(hit, self._parts.wording)
        self._dialog.show_known(sentence, self._parts.wording)
        self._parts.notifier.announce(sentence, urgent=True)

    def _show_joined(self, joined: Joined) -> None:
        self._joined = joined
        self._consents.given(joined.member_id)
        self._phone.given(joined.member_id)
        self._dialog.show_error(None)
        self._show_card(joined.state)
        self._dialog.retranslate(self._parts.wording)
        self._consents.show_notes()
        self._dialog.mark_phone_registered()
        self._parts.notifier.signal("member_ok")

    def _show_card(self, state: TillState) -> None:
        joined = self._joined
        assert joined is not None, "there is a card to show"
        words = self._parts.wording
        card = view_model.card_view(joined, state, words)
        if self._dialog.is_saved:
            self._dialog.side.show_card(card, self._matrix)
        else:
            draw = self._parts.renderers.member_qr
            self._took_s = (self._parts.now().monotonic_ms - self._opened_ms) // _SECOND_MS
            self._matrix = draw(joined.card_code) if draw is not None else None
            self._dialog.show_saved(joined.phone_masked, card, self._matrix)
        self._dialog.show_seconds(words.n("{count} s", "{count} s", self._took_s))

    def _done(self, answer: Any) -> None:
        """He is on the basket, or what was filled in later is kept: on with the sale."""
        self._is_asking = False
        if isinstance(answer, MemberPutOn):
            self._parts.notifier.signal("member_ok")
        if isinstance(answer, MemberPutOn | Changed):
            self._dialog.accept()
        else:
            self._refuse(answer)

    def _scanned(self, answer: Any) -> None:
        words = said(answer, self._parts.state, self._parts.wording)
        if words.sound:
            self._parts.notifier.signal(words.sound)

    def _refuse(self, answer: object) -> None:
        wording = self._parts.wording
        error = view_model.error_of(answer, wording)
        if error is None and knows(type(answer)):
            error = FieldError("consent", said(answer, self._parts.state, wording).sentence)
        self._parts.notifier.signal("scan_error")
        if error is not None and self._dialog.is_open:
            self._dialog.show_error(error)
            self._parts.notifier.announce(error.sentence, urgent=True)

    def _complain(self, field: view_model.JoinField, sentence: str) -> None:
        self._dialog.show_error(FieldError(field, sentence))
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _closed(self) -> None:
        self._parts.navigation.dialog_closed(self)
