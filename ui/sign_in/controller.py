"""Sign-in controller: person, figures, badge; and who works here now.

Owns: the figures while they are typed (never longer), the countdown, the switches of the screen.
Does not own: widgets (screen.py), texts (view_model.py), whether it was right (services/staff.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.domain.codes import Code, CodeKind, parse_code
from app.domain.staff import PIN_LENGTH_MAX, PIN_LENGTH_MIN
from app.services.settings import change_language, change_theme
from app.services.staff import (
    SignedIn,
    StaffTile,
    sign_in_with_badge,
    sign_in_with_pin,
    staff_tiles,
)
from app.services.till_state import TillState
from app.wording import Wording
from ui.arrival import begin
from ui.key_map import KeyAction
from ui.navigation import Destination, ScreenController
from ui.pin_proof import TypedProof, ask_with_pin
from ui.sign_in import view_model
from ui.sign_in.screen import SignInScreen
from ui.sign_in.view_model import SignInForm
from ui.status import status_view
from ui.theme.tokens import Scheme
from ui.window_parts import WindowParts

_TICK_MS = 250


class SignInController(ScreenController):
    """Sign-in, and the lock over a basket that waits."""

    def __init__(self, parts: WindowParts, *, demo_pins: Mapping[str, str] | None = None) -> None:
        """`demo_pins`: PINs by name, shown on the tiles of the demo shop."""
        super().__init__()
        self._parts = parts
        self._demo_pins = demo_pins or {}
        self._tiles: tuple[StaffTile, ...] = ()
        self._form = SignInForm()
        self._pin = ""
        self._is_asking = False
        self._known_lengths: dict[str, int] = {}
        self._screen = screen = SignInScreen()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self._tick)
        screen.person_chosen.connect(self._choose)
        screen.figure_typed.connect(self._type)
        screen.figure_deleted.connect(self._delete)
        screen.submitted.connect(self._submit)
        screen.step_requested.connect(self._step)
        screen.language_requested.connect(self._switch_language)
        screen.theme_requested.connect(self._switch_theme)
        parts.status.changed.connect(self._draw)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self._screen

    def enter(self, to: Destination) -> None:
        state = self._parts.live.state
        self._pin = ""
        here = state.staff.staff_id if state is not None and state.staff is not None else ""
        self._form = SignInForm(chosen=here or self._form.chosen)
        self._ticks.start()
        self._parts.ask(staff_tiles, self._show_tiles)
        self._draw()
        self._screen.setFocus()

    def leave(self) -> None:
        self._ticks.stop()
        self._pin = ""

    def take_scan(self, text: str) -> bool:
        """A badge signs in at once; anything else has to wait."""
        code = parse_code(text)
        if isinstance(code, Code) and code.kind is CodeKind.STAFF:
            self._parts.ask(sign_in_with_badge, self._answered, badge=text)
        else:
            self._parts.notifier.signal("scan_error")
            notice = self._parts.wording.t("Sign in first; then scan it again.")
            self._form = replace(self._form, notice=notice, is_wrong=False)
            self._draw()
        return True

    def refuse_scan(self, length: int) -> None:
        self._parts.notifier.signal("scan_error")

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._screen.retranslate(wording)
        self._form = replace(self._form, notice="")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        return ()

    # ------------------------------------------------------------------ typing

    def _choose(self, staff_id: str) -> None:
        self._pin = ""
        self._form = SignInForm(chosen=staff_id)
        self._draw()
        self._screen.setFocus()

    def _step(self, step: int) -> None:
        people = [tile for tile in self._tiles if tile.has_pin]
        if not people:
            return
        ids = [tile.staff_id for tile in people]
        here = ids.index(self._form.chosen) if self._form.chosen in ids else -1
        place = max(0, min(len(ids) - 1, here + step)) if here >= 0 else 0
        self._choose(ids[place])

    def _type(self, figure: str) -> None:
        if not self._can_type():
            return
        self._pin += figure
        self._form = replace(self._form, typed=len(self._pin), notice="", is_wrong=False)
        self._draw()
        wanted = self._known_lengths.get(self._form.chosen, PIN_LENGTH_MAX)
        if len(self._pin) >= wanted:
            self._submit()

    def _delete(self) -> None:
        self._pin = self._pin[:-1]
        self._form = replace(self._form, typed=len(self._pin))
        self._draw()

    def _submit(self) -> None:
        if not self._can_type() or len(self._pin) < PIN_LENGTH_MIN:
            return
        pin, self._pin, self._is_asking = self._pin, "", True
        length, staff_id = len(pin), self._form.chosen

        def answered(answer: Any) -> None:
            if isinstance(answer, SignedIn):
                self._known_lengths[staff_id] = length
            else:
                self._known_lengths.pop(staff_id, None)
            self._answered(answer)

        typed = TypedProof(staff_id, pin)
        ask_with_pin(self._parts, sign_in_with_pin, answered, typed, on_error=self._failed)

    def _can_type(self) -> bool:
        return bool(self._form.chosen) and not self._form.wait_left_ms and not self._is_asking

    # ------------------------------------------------------------------ answers

    def _show_tiles(self, tiles: tuple[StaffTile, ...]) -> None:
        self._tiles = tiles
        with_pin = [tile.staff_id for tile in tiles if tile.has_pin]
        if self._form.chosen not in with_pin:
            self._form = SignInForm(chosen=with_pin[0] if with_pin else "")
        self._draw()

    def _answered(self, answer: Any) -> None:
        self._is_asking = False
        if isinstance(answer, SignedIn):
            self._form = SignInForm(chosen=answer.staff_id)
            self._parts.notifier.signal("member_ok")
            begin(self._parts, answer.state)
            return
        self._pin = ""
        self._form = view_model.answer_form(self._form, answer, self._parts.wording)
        self._parts.notifier.signal("scan_error")
        self._draw()
        self._parts.notifier.announce(self._screen.notice.sentence, urgent=True)
        self._screen.setFocus()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        self._form = replace(self._form, typed=0)
        self._draw()
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _tick(self) -> None:
        if self._form.wait_left_ms:
            left = max(0, self._form.wait_left_ms - _TICK_MS)
            self._form = replace(self._form, wait_left_ms=left)
            self._draw()
        elif self._parts.live.state is not None:
            view = self._view()
            self._screen.show_time(view.clock, view.date)

    def _switch_language(self) -> None:
        self._parts.language.use_next()
        if self._parts.live.state is not None:
            self._parts.ask(change_language, language=self._parts.wording.language)

    def _switch_theme(self) -> None:
        theme = self._parts.theme
        theme.use(scheme=Scheme.LIGHT if theme.is_dark else Scheme.DARK)
        if self._parts.live.state is not None:
            self._parts.ask(change_theme, theme=theme.scheme.value)
        self._draw()

    def _view(self) -> view_model.SignInView:
        return view_model.present(
            self._tiles,
            self._form,
            self._parts.live.state,
            self._parts.local_now(),
            self._parts.wording,
            till=f"{self._parts.shop.identity.till_number:02d}",
            demo_pins=self._demo_pins,
        )

    def _draw(self) -> None:
        if self._parts.live.state is not None:
            self._screen.render_view(self._view())
            self._screen.show_status(status_view(self._parts.status.facts, self._parts.wording))
