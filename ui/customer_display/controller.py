"""Customer display controller: the till's committed state, told to the customer's screen.

Owns: when it opens, where it stands, its language, what it is shown, giving the keyboard back.
Does not own: the texts (view_model.py), widgets (window.py), which screen (screens.py).

It draws after the till has drawn, and only what a service has answered: never what is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.consent import ConsentText, Purpose
from app.domain.phone_page import PageKind
from app.services.charged_price import ChargedPrices, charged_prices
from app.services.till_state import TillState
from app.wording import LANGUAGES, Wording
from ui.customer_display.screens import Screens
from ui.customer_display.view_model import DisplayFacts, PhoneLink, Place, present
from ui.customer_display.window import DisplayWindow
from ui.navigation import (
    Destination,
    ToPayment,
    ToReceipt,
    ToSetup,
    ToShiftClose,
    ToShiftOpen,
    ToSignIn,
)
from ui.survey_words import Told
from ui.window_parts import WindowParts

TEST_MS = 8_000
_CLOSED_AT = (ToSetup, ToSignIn, ToShiftOpen, ToShiftClose)
_NOBODY_THERE = ("welcome", "closed")


class CustomerDisplay(QObject):
    """One till's customer display; there may be no screen for it all day."""

    def __init__(self, parts: WindowParts, screens: Screens | None = None) -> None:
        super().__init__(parts.navigation)
        self._parts = parts
        self._screens = screens or Screens(self)
        self._here: Destination | None = None
        self._mode = ""
        self._was_there = False
        self._language = ""
        self._charged = ChargedPrices()
        self._charged_on = ""
        self._asked: tuple[ConsentText, ...] = ()
        self._answered: Callable[[frozenset[Purpose]], object] | None = None
        self._link: PhoneLink | None = None
        self._scored: Told | None = None
        self._score_answered: Callable[[int], object] | None = None
        self.window: DisplayWindow | None = None
        self._test = QTimer(self, singleShot=True, interval=TEST_MS)
        self._test.timeout.connect(self.draw)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.draw)
        self._screens.changed.connect(self._place_soon, Qt.ConnectionType.QueuedConnection)
        parts.live.changed.connect(self._on_state)
        parts.navigation.arrived.connect(self._on_arrived)
        parts.closers.append(self.close)
        parts.customer = self

    @property
    def is_there(self) -> bool:
        """Whether a customer can read it now."""
        return self.window is not None and self.window.isVisible()

    @property
    def is_lost(self) -> bool:
        """Whether its screen was there and is gone."""
        return self._mode == "second_screen" and self._was_there and not self.is_there

    def close(self) -> None:
        """The till's window closes."""
        self._soon.stop()
        self._test.stop()
        self._drop_window()

    def show_test(self) -> bool:
        """The test picture for some seconds. False: there is no screen to show it on."""
        if self.is_there:
            self._test.start()
            self.draw()
        return self.is_there

    def ask_consent(
        self,
        texts: Sequence[ConsentText],
        answered: Callable[[frozenset[Purpose]], object],
    ) -> bool:
        """Let the customer read and tap it. False: nobody can read it now."""
        if not self.is_there or not texts:
            return False
        self._asked, self._answered = tuple(texts), answered
        self.draw()
        return True

    def show_link(self, url: str, page: PageKind) -> bool:
        """Let the customer's own phone open it. False: nobody can read it now."""
        if not self.is_there:
            return False
        self._link = PhoneLink(url, page)
        self.draw()
        return True

    def put_away(self) -> None:
        """Nothing is asked any more, and no link is shown."""
        self._asked, self._answered, self._link = (), None, None
        self._soon.start()

    def ask_score(self, told: Told, answered: Callable[[int], object]) -> None:
        """Beside the thanks for his purchase: the question, or that it is answered."""
        self._scored, self._score_answered = told, answered
        self.draw()

    def put_score_away(self) -> None:
        """The sale is not in front any more."""
        self._scored, self._score_answered = None, None
        self._soon.start()

    def draw(self) -> None:
        """Show what is so now."""
        window = self.window
        if window is None:
            return
        facts = self._facts()
        view = present(facts, self._wording)
        before = window.view.state if window.view is not None else ""
        if view.state in _NOBODY_THERE and before not in ("", "test", *_NOBODY_THERE):
            # The next customer finds the shop's own language.
            self._language = ""
            view = present(facts, self._wording)
        window.render_view(view, self._wording)

    # ------------------------------------------------------------------ what it follows

    def _on_state(self, state: TillState) -> None:
        if state.settings.customer_display != self._mode:
            self._mode = state.settings.customer_display
            self._was_there = False
            self._drop_window()
            self._place()
        self._ask_charged()
        self._soon.start()

    def _on_arrived(self, to: Destination) -> None:
        self._here = to
        self._place_soon()  # the till's own window may have been moved, or has only now a screen
        self._soon.start()

    def _ask_charged(self) -> None:
        """Once a day, and only where somebody reads it: prices that may be struck through."""
        today = self._parts.local_now().date().isoformat()
        if self.is_there and self._charged_on != today:
            self._charged_on = today
            self._parts.ask(charged_prices, self._take_charged)

    def _take_charged(self, charged: ChargedPrices) -> None:
        self._charged = charged
        self._soon.start()

    def _facts(self) -> DisplayFacts:
        here = self._here
        done = here.done if isinstance(here, ToReceipt) else None
        return DisplayFacts(
            state=self._parts.live.state,
            place=self._where(),
            done=done,
            before=here.before if isinstance(here, ToReceipt) else None,
            charged=self._charged,
            is_test=self._test.isActive(),
            asked=self._asked,
            link=self._link,
            scored=self._scored,
        )

    def _where(self) -> Place:
        here = self._here
        if here is None or isinstance(here, _CLOSED_AT):
            return "closed"
        if isinstance(here, ToPayment):
            return "paying"
        return "done" if isinstance(here, ToReceipt) and here.done is not None else "selling"

    def _agreed(self, marketing: bool) -> None:
        self._answer(frozenset({"membership", "marketing"} if marketing else {"membership"}))

    def _score(self, score: int) -> None:
        if self._score_answered is not None:
            self._score_answered(score)

    def _declined(self) -> None:
        self._answer(frozenset())

    def _answer(self, purposes: frozenset[Purpose]) -> None:
        answered = self._answered
        self.put_away()
        if answered is not None:
            answered(purposes)

    # ------------------------------------------------------------------ language

    @property
    def _wording(self) -> Wording:
        language = self._language or self._parts.settings.language
        return self._parts.shop.words_for(language)

    def _next_language(self) -> None:
        here = LANGUAGES.index(self._wording.language)
        self._language = LANGUAGES[(here + 1) % len(LANGUAGES)]
        self.draw()

    # ------------------------------------------------------------------ where it stands

    def _place_soon(self) -> None:
        if self._mode == "second_screen":
            self._place()

    def _place(self) -> None:
        """Open it on its screen, move it there, or put it away where there is none."""
        if self._mode == "window":
            self._make_window(is_framed=True).show()
        elif self._mode == "second_screen":
            self._place_on_second_screen()
        if self._parts.on_display is not None:
            self._parts.on_display(self.is_lost)
        if self.is_there or self.is_lost:
            self._parts.devices.note_state("display", "lost" if self.is_lost else "there")
        self._ask_charged()
        self._soon.start()

    def _place_on_second_screen(self) -> None:
        till = self._till_window()
        screen = self._screens.second(till.screen()) if till is not None else None
        if screen is None:
            self._drop_window()
            return
        window = self.window or self._make_window(is_framed=False)
        if window.isVisible() and window.geometry() == screen.geometry():
            return
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        window.show()
        self._was_there = True

    def _make_window(self, *, is_framed: bool) -> DisplayWindow:
        made = DisplayWindow(self._parts.renderers, is_framed=is_framed)
        made.language_chosen.connect(self._next_language)
        made.consent.agreed.connect(self._agreed)
        made.consent.declined.connect(self._declined)
        made.sentence.scores.chosen.connect(self._score)
        made.strayed.connect(self._give_keyboard_back)
        made.key_strayed.connect(self._hand_on)
        self.window = made
        self.draw()
        return made

    def _drop_window(self) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.hide()
            window.deleteLater()

    # ------------------------------------------------------------------ the keyboard is the till's

    def _till_window(self) -> QWidget | None:
        front = self._parts.navigation.current
        return front.widget.window() if front is not None else None

    def _give_keyboard_back(self) -> None:
        till = self._till_window()
        if till is not None:
            till.activateWindow()

    def _hand_on(self, event: QKeyEvent) -> None:
        """A key that arrived here is typed at the till; codes never get this far (ScanRouter)."""
        till = self._till_window()
        if till is None:
            return
        focus: QWidget | None = till.focusWidget()
        QCoreApplication.sendEvent(till if focus is None else focus, event.clone())
