"""Choice acts: from a row of the sheet to its service, and what is asked before.

Owns: which service a choice asks, the question before points are gone.
Does not own: the sheet, the sentences of the answers (ui/said.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, assert_never

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.services.coupon import accept_offer, choose_gift, refuse_coupon
from app.services.entitlement import AskHeadOffice
from app.services.expiring import exchange_expiring
from app.services.redeem import take_points_price
from app.services.reservation import ask_reservation
from app.services.reward import take_reward
from app.services.tick_way import Asked
from ui import formatting
from ui.choice.view_model import (
    ChoiceAct,
    ExchangePoints,
    LeaveGift,
    PayLineWithPoints,
    TakeGift,
    TakeReward,
    UseOffer,
)
from ui.kit.dialogs import ConfirmDialog, Question
from ui.window_parts import WindowParts


class ChoiceActs(QObject):
    """What a choice of the customer does. `answered` says what came of it."""

    def __init__(
        self,
        parts: WindowParts,
        screen: QWidget,
        answered: Callable[[object], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts, self._screen, self._answered = parts, screen, answered

    @Slot(object)
    def take(self, act: ChoiceAct) -> None:
        ask, answered = self._parts.ask, self._answered
        match act:
            case TakeGift(offer_id, sku):
                ask(choose_gift, answered, offer_id=offer_id, sku=sku)
            case LeaveGift(refusable):
                ask(refuse_coupon, answered, rule_or_coupon=refusable)
            case UseOffer(offer_id, on):
                if on:
                    ask(accept_offer, answered, offer_id=offer_id)
                else:
                    ask(refuse_coupon, answered, rule_or_coupon=offer_id)
            case PayLineWithPoints(line_id, on):
                ask(take_points_price, answered, line_id=line_id, on=on)
            case ExchangePoints(points, coupon):
                self._confirm(points, coupon, partial(self._spend, exchange_expiring))
            case TakeReward(reward_id, points, sku, coupon):
                take = partial(self._spend, take_reward, reward_id=reward_id, sku=sku)
                if coupon:
                    self._confirm(points, coupon, take)
                else:
                    take()
            case never:
                assert_never(never)

    def _spend(self, service: Callable[..., Any], **wanted: Any) -> None:
        """Points that go at once: where head office wants to be asked first, with its answer."""

        def answered(answer: object) -> None:
            if isinstance(answer, AskHeadOffice):
                heard = partial(told, answer.wanted.reservation_id)
                self._parts.ask_aside(ask_reservation, heard, wanted=answer.wanted)
            elif isValid(self):
                self._answered(answer)

        def told(reservation_id: str, said: Any) -> None:
            asked = Asked(reservation_id, said)
            self._parts.ask(service, answered, asked=asked, **wanted)

        self._parts.ask(service, answered, **wanted)

    def _confirm(self, points: int, coupon: str, go_on: Callable[[], object]) -> None:
        """The points are gone at once, so it is asked first."""
        t = self._parts.wording.t
        question = Question(
            title=t("Turn {points} points into a coupon?", points=formatting.points(points)),
            sentence=t(
                "The member gets the coupon {coupon}, for this sale or a later one. "
                "The points do not come back.",
                coupon=coupon,
            ),
            go_on=t("Take the coupon"),
            stay=t("Keep the points"),
            icon="ticket",
        )
        dialog = ConfirmDialog(self._screen, question)
        dialog.accepted.connect(go_on)
        dialog.open()
