"""Main window: the shell around every screen.

Owns: the header, the stack of screens by name, the banner under the header, giving
keys and scans to whoever they belong to, language and theme switch, the edge bar.
Does not own: what a screen shows or does (ui/<screen>), services, what a scan means.

Keys: a press that no widget wanted climbs up to this window, which asks the key map and then the
current screen. Scans go to the last claimant (a dialog that waits for one), else to the screen.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.domain.key_map import Keys
from app.wording import Wording
from ui.announcer import Announcer
from ui.header import Header
from ui.help.opener import HelpOpener, Place
from ui.key_map import Action, KeyAction, KeyMap
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner, EdgeBar
from ui.scan_router import ScanRouter
from ui.sounds import TONES, Player, Sound
from ui.status import StatusFacts, status_view
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme
from ui.wording import LanguageSwitch

WIDTH_MIN, HEIGHT_MIN = 1024, 768
NARROW_BELOW = 1200


@runtime_checkable
class Screen(Protocol):
    """What the shell asks of a screen. A screen is a QWidget that has these."""

    def key_actions(self) -> Sequence[KeyAction]:
        """What the keys do here, in the order of the help."""
        ...

    def activated(self) -> None:
        """It is in front now: take the focus, refresh what may be stale."""
        ...

    def retranslate(self, wording: Wording) -> None:
        """Say everything again in this language; keep every state and typed text."""
        ...

    def scanned(self, code: str) -> None:
        """A code was read while this screen was in front. The text is untouched."""
        ...


class MainWindow(QMainWindow):
    """The window of a till.

    Signals:
        screen_changed: Another screen is in front. arg: its name.
        tab_requested: A header tab was chosen. arg: the screen's name.
        scheme_changed, language_changed: The person switched; main.py stores it. arg: the value.
        close_requested: The person wants to close it; only `allow_close()` lets it go.
        status_requested, staff_requested: The chip or the staff name was pressed.
        sync_requested: The key to sync now was pressed.
    """

    screen_changed = Signal(str)
    tab_requested = Signal(str)
    scheme_changed = Signal(object)
    language_changed = Signal(str)
    close_requested = Signal()
    status_requested = Signal()
    sync_requested = Signal()
    staff_requested = Signal()

    def __init__(
        self,
        language: LanguageSwitch,
        *,
        keys: KeyMap | None = None,
        router: ScanRouter | None = None,
        player: Player | None = None,
    ) -> None:
        super().__init__()
        self._language, self._keys = language, keys or KeyMap()
        self._player = player or Player(parent=self)
        self._screens: dict[str, Screen] = {}
        self._widgets: dict[str, QWidget] = {}
        self._claims: list[Callable[[str], object]] = []
        self.help = HelpOpener(self)
        self._may_close = True
        self._status = StatusFacts()
        self._build()
        self.edge_bar = EdgeBar(self)
        self.announcer = Announcer(self)
        language.changed.connect(self._retranslate)
        if router is not None:
            router.scanned.connect(self.give_scan)
            router.refused.connect(self._on_scan_refused)
        self._retranslate(language.wording)

    @property
    def wording(self) -> Wording:
        return self._language.wording

    @property
    def keys(self) -> KeyMap:
        return self._keys

    @property
    def is_narrow(self) -> bool:
        """Whether the small layouts are in use (below 1200 px)."""
        return self.width() < NARROW_BELOW

    @property
    def current_name(self) -> str:
        current = self._stack.currentWidget()
        return next((name for name, widget in self._widgets.items() if widget is current), "")

    def add_screen(self, name: str, screen: QWidget) -> None:
        """Register a screen (a QWidget that is a Screen) under its name."""
        methods: object = screen
        assert isinstance(methods, Screen), f"{name} lacks a method of Screen"
        screen.setProperty("kit", "screen")
        screen.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._screens[name], self._widgets[name] = methods, screen
        self._stack.addWidget(screen)
        methods.retranslate(self.wording)

    def show_screen(self, name: str, *, with_header: bool = True) -> None:
        """Bring a screen to the front. Sign-in and set-up come without the header."""
        self.header.setVisible(with_header)
        self.header.show_tab(name)
        self._stack.setCurrentWidget(self._widgets[name])
        self._screens[name].activated()
        self.help.close()  # it explained another place
        self.screen_changed.emit(name)

    def show_alone(self, widget: QWidget) -> None:
        """Nothing but this: no header, no banner, no screen with keys. For what stops the till."""
        self.header.hide()
        self.show_banner("")
        self._stack.setCurrentIndex(self._stack.addWidget(widget))

    def screen_widget(self, name: str) -> QWidget:
        return self._widgets[name]

    def use_keys(self, keys: Keys) -> None:
        """Other keys, at once: for the window and for everybody who holds its key map."""
        self._keys.use(keys)
        self._retranslate(self.wording)

    def show_status(self, facts: StatusFacts) -> None:
        self._status = facts
        self.header.show_status(status_view(facts, self.wording))

    def show_banner(
        self, sentence: str, *, tone: str = "info", act: str = "", passing: bool = False
    ) -> None:
        """One sentence under the header for a change of state; empty hides it.

        `passing`: it goes by itself in a moment, so it lies over the header: rows that jump down
        and back would be taken by the wrong hand.
        """
        _lay(self._banner_frame, self._column, self.header, over=passing)
        self._banner_frame.setVisible(bool(sentence))
        self.banner.show_banner(sentence, tone=tone, act=act)

    def play(self, sound: Sound) -> None:
        """A tone and its twin at the edge of the screen."""
        self.edge_bar.flash(TONES[sound].edge_tone)
        self._player.play(sound)

    def claim_scans(self, take: Callable[[str], object]) -> None:
        """Until `release_scans(take)`, scans go there instead of to the screen."""
        self._claims.append(take)

    def release_scans(self, take: Callable[[str], object]) -> None:
        if take in self._claims:
            self._claims.remove(take)

    def give_scan(self, code: str) -> None:
        """Hand a code to whoever waits for one."""
        if self._claims:
            self._claims[-1](code)
        elif self.current_name:
            self._screens[self.current_name].scanned(code)

    def do(self, action: Action) -> bool:
        """Do what an action means on the current screen. False: nothing, here and now."""
        if action is Action.HELP:
            self.press_help()
            return True
        if action is Action.FULL_SCREEN:
            self.showNormal() if self.isFullScreen() else self.showFullScreen()
            return True
        for known in self._key_actions():
            if known.action is action and known.is_enabled():
                known.do()
                return True
        if action is Action.SYNC_NOW:
            self.sync_requested.emit()
            return True
        return False

    def press_help(self) -> None:
        """The help key: explain what is in front, then list its keys, then put the help away."""
        if not self.current_name:
            return  # what stopped the till explains itself
        over = [type(each).__name__ for each in self._dialogs()]
        actions = () if over else self._key_actions()
        self.help.press(Place(self.current_name, over, actions, self._keys, self.wording))

    def take_dialog_key(self, event: QKeyEvent) -> bool:
        """A key that a dialog has not seen yet: help is at hand in all of them."""
        is_help = self._keys.action_of(event) is Action.HELP
        if is_help:
            self.press_help()
        return is_help

    def set_may_close(self, may_close: bool) -> None:
        """False while a basket or shift is open: closing asks first (`close_requested`)."""
        self._may_close = may_close

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._keys.action_of(event)
        if action is not None and not self._has_dialog() and self.do(action):
            event.accept()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.close_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.set_narrow(self.is_narrow)
        if self._column.indexOf(self._banner_frame) < 0:
            _lay(self._banner_frame, self._column, self.header, over=True)

    def _build(self) -> None:
        self.setMinimumSize(WIDTH_MIN, HEIGHT_MIN)
        self.resize(1366, 768)
        whole = QWidget()
        self._column = column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = Header()
        self.header.tab_chosen.connect(self.tab_requested)
        self.header.status_chosen.connect(self.status_requested)
        self.header.staff_chosen.connect(self.staff_requested)
        self.header.language_chosen.connect(self.switch_language)
        self.header.theme_chosen.connect(self.switch_theme)
        self.banner = Banner()
        self._banner_frame = _framed(self.banner)
        self._banner_frame.hide()
        self._stack = QStackedWidget()
        column.addWidget(self.header)
        column.addWidget(self._banner_frame)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(whole)
        Theme.current().changed.connect(self._show_theme_key)

    def switch_language(self) -> None:
        self._language.use_next()
        self.language_changed.emit(self.wording.language)

    def switch_theme(self) -> None:
        theme = Theme.current()
        theme.use(scheme=Scheme.LIGHT if theme.is_dark else Scheme.DARK)
        self.scheme_changed.emit(theme.scheme)

    def _retranslate(self, wording: Wording) -> None:
        self.setWindowTitle(wording.t("Zhanggui"))
        self.header.retranslate(wording)
        self._show_theme_key()
        self.show_status(self._status)
        for screen in self._screens.values():
            screen.retranslate(wording)

    def _show_theme_key(self) -> None:
        self.header.show_theme_key(is_dark=Theme.current().is_dark)

    def _key_actions(self) -> Sequence[KeyAction]:
        current = self._screens.get(self.current_name)
        return current.key_actions() if current is not None else ()

    def _has_dialog(self) -> bool:
        return bool(self._dialogs())

    def _dialogs(self) -> list[KitDialog]:
        """The open ones, the help left out; the one on top is the last."""
        found = self.findChildren(KitDialog)
        return [each for each in found if each.is_open and each is not self.help.dialog]

    def _on_scan_refused(self, length: int) -> None:
        self.play(Sound.SCAN_ERROR)


def _framed(banner: Banner) -> QWidget:
    """The banner with its distance from the edges of the window."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 2, 16, 0)
    column.addWidget(banner)
    return frame


def _lay(frame: QWidget, column: QVBoxLayout, header: QWidget, *, over: bool) -> None:
    """Put a banner over the header, or into the column under it."""
    if over:
        column.removeWidget(frame)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.setGeometry(0, 0, header.window().width(), max(header.height(), 48))
        frame.raise_()
    elif column.indexOf(frame) < 0:
        frame.setContentsMargins(0, 6, 0, 0)
        column.insertWidget(column.indexOf(header) + 1, frame)
