"""Keys of the till: what every key does here, and which of them stand in the key bar.

Owns: the list for key map and help, the bar. Does not own: the map itself (ui/key_map.py),
doing it (controller.py). Only what works now is shown: no dead key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from app.services.till_state import TillState
from app.wording import N_, Wording
from ui.choice.reward_view import has_rewards
from ui.choice.view_model import has_choices
from ui.key_map import Action, KeyAction
from ui.navigation import LogComplaint, ScanByCamera, ToRefund
from ui.till.benefit_keys import BENEFIT_ACTS
from ui.till.clearance import Clearance
from ui.till.discount_acts import DiscountActs
from ui.till.hold_acts import HoldActs
from ui.till.key_bar import BarKey
from ui.till.member_acts import MemberActs
from ui.till.more_dialog import MoreDialog
from ui.till.recommended import RECOMMENDED_ACTS
from ui.till.screen import TillScreen
from ui.till.sheets import Sheets
from ui.till.shift_keys import shift_keys
from ui.window_parts import WindowParts

MORE: Mapping[Action, str] = {
    Action.CAMERA: "camera",
    Action.CHOICES: "star",
    Action.REWARDS: "coins",
    Action.BENEFITS: "gift",
    Action.RECALL: "rotate",
    Action.REPRINT: "printer",
    Action.CLEAR_BASKET: "basket",
    Action.VOID: "trash",
    Action.REVEAL: "eye",
    Action.DRAWER: "drawer",
    Action.COMPLAINT: "complaint",
    Action.SHIFT: "cash",
    Action.MANAGE: "list",
    Action.LOCK: "lock",
}
"""The acts behind the key "More", with their icons, in this order."""
_FEWER_WORDS: Mapping[Action, str] = {
    Action.CAMERA: N_("Scan by camera"),
    Action.REPRINT: N_("Reprint"),
    Action.REVEAL: N_("Show phone"),
}
"""Of labels that large text would cut there."""


class KeyedTill(Protocol):
    """What keys ask of the till (controller.py); each is one act."""

    parts: WindowParts
    screen: TillScreen
    sheets: Sheets
    member_acts: MemberActs
    clearance: Clearance
    hold_acts: HoldActs
    discount_acts: DiscountActs

    def key_actions(self) -> Sequence[KeyAction]: ...
    def pay(self) -> None: ...
    def refund(self) -> None: ...
    def confirm(self) -> None: ...
    def back(self) -> None: ...
    def find_member(self) -> None: ...
    def find_item(self) -> None: ...
    def quantity(self) -> None: ...
    def step(self, by: int) -> None: ...
    def move(self, step: int) -> None: ...
    def remove(self) -> None: ...
    def undo(self) -> None: ...
    def reprint(self) -> None: ...
    def lock(self) -> None: ...


class TillKeys(QObject):
    """The keys of one till."""

    def __init__(self, till: KeyedTill, parent: QObject) -> None:
        super().__init__(parent)
        self._till = till

    @Slot(object)
    def do(self, action: Action) -> None:
        """A key of the bar was pressed; the input line gets the focus back."""
        self._till.screen.focus_input()
        for known in self._till.key_actions():
            if known.action is action and known.is_enabled():
                known.do()

    def actions(self, wording: Wording) -> list[KeyAction]:
        """Everything a key does on the till, in the order of the help."""
        t, till = wording.t, self._till
        acts = till.member_acts
        listed = [
            KeyAction(Action.FIND_ITEM, t("Find an item"), till.find_item),
            KeyAction(Action.MEMBER, t("Member"), till.find_member),
            *self._camera(wording),
            *self._right_column(wording),
            KeyAction(Action.WHY, t("Why this price"), till.sheets.toggle_why, self._has_lines),
            *self._counter(wording),
            KeyAction(Action.PAY, t("Pay"), till.pay),
            KeyAction(Action.REFUND, t("Refund"), till.refund, self._can_refund),
            KeyAction(Action.QUANTITY, t("Quantity, typed before a scan"), till.quantity),
            KeyAction(Action.ONE_MORE, t("One more"), partial(till.step, 1), self._has_lines),
            KeyAction(Action.ONE_FEWER, t("One fewer"), partial(till.step, -1), self._has_lines),
            KeyAction(Action.LINE_UP, t("Line above"), partial(till.move, -1)),
            KeyAction(Action.LINE_DOWN, t("Line below"), partial(till.move, 1)),
            KeyAction(Action.REMOVE_LINE, t("Remove the line"), till.remove, self._has_lines),
            KeyAction(Action.UNDO, t("Undo the last step"), till.undo),
            KeyAction(Action.CLEAR_BASKET, t("Empty basket"), till.clearance.ask, self._has_lines),
            KeyAction(Action.CONFIRM, t("Go on: pick an item, else pay"), till.confirm),
            KeyAction(Action.BACK, t("One step back"), till.back),
            KeyAction(Action.REVEAL, t("Show the phone number"), acts.reveal, self._has_member),
            KeyAction(Action.REPRINT, t("Print the last receipt again"), till.reprint),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), till.lock),
            *self._complaint(wording),
            *shift_keys(till.parts.navigation, wording),
            KeyAction(Action.MORE, t("More"), self.show_more),
        ]
        return [*listed, *self._benefits(wording), *self._recommended(wording)]

    def _camera(self, wording: Wording) -> list[KeyAction]:
        navigation = self._till.parts.navigation
        if not navigation.can_open(ScanByCamera):
            return []
        words = wording.t("Member code by camera")
        return [KeyAction(Action.CAMERA, words, lambda: navigation.open_dialog(ScanByCamera()))]

    def _complaint(self, wording: Wording) -> list[KeyAction]:
        """Of whoever is on the basket, else of somebody who is still to be named."""
        navigation = self._till.parts.navigation
        if not navigation.can_open(LogComplaint):
            return []

        def begin() -> None:
            state = self._state()
            member = state.member if state is not None else None
            navigation.open_dialog(LogComplaint(member.member_id if member is not None else ""))

        return [KeyAction(Action.COMPLAINT, wording.t("Log a complaint"), begin)]

    def _right_column(self, wording: Wording) -> list[KeyAction]:
        """What opens over the member."""
        t, sheets = wording.t, self._till.sheets
        return [
            KeyAction(Action.OFFERS, t("Coupons"), sheets.toggle_coupons, self._has_coupons),
            KeyAction(Action.BENEFITS, t("Benefits"), sheets.toggle_benefits, self._has_member),
            KeyAction(
                Action.CHOICES, t("Customer choices"), sheets.toggle_choices, self._has_choices
            ),
            KeyAction(
                Action.REWARDS, t("Rewards for points"), sheets.toggle_rewards, self._has_rewards
            ),
        ]

    def _counter(self, wording: Wording) -> list[KeyAction]:
        """What is done to the whole sale besides taking money for it."""
        t, till = wording.t, self._till
        holds, discount = till.hold_acts, till.discount_acts
        return [
            KeyAction(Action.HOLD, t("Hold this sale"), holds.hold, self._has_lines),
            KeyAction(Action.RECALL, t("Recall a held sale"), holds.recall),
            KeyAction(Action.DISCOUNT, t("Discount, price"), discount.ask, self._has_lines),
            KeyAction(Action.VOID, t("Void this sale"), holds.void, self._has_lines),
        ]

    def _benefits(self, wording: Wording) -> list[KeyAction]:
        acts = self._till.member_acts
        return [
            KeyAction(
                action,
                wording.t("Benefit {number}", number=number),
                partial(acts.take_benefit, number),
                self._has_member,
            )
            for number, action in enumerate(BENEFIT_ACTS, start=1)
        ]

    def _recommended(self, wording: Wording) -> list[KeyAction]:
        """Only what stands on the card: nobody rings up what he does not see."""
        card, acts = self._till.screen.member, self._till.member_acts
        return [
            KeyAction(
                action,
                wording.t("Product named {number}", number=number),
                partial(acts.take_recommended, number),
                partial(card.recommended.shows, number),
            )
            for number, action in enumerate(RECOMMENDED_ACTS, start=1)
        ]

    def bar(self, wording: Wording) -> list[BarKey]:
        """The keys under the basket."""
        t, hint = wording.t, self._till.parts.keys.hint
        has_lines = self._has_lines()
        return [
            BarKey(Action.FIND_ITEM, t("Items"), "search", hint(Action.FIND_ITEM), may_go=True),
            BarKey(Action.MEMBER, t("Member"), "user", hint(Action.MEMBER)),
            self._hold_key(wording),
            BarKey(Action.OFFERS, t("Coupons"), "ticket", hint(Action.OFFERS), self._has_coupons()),
            BarKey(Action.DISCOUNT, t("Discount"), "percent", hint(Action.DISCOUNT), has_lines),
            BarKey(Action.REFUND, t("Refund"), "refund", hint(Action.REFUND), self._can_refund()),
            BarKey(Action.REMOVE_LINE, t("Remove"), "trash", hint(Action.REMOVE_LINE), has_lines),
            BarKey(Action.MORE, t("More"), "list", ""),
        ]

    def _hold_key(self, wording: Wording) -> BarKey:
        """One place for both: goods on the till can be held, an empty till can recall."""
        state, hint = self._state(), self._till.parts.keys.hint
        if self._has_lines():
            return BarKey(Action.HOLD, wording.t("Hold"), "pause", hint(Action.HOLD))
        has_holds = state is not None and state.holds > 0
        return BarKey(Action.RECALL, wording.t("Recall"), "rotate", hint(Action.RECALL), has_holds)

    def show_more(self) -> None:
        """The acts without a place in the bar."""
        wording = self._till.parts.wording
        known = {each.action: each for each in self._till.key_actions()}
        keys = [
            BarKey(
                action, _short(known[action], wording), icon, self._till.parts.keys.hint(action),
                known[action].is_enabled(),
            )
            for action, icon in MORE.items()
            if action in known
        ]  # fmt: skip
        dialog = MoreDialog(self._till.screen, keys, wording)
        dialog.pressed.connect(self.do)
        dialog.open()

    def _state(self) -> TillState | None:
        return self._till.parts.live.state

    def _can_refund(self) -> bool:
        return self._till.parts.navigation.can_go(ToRefund)

    def _has_lines(self) -> bool:
        state = self._state()
        return state is not None and bool(state.lines)

    def _has_member(self) -> bool:
        state = self._state()
        return state is not None and state.member is not None

    def _has_coupons(self) -> bool:
        state = self._state()
        return state is not None and state.member is not None and bool(state.member.coupons)

    def _has_rewards(self) -> bool:
        state = self._state()
        return state is not None and has_rewards(state)

    def _has_choices(self) -> bool:
        state = self._state()
        return state is not None and has_choices(state)


def _short(known: KeyAction, wording: Wording) -> str:
    fewer = _FEWER_WORDS.get(known.action)
    return wording.t(fewer) if fewer else known.label
