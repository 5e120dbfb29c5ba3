"""Opening the window: the one place in ui that joins the shell, the parts and the screens.

Owns: making the parts, registering screens, forwarding snapshots, changes and faults to whoever is
in front. Does not own: the shell (main_window.py), screens, the store and devices (main.py hands
in what of them is needed).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.domain.payment import PaymentAttempt
from app.domain.settings import Settings
from app.services.opening import OpenAnswer, SetUpFirst, UpdateFirst, open_till, refresh_desk
from app.services.payment import open_attempts
from app.services.ports import UnitOfWork
from app.services.settings import change_language, change_theme
from app.services.shop import Shop
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.application import Application
from ui.arrival import place_to_begin
from ui.chosen_keys import ChosenKeys
from ui.closing import ClosingQuestion, may_close
from ui.exceptions.bell import Bell
from ui.header_words import staff_labels, till_name
from ui.identity_watch import IdentityWatch
from ui.key_map import KeyMap
from ui.late_payments import LatePayments
from ui.main_window import MainWindow
from ui.navigation import Navigation, RecallHeld, ToSettings, ToSetup, ToSignIn, ToTill
from ui.runner import Lane, Runner
from ui.safety.watch import SafetyWatch
from ui.said import fault
from ui.scanner_line import ScannerLine
from ui.settings.in_force import InForce
from ui.sounds import Player, Sound
from ui.sync_centre.watch import SyncWatch
from ui.theme.tokens import Scheme
from ui.till.controller import TillController
from ui.trouble.window import TroubleWindow, trouble_of
from ui.window_banner import Say, WindowBanner
from ui.window_parts import LiveState, Renderers, WindowParts
from ui.window_stage import WITHOUT_HEADER, WindowNotifier, WindowStage
from ui.window_tabs import PLAIN_TABS, tabs
from ui.wording import LanguageSwitch

BUSY_AFTER_MS = 1_000
REFRESH_EVERY_MS = 500


class ChangesSeen(Protocol):
    """Which kinds of things a commit changed (app/store/changes.py); the flags used here."""

    @property
    def accounts(self) -> bool: ...
    @property
    def members(self) -> bool: ...
    @property
    def programs(self) -> bool: ...
    @property
    def settings(self) -> bool: ...


RegisterScreens = Callable[[WindowParts], None]


class TillWindow(QObject):
    """The opened window with its parts; main.py keeps it as long as the till runs.

    `on_commit` may be called from any thread: it is what the store lane's `subscribe` wants.

    Signals:
        opened: The till is open, or set-up began, or it cannot open. arg: OpenAnswer, or the
            error that it cannot open for.
    """

    opened = Signal(object)
    _committed = Signal(object)
    _disk_low = Signal(int)
    _night = Signal()

    def __init__(self, window: MainWindow, parts: WindowParts) -> None:
        super().__init__(window)
        self.window, self.parts = window, parts
        self._refreshing, self._refresh_wanted = False, False
        self._held = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(REFRESH_EVERY_MS)
        self._pause.timeout.connect(self._refresh_if_wanted)
        self._banner = WindowBanner(window)
        self._trouble: TroubleWindow | None = None
        self._late_payments = LatePayments(parts, self._say_urgent)
        self._busy_timer = QTimer(self)
        self._busy_timer.setSingleShot(True)
        self._busy_timer.setInterval(BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self._say_busy)
        parts.on_fault = self._say_fault
        parts.on_news = self._banner.tell
        parts.on_display = window.header.show_display_lost
        window.header.display_chosen.connect(self._show_devices)
        self._closing = ClosingQuestion(window, parts)
        self._bell = Bell(parts, window.header, self)
        parts.live.changed.connect(self._on_state)
        self._chosen_keys = ChosenKeys(window, parts)
        parts.runner.busy_changed.connect(self._on_busy)
        parts.language.changed.connect(self._on_language)
        self._committed.connect(self._on_committed, Qt.ConnectionType.QueuedConnection)
        self._disk_low.connect(self.show_low_disk, Qt.ConnectionType.QueuedConnection)
        self._night.connect(self._ask_late_payments, Qt.ConnectionType.QueuedConnection)
        window.language_changed.connect(self._keep_language)
        window.scheme_changed.connect(self._keep_scheme)
        window.tab_requested.connect(self._on_tab)
        window.staff_requested.connect(self._on_staff)
        self._show_tabs()

    def start(self) -> None:
        """Open the till in the lane; the first screen follows."""
        self.parts.ask(open_till, self._on_opened, on_error=self._not_opened)

    def on_commit(self, changes: ChangesSeen, initiator: object = None) -> None:
        """A unit of work was committed (by a pull, an import, the night): refresh what is shown."""
        if changes.accounts or changes.members or changes.programs or changes.settings:
            self._committed.emit(initiator)

    @Slot(int)
    def show_low_disk(self, free_mb: int) -> None:
        """The disk is nearly full: said until there is room again."""
        self._banner.show(lambda wording: _low_disk(wording, free_mb), tone="warning")

    def on_low_disk(self, free_mb: int) -> None:
        """As show_low_disk, from any thread."""
        self._disk_low.emit(free_mb)

    def on_night(self) -> None:
        """From any thread: ask about payments left open by day; a till may run for weeks."""
        self._night.emit()

    @Slot()
    def _ask_late_payments(self) -> None:
        if self.parts.live.state is None:
            return

        def ask(attempts: Sequence[PaymentAttempt]) -> None:
            self._late_payments.ask(attempts, self.parts.state.attempt)

        self.parts.ask(_open_attempts, ask)

    def close(self) -> None:
        """No answer is delivered any more; no screen counts seconds for a window that is gone."""
        self.parts.runner.close()
        for put_away in self.parts.closers:
            put_away()
        navigation = self.parts.navigation
        navigation.close_dialog()
        if navigation.current is not None:
            navigation.current.leave()

    def _on_opened(self, answer: OpenAnswer) -> None:
        navigation = self.parts.navigation
        if self._trouble is not None:
            self._trouble.deleteLater()
            self._trouble = None
            self.window.header.show()
        if isinstance(answer, SetUpFirst):
            if navigation.can_go(ToSetup):
                navigation.go(ToSetup())
        elif isinstance(answer, UpdateFirst):
            self._take_settings(answer.settings)
            # Nothing can be pressed away: without a program there is no screen behind the sentence.
            self._say_urgent(_update_first, "danger", can_close=False)
        else:
            self._take_settings(answer.state.settings)
            locked = answer.state.locked and navigation.can_go(ToSignIn)
            begin = place_to_begin(answer.state, navigation)
            navigation.go(ToSignIn() if locked else begin)
            self._late_payments.ask(answer.to_query, answer.state.attempt)
        self.opened.emit(answer)

    @Slot()
    def _show_devices(self) -> None:
        if self.parts.navigation.can_go(ToSettings):
            self.parts.navigation.leave_for(ToSettings("devices"))

    def _take_settings(self, settings: Settings) -> None:
        """Language, look and text size as the shop set them."""
        parts = self.parts
        parts.language.use(settings.language)
        parts.theme.use(scheme=Scheme(settings.theme), scale_percent=settings.text_scale)

    @Slot(object)
    def _on_state(self, state: TillState) -> None:
        navigation = self.parts.navigation
        header = self.window.header
        header.show_place(state.settings.store_name, self._till_name())
        header.show_staff(*staff_labels(state, self.parts.wording))
        self.window.set_may_close(may_close(state))
        if state.holds != self._held:
            self._held = state.holds
            self._show_tabs()
        here = navigation.here
        is_inside = here is not None and not isinstance(here, WITHOUT_HEADER)
        if state.locked and is_inside and navigation.can_go(ToSignIn):
            navigation.go(ToSignIn())
        else:
            navigation.show_state(state)

    def _till_name(self) -> str:
        return till_name(self.parts.shop.identity.till_number, self.parts.wording)

    @Slot(object)
    def _on_language(self, wording: Wording) -> None:
        self._show_tabs()
        if self.parts.live.state is not None:
            state = self.parts.state
            self.window.header.show_place(state.settings.store_name, self._till_name())
            self.window.header.show_staff(*staff_labels(state, self.parts.wording))
        self._banner.speak()
        self.parts.navigation.speak(wording)

    def _show_tabs(self) -> None:
        self.window.header.show_tabs(tabs(self.parts, self._held))

    @Slot()
    def _on_staff(self) -> None:
        """The name was pressed: lock, where the key of the screen in front would."""
        if self.parts.navigation.may_leave():
            self.parts.ask(lock_till)

    @Slot(str)
    def _on_tab(self, name: str) -> None:
        navigation = self.parts.navigation
        if name == ToTill.__name__:
            navigation.leave_for(place_to_begin(self.parts.state, navigation))
        elif name == RecallHeld.__name__:
            self._show_held()
        elif name in PLAIN_TABS:
            navigation.leave_for(PLAIN_TABS[name])

    def _show_held(self) -> None:
        """The list of held sales lies over the till."""
        navigation = self.parts.navigation
        is_away = navigation.leave_for(place_to_begin(self.parts.state, navigation))
        if is_away and isinstance(navigation.current, TillController):
            navigation.current.hold_acts.show_list()

    @Slot(str)
    def _keep_language(self, language: str) -> None:
        if self.parts.live.state is not None:
            self.parts.ask(change_language, language=language)

    @Slot(object)
    def _keep_scheme(self, scheme: Scheme) -> None:
        if self.parts.live.state is not None and scheme is not Scheme.HIGH_CONTRAST:
            self.parts.ask(change_theme, theme=scheme.value)

    @Slot(object)
    def _on_committed(self, initiator: object) -> None:
        if self.parts.live.state is not None:
            self._refresh_wanted = True
            self._refresh_if_wanted()

    @Slot()
    def _refresh_if_wanted(self) -> None:
        """At once, then never more often than people read: a pull commits many times a second."""
        if self._refreshing or self._pause.isActive() or not self._refresh_wanted:
            return
        self._refreshing, self._refresh_wanted = True, False
        self._pause.start()
        self.parts.ask(refresh_desk, self._refreshed, on_error=self._not_refreshed)

    def _refreshed(self, state: object) -> None:
        self._refreshing = False
        self._refresh_if_wanted()

    def _not_refreshed(self, error: BaseException) -> None:
        self._refreshing = False
        self._say_fault(error)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        if busy:
            self._busy_timer.start()
        else:
            self._busy_timer.stop()
            if self._banner.shows(_busy):
                self._banner.hide()

    @Slot()
    def _say_busy(self) -> None:
        if not self._banner.is_shown:
            self._banner.show(_busy, tone="info", can_close=False)

    def _not_opened(self, error: BaseException) -> None:
        """There is nothing behind it to be seen: the whole page says why, with a way out."""
        view = trouble_of(error, self.parts.wording)
        self.window.play(Sound.NEED_ATTENTION)
        if self._trouble is None:
            self._trouble = TroubleWindow(view, self.parts.wording)
            self._trouble.again_requested.connect(self.start)
            self.window.show_alone(self._trouble)
        else:
            self._trouble.show_trouble(view)
        self.parts.notifier.announce(view.happened, urgent=True)
        self.opened.emit(error)

    def _say_fault(self, error: BaseException) -> None:
        tone = fault(error, self.parts.wording).tone
        self._say_urgent(lambda wording: fault(error, wording).sentence, tone)

    def _say_urgent(self, say: Say, tone: str = "warning", *, can_close: bool = True) -> None:
        self.window.play(Sound.NEED_ATTENTION)
        sentence = self._banner.show(say, tone=tone, can_close=can_close)
        self.parts.notifier.announce(sentence, urgent=True)


def _open_attempts(*, shop: Shop, work: UnitOfWork) -> Sequence[PaymentAttempt]:
    return open_attempts(work=work)


def _busy(wording: Wording) -> str:
    return wording.t("Working… everything you scan is kept.")


def _low_disk(wording: Wording, free_mb: int) -> str:
    return wording.n(
        "The disk is nearly full, {count} MB left. Make room; this sale can be finished.",
        "The disk is nearly full, {count} MB left. Make room; this sale can be finished.",
        free_mb,
    )


def _update_first(wording: Wording) -> str:
    return wording.t(
        "The member rules of this shop are of a newer version of the till. Nothing was changed and "
        "all sales are safe. Update the till program, then start it again."
    )


@dataclass(frozen=True, slots=True)
class WindowWishes:
    """What main.py may hand in besides shop and lane."""

    language: str = "zh_CN"
    renderers: Renderers = field(default_factory=Renderers)
    player: Player | None = None
    screens: Sequence[RegisterScreens] = ()
    """Further rooms: each registers its screens and dialogs with `parts.navigation`."""


def open_window(
    application: Application, shop: Shop, lane: Lane, wishes: WindowWishes | None = None
) -> TillWindow:
    """Make the window of a till, not shown yet: `.window.show()`, then `.start()`."""
    wanted = wishes or WindowWishes()
    language = LanguageSwitch(wanted.language)
    keys, player = KeyMap(), wanted.player or Player()
    window = MainWindow(language, keys=keys, router=application.router, player=player)
    stage = WindowStage(window)
    navigation = Navigation(stage, window)
    stage.navigation = navigation
    line = ScannerLine(application.router, window)
    parts = WindowParts(
        shop=shop,
        runner=Runner(lane, window),
        language=language,
        theme=application.theme,
        keys=keys,
        navigation=navigation,
        notifier=WindowNotifier(window),
        live=LiveState(),
        renderers=wanted.renderers,
        hear=application.router.hear,
        scanner=line,
        closers=[line.close],
    )
    line.serial_changed.connect(parts.devices.watch_scanner)
    navigation.add_screen(ToTill, lambda: TillController(parts))
    for register in wanted.screens:
        register(parts)
    keeper = parts.keeper
    safety = SafetyWatch(parts, keeper, window) if keeper is not None else None
    SyncWatch(parts, window, safety)
    application.router.refused.connect(navigation.refuse_scan)
    application.router.refused.connect(parts.devices.note_refused)
    InForce(parts, line, player)
    IdentityWatch(parts, window)
    return TillWindow(window, parts)
