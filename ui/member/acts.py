"""Acts on a member's page: what the shop says of him, points by hand, taking an entry back.

Owns: the open dialog, the way from it to the service and what is said of the answer. Does not own:
widgets (the dialogs), limits and yeses (app/services), the page (controller.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services.act_reason import ReasonNeeded
from app.services.adjustment import (
    NothingToTakeBack,
    PointsChanged,
    PointsRefused,
    adjust_points,
    undo_adjustment,
)
from app.services.answers import Changed
from app.services.approval import ActForbidden, ApprovalNeeded
from app.services.find_member import OwnMembership
from app.services.member_page import MemberHead
from app.services.profile import FieldTooLong, edit_profile
from app.wording import N_, Wording
from ui import formatting
from ui.kit.dialogs import ConfirmDialog, KitDialog, Question
from ui.kit.reason_picker import ReasonRow
from ui.member.adjust_dialog import AdjustDialog
from ui.member.edit_dialog import EditDialog
from ui.navigation import AskApproval
from ui.phrases import words
from ui.window_parts import WindowParts

_NOT_TAKEN_BACK = {
    "no_adjustment": N_("Only points given or taken by hand at this till can be taken back."),
    "done": N_("It was taken back already."),
    "lapsed": N_("Its points have expired since: there is nothing to take back."),
}


class MemberActs(QObject):
    """One act at a time.

    Signals:
        done: Something about the member changed.
        said: args: the sentence, its tone.
    """

    done = Signal()
    said = Signal(str, str)

    def __init__(self, parts: WindowParts, over: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._over = parts, over
        self._head: MemberHead | None = None
        self.dialog: KitDialog | None = None

    def put_away(self) -> None:
        """The page is left, or speaks another language."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    # ------------------------------------------------------------------ what the shop says of him

    def edit(self, head: MemberHead) -> None:
        """Tags, a note, who looks after him."""
        dialog = EditDialog(self._over, head, self._parts.wording)
        dialog.save.clicked.connect(lambda: self._save(head, dialog))
        self._open(dialog)

    def _save(self, head: MemberHead, dialog: EditDialog) -> None:
        def answered(answer: object) -> None:
            if isinstance(answer, FieldTooLong):
                dialog.refuse(answer)
                return
            self._close(dialog)
            t = self._parts.wording.t
            if isinstance(answer, Changed):
                self._tell(t("Saved."), "success")
            else:
                self._tell(t("Your role may not write about members."), "danger")

        self._parts.ask(edit_profile, answered, member_id=head.member_id, edit=dialog.edit)

    # ------------------------------------------------------------------ points

    def adjust(self, head: MemberHead) -> None:
        """Give or take points by hand."""
        t, wording = self._parts.wording.t, self._parts.wording
        rights = self._parts.shop.desk.state.rights
        rows = [
            ReasonRow(each.reason_id, words(each.words, wording), each.needs_note)
            for each in rights.reasons_of("points_by_hand")
        ]
        sentence = t(
            "{name} has {points} points. Every change is an entry with its reason; it can be taken "
            "back by another one.",
            name=head.name_masked or t("This member"),
            points=formatting.points(head.points),
        )
        dialog = AdjustDialog(self._over, sentence, rows, wording)
        dialog.go_on.clicked.connect(lambda: self._adjust(head, dialog))
        self._open(dialog)

    def _adjust(self, head: MemberHead, dialog: AdjustDialog) -> None:
        count = dialog.count
        if count is None:
            dialog.refuse(self._parts.wording.t("Type a whole number, such as 500 or -500."))
            return
        self._parts.ask(
            adjust_points,
            lambda answer: self._adjusted(answer, dialog),
            member_id=head.member_id,
            points=count,
            reason=dialog.reasons.chosen,
            note=dialog.reasons.words,
        )

    def _adjusted(self, answer: Any, dialog: AdjustDialog) -> None:
        if isinstance(answer, PointsRefused) and answer.why != "frozen":
            dialog.refuse(refused_words(answer, self._parts.wording))
        elif isinstance(answer, ReasonNeeded):
            dialog.reasons.ask_for_words(self._parts.wording.t("Say why in a few words."))
        else:
            self._close(dialog)
            self._points_answer(answer)

    def take_back(self, head: MemberHead, op_id: str) -> None:
        """Ask, then undo an entry of the ledger that was made by hand."""
        t = self._parts.wording.t
        question = Question(
            t("Take this entry back?"),
            t("A new entry takes the points back; both stay in the list."),
            go_on=t("Take it back"),
            stay=t("Leave it"),
        )
        dialog = ConfirmDialog(self._over, question)
        dialog.accepted.connect(
            lambda: self._parts.ask(
                undo_adjustment, self._points_answer, member_id=head.member_id, op_id=op_id
            )
        )
        self._open(dialog)

    def _points_answer(self, answer: Any) -> None:
        t = self._parts.wording.t
        match answer:
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._points_answer))
            case PointsChanged(_, _, points, balance):
                changed = formatting.points(points, signed=True)
                now = formatting.points(balance)
                said = t("{points} points; the balance is {balance}.", points=changed, balance=now)
                self._tell(said, "success")
            case PointsRefused():
                self._tell(refused_words(answer, self._parts.wording), "danger")
            case NothingToTakeBack(why):
                self._tell(t(_NOT_TAKEN_BACK[why]), "info")
            case OwnMembership():
                self._tell(t("It is your own membership: a colleague has to do it."), "danger")
            case ActForbidden():
                self._tell(t("Your role may not change points."), "danger")
            case _:
                self._tell(t("Nothing was changed. Sign in and try again."), "danger")

    # ------------------------------------------------------------------ dialogs

    def _open(self, dialog: KitDialog) -> None:
        if self.dialog is not None:
            return
        self.dialog = dialog
        dialog.finished.connect(self._gone)
        dialog.open()

    def _close(self, dialog: KitDialog) -> None:
        if dialog.is_open:
            dialog.accept()

    def _gone(self) -> None:
        self.dialog = None

    def _tell(self, sentence: str, tone: str) -> None:
        self.said.emit(sentence, tone)
        self._parts.notifier.announce(sentence)
        self.done.emit()


def refused_words(answer: PointsRefused, wording: Wording) -> str:
    """Why points were not changed, and what to do."""
    t, most = wording.t, formatting.points(answer.most)
    match answer.why:
        case "zero":
            return t("Type how many points: nothing would change with 0.")
        case "too_many":
            return t("At most {most} points at once.", most=most)
        case "not_there":
            return t("The member has {most} points: no more can be taken.", most=most)
        case "frozen":
            return t("The membership is frozen: nothing changes on it.")
