"""Form acts: a tier by hand, from the opened form to the service and back.

Owns: opening the form, sending it, what is wrong beside its fields, a colleague's yes in place.
Does not own: widgets (form.py), texts (view_model.py), what is said afterwards (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from app.domain.photo import check_photo
from app.services.approval import ApprovalNeeded
from app.services.tier_answers import WishRefused
from app.services.tier_change import change_tier
from app.services.tier_member import TierOfMember
from ui.navigation import AskApproval
from ui.photos.choosing import PhotoChooser
from ui.photos.words import photo_refused
from ui.phrases import words
from ui.tiers.form import TierForm
from ui.tiers.screen import TiersScreen
from ui.tiers.view_model import cost_words, fault_sentences, member_view, read_form, reason_rows
from ui.window_parts import WindowParts


class FormActs(QObject):
    """What T begins. `answered`: hears what came of it; `refuse`: says why nothing did."""

    def __init__(
        self,
        parts: WindowParts,
        screen: TiersScreen,
        answered: Callable[[object], None],
        refuse: Callable[[str], None],
    ) -> None:
        super().__init__(screen)
        self._parts, self.screen = parts, screen
        self._answered, self._refuse = answered, refuse
        self._seen: TierOfMember | None = None
        self._is_asking = False
        self._photos: list[bytes] = []
        self._chooser = PhotoChooser(parts, screen)
        self._reads_for: TierForm | None = None
        """Whose photo was chosen last; it may still be read."""
        self._waits: bool | None = None
        """Sent before its photo was read, and whether a colleague vouches in place."""
        self.form: TierForm | None = None

    def close(self) -> None:
        """Nobody is here any more."""
        if self.form is not None and self.form.is_open:
            self.form.reject()

    def open(self, seen: TierOfMember) -> None:
        """Ask for a tier of this member."""
        wording = self._parts.wording
        if self.form is not None and self.form.is_open:
            return
        self._seen = seen
        if not seen.choices:
            self._refuse(wording.t("The rules have no tier to give."))
            return
        view = member_view(seen, None, wording)
        names = [
            (
                each.tier,
                " ".join(filter(None, (
                    words(each.name, wording), cost_words(each.cost_minor, seen.program, wording)
                ))),
            )
            for each in seen.choices
        ]  # fmt: skip
        self.form = form = TierForm(
            self.screen, wording, title=view.title, now=f"{view.tier} / {view.way}", tiers=names,
            reasons=reason_rows(wording),
            days=(seen.today.isoformat(), seen.last_day.isoformat()),
        )  # fmt: skip
        self._photos, self._waits = [], None
        form.photo_wanted.connect(self._choose_photo)
        form.take_off.clicked.connect(self._take_off)
        form.vouch.setVisible(not all(each.alone for each in seen.choices))
        form.sent.connect(partial(self._send, in_place=False))
        form.vouched.connect(partial(self._send, in_place=True))
        form.open()

    def _choose_photo(self) -> None:
        form = self.form
        made, refuse = partial(self._add_photo, form), partial(self._refuse_photo, form)
        if form is not None and self._chooser.begin(made, refuse):
            self._reads_for = form
            form.say_photo(self._parts.wording.t("Reading the photo …"))

    def _add_photo(self, form: TierForm | None, data: bytes) -> None:
        """It goes along with what is sent; the form is as it was otherwise. A form that was left
        meanwhile takes none, and nobody else's form gets it."""
        if form is None or form is not self.form or not form.is_open:
            return
        refused = check_photo(data, len(self._photos))
        if refused is not None:
            self._refuse_photo(form, photo_refused(refused, self._parts.wording))
            return
        self._photos.append(data)
        form.show_photos(self._photos, self._parts.wording)
        waits, self._waits = self._waits, None
        if waits is not None:
            self._send(in_place=waits)

    def _take_off(self) -> None:
        if self.form is not None:
            self._photos = []
            self.form.show_photos((), self._parts.wording)

    def _refuse_photo(self, form: TierForm | None, sentence: str) -> None:
        """Nor is anything sent without it unasked."""
        if form is not None and form is self.form and form.is_open:
            if not self._chooser.is_reading:
                self._waits = None
                form.say_photo("")
            form.refuse_photo(sentence)
            self._parts.notifier.signal("scan_error")
            self._parts.notifier.announce(sentence, urgent=True)

    def _send(self, *, in_place: bool) -> None:
        form, seen = self.form, self._seen
        if form is None or seen is None or self._is_asking:
            return
        wish = read_form(form.text, self._parts.wording)
        if isinstance(wish, dict):
            form.show_faults(wish)
            self._parts.notifier.signal("scan_error")
            return
        if self._reads_for is form and self._chooser.is_reading:
            self._waits = in_place
            said = self._parts.wording.t("The photo is still being read; then it is all sent.")
            form.say_photo(said)
            self._parts.notifier.announce(said)
            return
        self._is_asking = True
        self._parts.ask(
            change_tier, self._changed, on_error=self._failed, member_id=seen.member.member_id,
            wish=replace(wish, photos=tuple(self._photos)), in_place=in_place,
        )  # fmt: skip

    def _changed(self, answer: object) -> None:
        form = self.form
        if isinstance(answer, WishRefused) and form is not None:
            self._is_asking = False
            form.show_faults(fault_sentences(answer, self._parts.wording))
            self._parts.notifier.signal("scan_error")
            return
        self._is_asking = False
        if form is not None:
            form.accept()
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            return
        self._answered(answer)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
