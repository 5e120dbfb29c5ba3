"""The keys of the payment screen. Owns: which key does what. Does not own: doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.payment.points_act import PointsAct
from ui.payment.view_model import tender_labels

TENDER_KEYS = (Action.CHOOSE_1, Action.CHOOSE_2, Action.CHOOSE_3)
SPLIT_KEY = Action.CHOOSE_4


class Paying(Protocol):
    """What the keys ask of the controller."""

    @property
    def points(self) -> PointsAct: ...

    def confirm(self) -> None: ...
    def go_back(self) -> None: ...
    def lock(self) -> None: ...
    def choose_tender(self, place: int) -> None: ...
    def is_free(self) -> bool: ...
    def has_points(self) -> bool: ...
    def has_parts(self) -> bool: ...
    def toggle_split(self) -> None: ...
    def give_last_back(self) -> None: ...


def payment_keys(paying: Paying, wording: Wording) -> Sequence[KeyAction]:
    """In the order of the help."""
    t, free = wording.t, paying.is_free
    keys = [
        KeyAction(Action.PAY, t("Confirm payment"), paying.confirm, free),
        KeyAction(Action.CONFIRM, t("Confirm payment"), paying.confirm, free),
        KeyAction(Action.OFFERS, t("Pay with points"), paying.points.toggle, paying.has_points),
        KeyAction(Action.BACK, t("Back"), paying.go_back, free),
        KeyAction(Action.LOCK, t("Lock, change cashier"), paying.lock, free),
    ]
    for place, (action, label) in enumerate(zip(TENDER_KEYS, tender_labels(wording), strict=True)):
        keys.append(KeyAction(action, label, _chooser(paying, place), free))
    give_back = t("Give the last part back")
    keys += [
        KeyAction(SPLIT_KEY, t("Split payment"), paying.toggle_split, free),
        KeyAction(Action.REMOVE_LINE, give_back, paying.give_last_back, paying.has_parts),
    ]
    return keys


def _chooser(paying: Paying, place: int) -> Callable[[], None]:
    return lambda: paying.choose_tender(place)
