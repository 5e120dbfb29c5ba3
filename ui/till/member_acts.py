"""Member acts at the till: show his phone, use or leave out a coupon, tick off a benefit, ring up
what is recommended to him.

Owns: which service each asks, the ten seconds of a revealed number.
Does not own: the sheets (sheets.py), the right to do it and its trace (services).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from shiboken6 import isValid

from app.services.check_in import check_in
from app.services.coupon import back_to_best, refuse_coupon, use_coupon
from app.services.entitlement import AskHeadOffice, tick_entitlement
from app.services.reservation import ask_reservation
from app.services.reveal import PhoneRevealed, reveal_phone
from app.services.tick_way import Asked
from ui.till.member_view import member_view
from ui.till.recommend_acts import RecommendActs
from ui.till.recommended import recommended_lines
from ui.till.reveal_dialog import RevealDialog
from ui.till.screen import TillScreen
from ui.till.sheets import Sheets
from ui.till.voice import Voice
from ui.window_parts import WindowParts

REVEAL_MS = 10_000
CHINA = "+86"


class MemberActs(QObject):
    """What can be done with the member on the basket."""

    def __init__(
        self, parts: WindowParts, screen: TillScreen, sheets: Sheets, voice: Voice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._screen, self._sheets, self._voice = parts, screen, sheets, voice
        self._revealed_of = ""
        self._hide_timer = QTimer(self)
        self._hide_timer.setSingleShot(True)
        self._hide_timer.timeout.connect(self.hide_phone)
        screen.deactivated.connect(self.hide_phone)
        screen.member.reveal_requested.connect(self.reveal)
        sheets.coupon_chosen.connect(self.choose_coupon)
        sheets.best_requested.connect(self.best_coupons)
        sheets.benefit_chosen.connect(self.use_benefit)
        self._recommend = RecommendActs(parts, voice, self)
        self._recommend.changed.connect(self.show_recommended)
        screen.member.recommended.taken.connect(self._recommend.take)

    def follow(self) -> None:
        """Another member, or none, came onto the basket: his number is nobody's business."""
        panel = self._parts.state.member
        if self._revealed_of and (panel is None or panel.member_id != self._revealed_of):
            self.hide_phone()
        self._recommend.follow()
        self.show_recommended()

    @Slot()
    def show_recommended(self) -> None:
        """What he likely wants next, in the language and with the keys of now."""
        named, parts = self._recommend.named, self._parts
        lines = recommended_lines(named, parts.wording, parts.keys)
        self._screen.member.recommended.show_lines(lines)

    def take_recommended(self, number: int) -> None:
        """Ctrl+1 to Ctrl+3: ring up what the card names."""
        named = self._recommend.named
        if 1 <= number <= len(named):
            self._recommend.take(named[number - 1].sku)

    @Slot()
    def reveal(self) -> None:
        """The eye: ask for the reason, or hide the number again."""
        panel = self._parts.state.member
        if panel is None or panel.phone_masked is None:
            return
        if self._revealed_of:
            self.hide_phone()
            return
        dialog = RevealDialog(self._screen, self._parts.wording)
        dialog.chosen.connect(self._on_reason)
        dialog.open()

    @Slot()
    def hide_phone(self) -> None:
        if not self._revealed_of:
            return
        self._hide_timer.stop()
        self._revealed_of = ""
        self._screen.member.reveal("")

    def take_benefit(self, number: int) -> None:
        """Alt+1 to Alt+4: tick off without opening the sheet."""
        state = self._parts.state
        if state.member is None:
            return
        benefits = member_view(state, self._parts.wording).benefits
        if 1 <= number <= len(benefits):
            self.use_benefit(benefits[number - 1].act, benefits[number - 1].benefit_id)

    @Slot(int)
    def tap_benefit(self, number: int) -> None:
        """The benefits on the card were tapped: the only one at once, several as a sheet."""
        if number:
            self.take_benefit(number)
        else:
            self._sheets.toggle_benefits()

    @Slot(str, str)
    def use_benefit(self, act: str, benefit_id: str) -> None:
        if act == "check_in":
            self._parts.ask(check_in, self._voice.answered)
        else:
            self._tick(benefit_id)

    def _tick(self, benefit_id: str, asked: Asked | None = None) -> None:
        """Tick it off; where head office wants to be asked first, with its answer."""

        def answered(answer: object) -> None:
            if not isValid(self):
                return
            if isinstance(answer, AskHeadOffice):
                self._parts.ask_aside(
                    ask_reservation, partial(heard, answer.wanted.reservation_id),
                    wanted=answer.wanted,
                )  # fmt: skip
            else:
                self._voice.answered(answer)

        def heard(reservation_id: str, told: Any) -> None:
            if isValid(self):
                self._tick(benefit_id, Asked(reservation_id, told))

        self._parts.ask(tick_entitlement, answered, entitlement_id=benefit_id, asked=asked)

    @Slot(str, str)
    def choose_coupon(self, coupon_id: str, act: str) -> None:
        self._sheets.close()
        if act == "use":
            self._parts.ask(use_coupon, self._voice.answered, coupon_id=coupon_id)
        else:
            self._parts.ask(refuse_coupon, self._voice.answered, rule_or_coupon=coupon_id)

    @Slot()
    def best_coupons(self) -> None:
        self._sheets.close()
        self._parts.ask(back_to_best, self._voice.answered)

    @Slot(str)
    def _on_reason(self, reason: str) -> None:
        panel = self._parts.state.member
        if panel is not None:
            wanted = panel.member_id
            self._parts.ask(reveal_phone, self._on_revealed, member_id=wanted, reason=reason)

    def _on_revealed(self, answer: object) -> None:
        panel = self._parts.state.member
        if isinstance(answer, PhoneRevealed) and panel is not None:
            self._revealed_of = panel.member_id
            self._screen.member.reveal(answer.phone.removeprefix(CHINA))
            self._hide_timer.start(REVEAL_MS)
        else:
            self._voice.answered(answer)
