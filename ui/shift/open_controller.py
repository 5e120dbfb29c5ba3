"""Open controller: from signing in to the first sale: open the shift, go on, or take one over.

Owns: which page is in front, the count while it is typed. Does not own: widgets, words
(open_view.py), what may be (services/shift.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.cash_count import CountRefused
from app.domain.codes import Code, CodeKind, parse_code
from app.services.answers import Changed
from app.services.shift import (
    NO_REASON,
    CountFirst,
    DifferenceToExplain,
    DrawerFree,
    Reason,
    ShiftBegan,
    ShiftIsOpen,
    ShiftWasTakenOver,
    look_at_drawer,
    open_shift,
    take_over_shift,
)
from app.services.staff import SignedIn, StaffTile, sign_in_with_badge, sign_out, staff_tiles
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ToShiftClose, ToTill
from ui.said import said
from ui.shift.drawer_screen import DrawerScreen
from ui.shift.open_pages import OpenFacts, OpenPages
from ui.shift.open_view import compared
from ui.shift.reason_dialog import ReasonQuestion
from ui.shift.sentences import sentence, warning_sentence
from ui.shift.start_page import SILENT, Notice
from ui.window_parts import WindowParts


class ShiftOpenController(DrawerScreen):
    """Opening a shift."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__(parts)
        till = f"{parts.shop.identity.till_number:02d}"
        self.pages = pages = OpenPages(till, parts.shop.desk.state.program.timezone)
        self._facts = OpenFacts()
        pages.start.primary_requested.connect(self.confirm)
        pages.start.second_requested.connect(self.second)
        pages.start.name_chosen.connect(self._choose_name)
        pages.count.confirm_requested.connect(self._open_counted)
        pages.count.edited.connect(self._on_typed)
        for page in (pages.start, pages.count):
            page.back_requested.connect(self.back)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the window asks

    @property
    def widget(self) -> QWidget:
        return self.pages

    def enter(self, to: Destination) -> None:
        self._know(notice=SILENT)
        self._parts.ask(staff_tiles, self._know_people)
        self._look()

    def leave(self) -> None:
        super().leave()
        self._know(found=None)

    def take_scan(self, text: str) -> bool:
        """A badge: somebody else opens it. Anything else waits for the shift."""
        code = parse_code(text)
        if isinstance(code, Code) and code.kind is CodeKind.STAFF:
            self._parts.ask(sign_in_with_badge, self._signed_in, badge=text)
        else:
            self._refuse(self._parts.wording.t("Open the shift first; then scan it again."))
        return True

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.CONFIRM, t("Go on"), self.confirm),
            KeyAction(Action.FIND_ITEM, t("Count it first"), self.second, self._has_second),
            KeyAction(Action.LINE_UP, t("Field above"), lambda: self.pages.count.grid.step(-1)),
            KeyAction(Action.LINE_DOWN, t("Field below"), lambda: self.pages.count.grid.step(1)),
            KeyAction(Action.BACK, t("One step back"), self.back),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._sign_out),
        )

    def speak(self, wording: Wording) -> None:
        self.pages.count.retranslate(wording)
        self.pages.start.show_hint(self._parts.keys.hint(Action.FIND_ITEM))
        self._know(notice=SILENT)
        self._draw()

    # ------------------------------------------------------------------ acts

    def confirm(self) -> None:
        """Enter."""
        found = self._facts.found
        if self.pages.is_counting:
            self.pages.count.press_confirm()
        elif isinstance(found, DrawerFree):
            self._open(None)
        elif isinstance(found, ShiftIsOpen):
            if found.may_sell and not found.shift.is_counting:
                self._parts.navigation.go(ToTill())
            elif found.may_take_over:
                self._take_over()
            else:
                self._sign_out()

    def second(self) -> None:
        """Count first, or take over."""
        found = self._facts.found
        if isinstance(found, DrawerFree):
            self._show_count()
        elif isinstance(found, ShiftIsOpen) and found.may_take_over:
            self._take_over()

    def back(self) -> None:
        """Esc: from counting to the float as it was left, else out."""
        found = self._facts.found
        if self.pages.is_counting and isinstance(found, DrawerFree) and found.left is not None:
            self._know(notice=SILENT)
            self._show_start()
        else:
            self._sign_out()

    def _has_second(self) -> bool:
        return not self.pages.is_counting and self.pages.start.second.isVisibleTo(self.pages)

    def _sign_out(self) -> None:
        self._parts.ask(sign_out)

    def _choose_name(self, name: str) -> None:
        self._know(name=name)
        self._draw()

    def _take_over(self) -> None:
        self._parts.ask(take_over_shift, self._taken_over)

    def _open_counted(self) -> None:
        free, grid = self._facts.found, self.pages.count.grid
        assert isinstance(free, DrawerFree), "only a free drawer is counted here"
        view = self.pages.counted(free, self._parts.wording)
        if view.first_error:
            self._refuse(self._parts.wording.t("Mend the marked field first."))
            grid.go_to(view.first_error)
        else:
            self._open(NO_REASON)

    def _open(self, reason: Reason | None) -> None:
        """`reason` None: with the float as it was left, without a count."""
        if self._is_asking:
            return
        self._is_asking = True
        typed = None if reason is None else self.pages.count.grid.typed
        self._parts.ask(
            open_shift, self._opened, on_error=self._failed, typed=typed,
            reason=reason or NO_REASON, name=self._facts.name,
        )  # fmt: skip

    # ------------------------------------------------------------------ answers

    def _look(self) -> None:
        self._parts.ask(look_at_drawer, self._looked)

    def _looked(self, answer: object) -> None:
        if isinstance(answer, ShiftIsOpen) and answer.is_mine and answer.shift.is_counting:
            self._parts.navigation.go(ToShiftClose())
            return
        if not isinstance(answer, DrawerFree | ShiftIsOpen):
            self._refuse(said(answer, self._parts.state, self._parts.wording).sentence)
            return
        self._know(found=answer)
        if isinstance(answer, DrawerFree):
            name = self._facts.name
            self._know(name=name if name in answer.names else (*answer.names, "")[0])
            if answer.warnings:
                warning = warning_sentence(answer.warnings[0], self._parts.wording)
                self._know(notice=Notice(warning, "warning"))
        if isinstance(answer, DrawerFree) and answer.left is None:
            self._show_count()
        else:
            self._show_start()

    def _opened(self, answer: object) -> None:
        self._is_asking = False
        match answer:
            case ShiftBegan():
                self.pages.count.grid.clear()
                self._parts.notifier.signal("member_ok")
                self._parts.navigation.go(ToTill())
            case ShiftIsOpen():
                self._looked(answer)
            case CountFirst():
                self._show_count()
            case DifferenceToExplain():
                self._ask_why(answer)
            case CountRefused(field=field):
                self._refuse(sentence(answer, self._parts.state, self._parts.wording))
                self.pages.count.grid.go_to(field)
            case _:
                self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    def _ask_why(self, answer: DifferenceToExplain) -> None:
        wording, free = self._parts.wording, self._facts.found
        assert isinstance(free, DrawerFree), "only a free drawer is opened"
        question = ReasonQuestion(
            title=wording.t("Why does the float differ?"),
            sentence=compared(answer.counted, free, wording),
            reasons=answer.reasons,
        )
        self._ask_reason(question, self._open)

    def _taken_over(self, answer: object) -> None:
        if isinstance(answer, ShiftWasTakenOver | Changed):
            self._parts.notifier.signal("member_ok")
            self._parts.tell(lambda wording: wording.t("You answer for this drawer now."))
            shift = self._parts.state.shift
            is_counting = shift is not None and shift.is_counting
            self._parts.navigation.go(ToShiftClose() if is_counting else ToTill())
        else:
            self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    def _signed_in(self, answer: object) -> None:
        if isinstance(answer, SignedIn):
            self._parts.notifier.signal("member_ok")
            self._know(notice=SILENT)
            self._look()
        else:
            self._refuse(said(answer, self._parts.state, self._parts.wording).sentence)

    def _know_people(self, tiles: tuple[StaffTile, ...]) -> None:
        self._know(people={tile.staff_id: tile.name for tile in tiles})
        self._draw()

    # ------------------------------------------------------------------ drawing

    def _show_count(self) -> None:
        self.pages.show_count()
        self._draw()
        self.pages.take_focus()

    def _show_start(self) -> None:
        self.pages.show_start()
        self._draw()
        self.pages.take_focus()

    def _know(self, **changed: Any) -> None:
        self._facts = replace(self._facts, **changed)

    def _draw(self) -> None:
        if self._parts.live.state is not None:
            self.pages.draw(self._facts, self._parts.state, self._parts.wording)
