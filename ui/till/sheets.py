"""Sheets of the till: why this price, coupons, benefits, choices, rewards. One at a
time, on the right.

Owns: opening, closing, and keeping the open one true while the basket changes.
Does not own: their widgets and texts (ui/why, ui/coupons, ui/choice, benefits_sheet.py), acting
on what is chosen.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from ui.choice.reward_view import has_rewards, present_rewards
from ui.choice.sheet import ChoiceSheet, RewardSheet
from ui.choice.view_model import present as present_choices
from ui.coupons.sheet import CouponsSheet
from ui.coupons.view_model import present as present_coupons
from ui.till.benefits_sheet import BenefitsSheet
from ui.till.member_view import member_view
from ui.till.screen import TillScreen
from ui.why.sheet import WhySheet
from ui.why.view_model import explain
from ui.window_parts import WindowParts

Sheet = WhySheet | CouponsSheet | BenefitsSheet | ChoiceSheet | RewardSheet


class Sheets(QObject):
    """At most one sheet.

    Signals:
        coupon_chosen: args: coupon id, `use` or `refuse`.
        best_requested: Forget what was chosen by hand.
        benefit_chosen: args: `check_in` or `entitlement`, its id.
        choice_made: arg: what the customer chose (ui/choice: a ChoiceAct).
    """

    coupon_chosen = Signal(str, str)
    best_requested = Signal()
    benefit_chosen = Signal(str, str)
    choice_made = Signal(object)

    def __init__(self, parts: WindowParts, screen: TillScreen, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._screen = parts, screen
        self._open: Sheet | None = None

    @property
    def current(self) -> Sheet | None:
        return self._open

    @Slot()
    def toggle_why(self) -> None:
        if not self._closed_one(WhySheet):
            self._show(WhySheet(self._screen.right, close_label=self._close_label))

    @Slot()
    def toggle_coupons(self) -> None:
        if self._closed_one(CouponsSheet):
            return
        sheet = CouponsSheet(self._screen.right, close_label=self._close_label)
        sheet.chosen.connect(self.coupon_chosen)
        sheet.best_requested.connect(self.best_requested)
        self._show(sheet)

    @Slot()
    def toggle_benefits(self) -> None:
        if self._closed_one(BenefitsSheet):
            return
        sheet = BenefitsSheet(self._screen.right, self._parts.keys, close_label=self._close_label)
        sheet.chosen.connect(self.benefit_chosen)
        self._show(sheet)

    @Slot()
    def toggle_choices(self) -> None:
        if self._closed_one(ChoiceSheet):
            return
        sheet = ChoiceSheet(self._screen.right, close_label=self._close_label)
        sheet.chosen.connect(self._on_choice)
        self._show(sheet)

    @Slot()
    def toggle_rewards(self) -> None:
        if self._closed_one(RewardSheet):
            return
        sheet = RewardSheet(self._screen.right, close_label=self._close_label)
        sheet.chosen.connect(self._on_choice)
        self._show(sheet)

    @Slot()
    def toggle_points(self) -> None:
        """The points were tapped: what they may become, here or in this basket."""
        if has_rewards(self._parts.state):
            self.toggle_rewards()
        else:
            self.toggle_choices()

    def close(self) -> bool:
        """Put the open one away. False: none was open."""
        sheet, self._open = self.current, None
        if sheet is None:
            return False
        sheet.close_sheet()
        return True

    def move(self, step: int) -> bool:
        """Up or down in the coupons or choices. False: neither is open."""
        sheet = self.current
        if not isinstance(sheet, CouponsSheet | ChoiceSheet):
            return False
        sheet.move_current(step)
        return True

    def take_current(self) -> bool:
        """Enter: what the current coupon or choice does. False: none is current."""
        sheet = self.current
        return isinstance(sheet, CouponsSheet | ChoiceSheet) and sheet.take_current()

    def refresh(self) -> None:
        """Say what is true now, in the language of now; close what has nothing to say."""
        state, wording = self._parts.state, self._parts.wording
        match self.current:
            case WhySheet() as sheet:
                why = explain(state, state.selected or "", wording)
                if why is None:
                    self.close()
                else:
                    sheet.show_why(why, self._close_label)
            case CouponsSheet() as sheet:
                coupons = present_coupons(state, wording)
                if coupons is None:
                    self.close()
                else:
                    best = wording.t("Back to the best choice")
                    sheet.show_coupons(coupons, close_label=self._close_label, best_label=best)
            case BenefitsSheet() as sheet:
                if state.member is None:
                    self.close()
                else:
                    sheet.show_member(member_view(state, wording), wording)
            case ChoiceSheet() as sheet:
                self._show_choices(sheet)
            case None:
                pass

    def _show_choices(self, sheet: ChoiceSheet) -> None:
        present = present_rewards if isinstance(sheet, RewardSheet) else present_choices
        choices = present(self._parts.state, self._parts.wording)
        if choices is None:
            self.close()
        else:
            sheet.show_choices(choices, close_label=self._close_label)

    @property
    def _close_label(self) -> str:
        return self._parts.wording.t("Close")

    def _closed_one(self, kind: type[Sheet]) -> bool:
        """Close whatever is open; True where it was of this kind."""
        was = self.current
        self.close()
        return type(was) is kind

    def _show(self, sheet: Sheet) -> None:
        self._open = sheet
        self.refresh()
        if self.current is sheet:
            sheet.closed.connect(self._on_closed)
            sheet.open_sheet()

    @Slot(object)
    def _on_choice(self, act: object) -> None:
        """The basket shows what came of it, so the sheet makes room."""
        self.close()
        self.choice_made.emit(act)

    @Slot()
    def _on_closed(self) -> None:
        """Its cross or its button closed it."""
        self._open = None
        self._screen.focus_input()
