"""Sync controller: what the centre shows, and what a person does there.

Owns: asking, the current card, trying now, the cable of a demo. Does not own: widgets (screen.py),
texts (view_model.py), the chip (watch.py), deciding (services).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.ids import OpId
from app.services.shift_report import closed_shifts
from app.services.staff import lock_till
from app.services.sync_state import (
    Agreement,
    ReasonMissing,
    SyncCentre,
    days_agreement,
    give_up_refused,
    retry_refused,
    sync_centre,
)
from app.services.till_state import TillState
from app.wording import Wording
from ui.file_errand import Say
from ui.key_map import Action, KeyAction
from ui.moment import local_time
from ui.navigation import Destination, ScreenController, ToDesk, ToExceptions, ToSettings
from ui.sync_centre.answers import answer_words, is_done
from ui.sync_centre.diagnosis import Diagnosis
from ui.sync_centre.export import PendingExport
from ui.sync_centre.give_up_dialog import GiveUpDialog
from ui.sync_centre.removal import Removal
from ui.sync_centre.screen import SyncScreen
from ui.sync_centre.view_model import CardView, Now, SyncView, sync_view
from ui.window_parts import WindowParts

REFRESH_EVERY_MS = 500
TRYING_MS = 1_500
"""So long "trying" is said at least; what comes of it stands beside it."""
DAYS_SHOWN = 7


class SyncController(ScreenController):
    """The sync centre. It never asks a cashier anything: whoever opens it decides."""

    _news = Signal()

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._centre: SyncCentre | None = None
        self._agreed: Mapping[date, Agreement] = {}
        self._view: SyncView | None = None
        self._current = 0
        self._in_front = self._is_asking = False
        self._dialog: GiveUpDialog | None = None
        self.export, self.diagnosis = PendingExport(parts, self), Diagnosis(parts, self)
        self.export.said.connect(self._say)
        self.diagnosis.said.connect(self._say)
        self._pause, self._trying = _timer(REFRESH_EVERY_MS, self), _timer(TRYING_MS, self)
        self._pause.timeout.connect(self.refresh)
        self._trying.timeout.connect(self._draw)
        self.screen = SyncScreen()
        self._show_case = partial(parts.navigation.go, ToExceptions())
        self.removal = Removal(parts, self.screen, self.export.begin, lambda: self._in_front)
        self._join()
        self.speak(parts.wording)

    def _join(self) -> None:
        screen, parts = self.screen, self._parts
        screen.back_requested.connect(self.back)
        screen.export_requested.connect(self.export.begin)
        screen.diagnosis_requested.connect(self.diagnosis.begin)
        screen.removal_requested.connect(self.removal.ask)
        screen.connect_requested.connect(self.connect_till)
        screen.offline_requested.connect(partial(parts.navigation.go, ToSettings("offline")))
        screen.case_requested.connect(self._show_case)
        screen.card_chosen.connect(self._choose)
        screen.retried.connect(self._retry_at)
        screen.given_up.connect(self._give_up_at)
        screen.side.state.sync_requested.connect(self.sync_now)
        screen.side.state.connect_requested.connect(self.connect_till)
        screen.side.state.cable_switched.connect(self._switch)
        self._news.connect(self._on_news, Qt.ConnectionType.QueuedConnection)
        parts.closers.append(parts.shop.server.listen(self._news.emit))

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self._in_front = True
        self._current = 0
        self.screen.notice.show_banner("")
        self.screen.setFocus()
        self.refresh()

    def leave(self) -> None:
        self._in_front = False
        self._pause.stop()
        self._trying.stop()
        if self._dialog is not None and self._dialog.is_open:
            self._dialog.reject()
        self.removal.close()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        hint = self._parts.keys.hint
        hints = (hint(Action.EXPORT), hint(Action.CHOOSE_3), hint(Action.CHOOSE_4))
        self.screen.set_words(wording, hints=hints)
        self.screen.notice.show_banner("")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.SYNC_NOW, t("Sync now"), self.sync_now, self._has_server),
            KeyAction(Action.LINE_UP, t("Card above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Card below"), partial(self._step, 1)),
            KeyAction(Action.CHOOSE_1, t("Send the refused request again"), self.retry),
            KeyAction(Action.CHOOSE_2, t("Give the refused request up"), self.give_up),
            KeyAction(Action.MORE, t("Both sides"), self._show_case, self._has_case),
            KeyAction(Action.CHOOSE_3, t("Export diagnostics"), self.diagnosis.begin),
            KeyAction(Action.CHOOSE_4, t("Remove this till…"), self.removal.ask, self._has_server),
            KeyAction(Action.EXPORT, t("Export what waits"), self.export.begin),
            KeyAction(Action.CONFIRM, t("Connect to a server"), self.connect_till, self._is_alone),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: to the desk."""
        self._parts.navigation.go(ToDesk())

    def sync_now(self) -> None:
        """Try at once. The key rests for a moment; what comes of it is shown beside it."""
        self._parts.shop.server.sync_now()
        self._parts.notifier.announce(self._parts.wording.t("Trying to reach the server…"))
        self._trying.start()
        self._draw()

    def connect_till(self) -> None:
        """To the page where a code is typed."""
        self._parts.navigation.go(ToSettings("server"))

    def retry(self) -> None:
        """Send the current refused request again."""
        card = self._card()
        if card is not None and card.kind == "dead":
            self._parts.ask(retry_refused, self._decided, op_id=card.op_id)

    def give_up(self) -> None:
        """Ask why the current refused request is given up."""
        card = self._card()
        if card is None or card.kind != "dead" or self._dialog is not None:
            return
        what = self._parts.wording.t("{what}: {why}", what=card.name, why=card.detail)
        dialog = self._dialog = GiveUpDialog(self.screen, what, self._parts.wording)
        dialog.given_up.connect(partial(self._give_up, card.op_id))
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _give_up(self, op_id: OpId, reason: str) -> None:
        self._parts.ask(give_up_refused, self._decided, op_id=op_id, reason=reason)

    def _switch(self, on: bool) -> None:
        self._parts.shop.server.switch(on=on)

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    def _choose(self, place: int) -> None:
        self._current = place
        self._draw()

    def _retry_at(self, place: int) -> None:
        self._choose(place)
        self.retry()

    def _give_up_at(self, place: int) -> None:
        self._choose(place)
        self.give_up()

    def _step(self, by: int) -> None:
        if self._view is not None and self._view.cards:
            self._choose(max(0, min(len(self._view.cards) - 1, self._current + by)))

    def _card(self) -> CardView | None:
        cards = self._view.cards if self._view is not None else ()
        return cards[self._current] if 0 <= self._current < len(cards) else None

    # ------------------------------------------------------------------ asking

    @Slot()
    def _on_news(self) -> None:
        """At once, then never more often than people read."""
        if self._in_front and not self._pause.isActive():
            self._pause.start()

    def refresh(self) -> None:
        """Ask for everything that is shown; news that come meanwhile ask again."""
        if not self._in_front or self._is_asking:
            return
        self._is_asking = True
        link, now = self._parts.shop.server.link(), self._parts.now()
        self._parts.ask(sync_centre, self._told, on_error=self._failed, link=link, now=now)
        self._parts.ask(closed_shifts, self._shifts)

    def _told(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, SyncCentre):
            self._centre = answer
            self._draw()
        else:
            self._say(lambda wording: answer_words(answer, wording), "danger")

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _shifts(self, answer: object) -> None:
        if isinstance(answer, tuple):
            days = sorted({each.business_day for each in answer})[-DAYS_SHOWN:]
            self._parts.look_up(days_agreement, self._compared, days=days)

    def _compared(self, agreed: Mapping[date, Agreement]) -> None:
        self._agreed = agreed
        self._draw()

    # ------------------------------------------------------------------ answers

    def _decided(self, answer: object) -> None:
        dialog = self._dialog
        if isinstance(answer, ReasonMissing) and dialog is not None:
            dialog.ask_for_reason(answer_words(answer, self._parts.wording))
            self._parts.notifier.signal("scan_error")
            return
        if dialog is not None and dialog.is_open:
            dialog.accept()
        if not is_done(answer):
            self._parts.notifier.signal("scan_error")
        tone = "success" if is_done(answer) else "danger"
        self._say(lambda wording: answer_words(answer, wording), tone)
        self.refresh()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _say(self, say: Say, tone: str) -> None:
        sentence = say(self._parts.wording)
        self.screen.notice.show_banner(sentence, tone=tone)
        if tone != "info":
            self._parts.notifier.announce(sentence, urgent=tone == "danger")

    # ------------------------------------------------------------------ drawing

    def _has_server(self) -> bool:
        return not self._is_alone()

    def _has_case(self) -> bool:
        card = self._card()
        return card is not None and card.has_case

    def _is_alone(self) -> bool:
        return self._centre is not None and self._centre.server is None

    def _draw(self) -> None:
        centre, parts = self._centre, self._parts
        if centre is None or parts.live.state is None:
            return
        server, wording = parts.shop.server, parts.wording
        self._view = view = sync_view(centre, server.link(), self._agreed, _told_by(parts))
        self._current = max(0, min(self._current, len(view.cards) - 1))
        self.screen.render_view(view, wording)
        hint = parts.keys.hint
        keys = (hint(Action.CHOOSE_1), hint(Action.CHOOSE_2), hint(Action.MORE))
        self.screen.set_current(self._current, keys)
        is_trying = self._trying.isActive()
        label = wording.t("Trying…") if is_trying else wording.t("Sync now")
        state = self.screen.side.state
        state.show_trying(label, hint(Action.SYNC_NOW), is_trying=is_trying)
        state.show_cable(server.cable)


def _told_by(parts: WindowParts) -> Now:
    """The shop's clock and the window's language, for whoever is signed in."""
    staff = parts.state.staff
    sees_cases = staff is not None and "see_audit" in staff.permissions
    return Now(parts.local_now(), partial(local_time, parts=parts), parts.wording, sees_cases)


def _timer(milliseconds: int, parent: QObject) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    return timer
