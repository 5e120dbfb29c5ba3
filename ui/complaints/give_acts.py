"""Give acts: compensation from its letter to the service, with a colleague's yes in place.

Owns: opening the dialog, what it costs while somebody types, sending, drafts. Does not own: widgets
(move_dialog.py), texts (give_view.py), limits and gifts (app/services/compensation.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from app.domain.complaint_fact import Compensated
from app.services.approval import ApprovalNeeded
from app.services.compensation import (
    Compensation,
    GiftRefused,
    compensate,
    name_compensation,
    offers_for_complaints,
    worth_of,
)
from app.services.complaint import TextRefused
from app.services.complaint_view import CaseView
from app.services.given_elsewhere import given_elsewhere
from ui.complaints.answers import refusal_words
from ui.complaints.drafts import Drafts
from ui.complaints.give_view import (
    NAMED,
    POINTS,
    REFUND,
    Offered,
    cost_words,
    give_form,
    given_said,
    read_gift,
    refused_gift,
)
from ui.complaints.move_dialog import MoveDialog
from ui.complaints.screen import ComplaintsScreen
from ui.navigation import AskApproval, ToRefund
from ui.window_parts import WindowParts


class GiveActs(QObject):
    """What C begins. `done`: hears the sentence when something was given."""

    def __init__(
        self,
        parts: WindowParts,
        screen: ComplaintsScreen,
        drafts: Drafts,
        done: Callable[[str], None],
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._drafts, self._done = parts, screen, drafts, done
        self._view: CaseView | None = None
        self._elsewhere: tuple[str, tuple[Compensated, ...]] = ("", ())
        self._is_asking = False
        self.dialog: MoveDialog | None = None

    def close(self) -> None:
        """Nobody is here any more; what was typed is kept."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def prepare(self, case_id: str) -> None:
        """The case is in front: look what was given elsewhere, before anybody asks."""

        def found(answer: object) -> None:
            self._elsewhere = (case_id, answer if isinstance(answer, tuple) else ())

        self._parts.ask(given_elsewhere, found, case_id=case_id)

    def begin(self, view: CaseView) -> None:
        """What is to be given? The dialog is there at once: the next figure is for it."""
        shop = self._parts.shop
        if self.dialog is not None and self.dialog.is_open:
            return
        self._view = view
        offers = [
            (offer, worth_of(shop=shop, gift=read_gift(f"offer:{offer.id}", "")))
            for offer in offers_for_complaints(shop=shop)
        ]
        can_refund = bool(view.sale_id) and self._parts.navigation.can_go(ToRefund)
        named = self._elsewhere[1] if self._elsewhere[0] == view.line.case_id else ()
        program = shop.desk.state.program
        offered = Offered(offers, named, program, can_refund)
        form = give_form(view, offered, self._parts.wording)
        if not form.groups[0].choices:
            self._screen.notice.show_banner(
                refused_gift(GiftRefused("no_member"), self._parts.wording), tone="warning"
            )
            return
        self.dialog = dialog = MoveDialog(self._screen, form, self._parts.wording)
        dialog.day_row.hide()
        dialog.groups[0].taken.connect(self._chosen)
        dialog.day.textEdited.connect(lambda _: self._show_cost())
        dialog.sent.connect(self._send)
        dialog.rejected.connect(self._keep)
        kept = self._drafts.take(self._staff, self._about)
        if kept is not None:
            dialog.restore(*kept)
            self._chosen(0)
        dialog.open()

    @property
    def _staff(self) -> str:
        staff = self._parts.shop.desk.state.staff
        return staff.staff_id if staff is not None else ""

    @property
    def _about(self) -> str:
        return "" if self._view is None else f"compensate {self._view.line.case_id}"

    def _keep(self) -> None:
        dialog = self.dialog
        if dialog is not None and (dialog.filled.text.strip() or dialog.day_text):
            self._drafts.keep(self._staff, self._about, (dialog.filled, dialog.day_text))

    def _chosen(self, _: int) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        is_points = dialog.groups[0].chosen == POINTS
        dialog.day_row.setVisible(is_points)
        if is_points:
            dialog.day.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_cost()

    def _show_cost(self) -> None:
        dialog, view, shop = self.dialog, self._view, self._parts.shop
        if dialog is None or view is None:
            return
        currency = shop.desk.state.program.prices.currency
        gift = read_gift(dialog.groups[0].chosen, dialog.day_text)
        cost = worth_of(shop=shop, gift=gift)
        shown = cost_words(cost, view.room, currency, self._parts.wording)
        dialog.show_about_day(shown if gift.points else "")

    def _send(self) -> None:
        dialog, view = self.dialog, self._view
        if dialog is None or view is None or self._is_asking:
            return
        chosen, text = dialog.groups[0].chosen, dialog.filled.text.strip()
        if not chosen:
            self._fault("0", self._parts.wording.t("Choose one of them."))
            return
        case_id = view.line.case_id
        if chosen == REFUND:
            dialog.accept()
            self._parts.navigation.go(ToRefund(view.line.receipt))
            return
        self._is_asking = True
        if chosen.startswith(NAMED):
            by = chosen.removeprefix(NAMED)
            self._parts.ask(
                name_compensation, self._answered, on_error=self._failed, case_id=case_id, by=by,
                text=text,
            )  # fmt: skip
        else:
            gift = read_gift(chosen, dialog.day_text)
            self._parts.ask(
                compensate, self._answered, on_error=self._failed, case_id=case_id, gift=gift,
                text=text,
            )  # fmt: skip

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        wording = self._parts.wording
        match answer:
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case Compensation():
                if self.dialog is not None and self.dialog.is_open:
                    self.dialog.accept()
                currency = self._parts.shop.desk.state.program.prices.currency
                self._done(given_said(answer, currency, wording))
            case GiftRefused():
                is_number = answer.why in ("nothing", "too_many")
                self._fault("day" if is_number else "0", refused_gift(answer, wording))
            case _:
                field = "text" if isinstance(answer, TextRefused) else "0"
                self._fault(field, refusal_words(answer, wording))

    def _fault(self, field: str, sentence: str) -> None:
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.show_fault(field, sentence)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
