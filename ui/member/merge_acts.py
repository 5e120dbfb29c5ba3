"""Merging from a member's page: finding the other one, seeing both, merging; and the way back.

Owns: the steps between the dialogs and the services. Does not own: dialogs (merge_dialogs.py),
texts (merge_view.py), reckoning and merging (app/services), the page (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services.member_list import MembersLookedUp, look_for_members
from app.services.merge import (
    MergePreview,
    MergeRefused,
    merge_candidates,
    merge_members,
    preview_merge,
)
from app.services.merge_side import MergeSide
from app.services.parting import PartPreview, part_members, preview_parting
from ui import formatting
from ui.kit.dialogs import KitDialog
from ui.member.merge_dialogs import CompareDialog, MergeFindDialog
from ui.member.merge_view import (
    Comparison,
    answer_words,
    merge_view,
    part_view,
    side_words,
)
from ui.member_tabs import TabTold
from ui.phrases import words
from ui.window_parts import WindowParts


class MergeActs(QObject):
    """One act at a time.

    Signals:
        done: Something about the member changed.
        said: args: the sentence, its tone.
    """

    done = Signal()
    said = Signal(str, str)

    def __init__(
        self, parts: WindowParts, over: QWidget, told: Callable[[], TabTold], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._over, self._told = parts, over, told
        self._member_id = ""
        self._found: tuple[str, ...] = ()
        self._round = 0
        """Whatever was asked in an earlier one comes too late: another page, another member."""
        self.dialog: KitDialog | None = None

    def put_away(self) -> None:
        """The page is left, or speaks another language."""
        self._round += 1
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def take_scan(self, text: str) -> bool:
        """A card scanned while somebody is looked for."""
        if isinstance(self.dialog, MergeFindDialog) and self.dialog.is_open:
            self.dialog.look_for(text)
            return True
        return False

    # ------------------------------------------------------------------ merging

    def begin(self, member_id: str) -> None:
        """Who is the other one? Those who look alike are offered."""
        if self.dialog is not None:
            return
        self._member_id = member_id
        mine = self._begin_round()
        self._parts.ask(
            merge_candidates, lambda answer: self._candidates(answer, mine), member_id=member_id
        )

    def _begin_round(self) -> int:
        self._round += 1
        return self._round

    def _candidates(self, answer: object, mine: int) -> None:
        if mine != self._round:
            return
        if not isinstance(answer, tuple):
            self._say(answer)
            return
        t = self._parts.wording.t
        title = t("Merge with which member?")
        dialog = MergeFindDialog(self._over, title, self._parts.wording)
        dialog.looked_for.connect(self._look)
        dialog.chosen.connect(lambda place: self._compare(self._found[place]))
        self._open(dialog)
        self._show_alike(dialog, answer)

    def _show_alike(self, dialog: MergeFindDialog, alike: Sequence[MergeSide]) -> None:
        t = self._parts.wording.t
        self._found = tuple(side.member_id for side in alike)
        sentence = t("The same number or name; or look for another one.")
        if not alike:
            sentence = t("Nobody has the same number or name. Look for the other one.")
        dialog.show_found([side_words(side, self._told()) for side in alike], sentence)

    def _look(self, text: str) -> None:
        dialog = self.dialog

        def answered(answer: object) -> None:
            if dialog is self.dialog and isinstance(dialog, MergeFindDialog):
                self._show_found(dialog, answer)

        self._parts.ask(look_for_members, answered, text=text)

    def _show_found(self, dialog: MergeFindDialog, answer: object) -> None:
        wording = self._parts.wording
        t = wording.t
        rows = answer.rows if isinstance(answer, MembersLookedUp) else ()
        self._found = tuple(row.member_id for row in rows)
        shown = [
            (
                row.name_masked or t("Without a name"),
                f" {formatting.DOT} ".join(
                    filter(None, (row.phone_masked, row.card_masked, words(row.tier, wording)))
                ),
            )
            for row in rows
        ]
        sentence = "" if rows else t("Nobody found. Type another number, card or name.")
        if isinstance(answer, MembersLookedUp) and answer.more:
            sentence = t("There are more: type on.")
        dialog.show_found(shown, sentence)

    def _compare(self, other_id: str) -> None:
        member_id, mine = self._member_id, self._begin_round()

        def seen(answer: object) -> None:
            if mine == self._round:
                self._seen(answer, (member_id, other_id))

        self._parts.ask(preview_merge, seen, member_id=member_id, other_id=other_id)

    def _seen(self, answer: object, both: tuple[str, str]) -> None:
        if not isinstance(answer, MergePreview):
            if isinstance(self.dialog, MergeFindDialog):
                self.dialog.refuse(answer_words(answer, self._parts.wording)[0])
            return
        self._next(merge_view(answer, self._told()), merge_members, both)

    # ------------------------------------------------------------------ the way back

    def take_back(self, member_id: str, other_id: str) -> None:
        """See what each will have, then part them."""
        if self.dialog is not None:
            return
        mine = self._begin_round()

        def answered(answer: object) -> None:
            if mine != self._round:
                return
            if isinstance(answer, PartPreview):
                self._next(part_view(answer, self._told()), part_members, (member_id, other_id))
            else:
                self._say(answer)

        self._parts.ask(preview_parting, answered, member_id=member_id, other_id=other_id)

    # ------------------------------------------------------------------ both

    def _next(self, view: Comparison, act: Callable[..., Any], both: tuple[str, str]) -> None:
        """Instead of the dialog before: both side by side."""
        self.put_away()
        dialog = CompareDialog(self._over, view, self._parts.wording)

        def confirmed(reason: str) -> None:
            dialog.set_waiting(True)
            self._parts.ask(
                act, lambda answer: self._answered(answer, dialog),
                on_error=lambda error: self._failed(error, dialog),
                member_id=both[0], other_id=both[1], reason=reason,
            )  # fmt: skip

        dialog.confirmed.connect(confirmed)
        self._open(dialog)

    def _answered(self, answer: object, dialog: CompareDialog) -> None:
        if dialog is not self.dialog:  # its page may be another member's by now
            self._parts.tell(
                lambda wording: answer_words(answer, wording)[0],
                answer_words(answer, self._parts.wording)[1],
            )
            self.done.emit()
            return
        if isinstance(answer, MergeRefused) and answer.why == "reason":
            dialog.refuse(answer_words(answer, self._parts.wording)[0])
            return
        dialog.accept()
        self._say(answer)
        self.done.emit()

    def _failed(self, error: BaseException, dialog: CompareDialog) -> None:
        if dialog is self.dialog:
            dialog.set_waiting(False)
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _say(self, answer: object) -> None:
        sentence, tone = answer_words(answer, self._parts.wording)
        self.said.emit(sentence, tone)
        self._parts.notifier.announce(sentence, urgent=tone == "danger")

    def _open(self, dialog: KitDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._gone)
        dialog.open()

    def _gone(self) -> None:
        self._round += 1
        if self.dialog is not None and not self.dialog.is_open:
            self.dialog = None
