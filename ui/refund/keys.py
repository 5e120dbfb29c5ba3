"""The keys of the refund screen. Owns: which key does what. Does not own: doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from app.wording import Wording
from ui.key_map import Action, KeyAction, KeyMap
from ui.refund.goods import GoodsBack
from ui.refund.line_acts import LineActs
from ui.refund.screen import RefundScreen

UNLINKED, EXCHANGE, OTHER = Action.CHOOSE_1, Action.CHOOSE_2, Action.CLEAR_BASKET


class TakingBack(Protocol):
    """What the keys ask of the controller."""

    screen: RefundScreen
    goods: GoodsBack
    lines: LineActs

    def is_free(self) -> bool: ...
    def has_goods(self) -> bool: ...
    def has_sale(self) -> bool: ...
    def is_looking(self) -> bool: ...
    def confirm(self) -> None: ...
    def back(self) -> None: ...
    def move(self, step: int) -> None: ...
    def quantity(self) -> None: ...
    def unlinked_return(self) -> None: ...
    def other(self) -> None: ...
    def lock(self) -> None: ...


def refund_keys(screen: TakingBack, wording: Wording) -> Sequence[KeyAction]:
    """In the order of the help."""
    t, goods, lines = wording.t, screen.has_goods, screen.lines
    free: Callable[[], bool] = screen.is_free
    look, exchange = screen.screen.focus_field, screen.goods.toggle_exchange
    return [
        KeyAction(Action.FIND_ITEM, t("Look for the sale"), look, screen.is_looking),
        KeyAction(Action.MEMBER, t("Look for the sale by its member"), look,
                  screen.is_looking),
        KeyAction(Action.CONFIRM, t("Go on: open the sale, confirm the refund"), screen.confirm,
                  free),
        KeyAction(Action.PAY, t("Give it back"), screen.confirm, goods),
        KeyAction(Action.ONE_MORE, t("One more comes back"), partial(lines.step_current, 1),
                  goods),
        KeyAction(Action.ONE_FEWER, t("One fewer comes back"), partial(lines.step_current, -1),
                  goods),
        KeyAction(Action.QUANTITY, t("Type how many come back"), screen.quantity, goods),
        KeyAction(Action.REMOVE_LINE, t("Nothing of this line"), lines.remove, goods),
        KeyAction(Action.LINE_UP, t("Line above"), partial(screen.move, -1), free),
        KeyAction(Action.LINE_DOWN, t("Line below"), partial(screen.move, 1), free),
        KeyAction(UNLINKED, t("Without a receipt"), screen.unlinked_return, screen.is_looking),
        KeyAction(EXCHANGE, t("Exchange for new goods"), exchange, screen.has_sale),
        KeyAction(OTHER, t("Give up"), screen.other, goods),
        KeyAction(Action.BACK, t("One step back"), screen.back, free),
        KeyAction(Action.LOCK, t("Lock, change the cashier"), screen.lock, free),
    ]  # fmt: skip


def hints(keys: KeyMap) -> dict[str, str]:
    """The keys to show on the buttons, by what these do."""
    acts = {
        "back": Action.BACK,
        "confirm": Action.CONFIRM,
        "unlinked": UNLINKED,
        "exchange": EXCHANGE,
        "other": OTHER,
    }
    return {name: keys.hint(action) for name, action in acts.items()}
