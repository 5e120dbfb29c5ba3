"""Wizard controller: from three scans to settings that were tried and are kept.

Owns: what is listened to in which phase, the clock of silence, giving the scanner back whatever
happens. Does not own: judging (learning.py, wizard_state.py), widgets (dialog.py), the right to
keep settings and its trace (services/settings.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer

from app.services.approval import ApprovalNeeded
from app.services.settings import SettingChanged, change_together
from app.services.till_state import TillState
from app.wording import Wording
from ui.navigation import AskApproval
from ui.said import knows, said
from ui.scanner_line import scan_settings
from ui.scanner_wizard.dialog import WizardDialog
from ui.scanner_wizard.key_listener import KeyListener
from ui.scanner_wizard.learning import TEST_CODE, ScanSeen, scan_of
from ui.scanner_wizard.serial_probe import BAUDS, SerialHeard, SerialProbe, ports
from ui.scanner_wizard.view_model import present
from ui.scanner_wizard.wizard_state import NothingCame, Trouble, WizardState
from ui.window_parts import WindowParts

SILENCE_MS = 20_000
"""So long without a sign, and it is said that nothing comes."""
_TYPED_LEAST = 3


class WizardController(QObject):
    """One opening. `find_ports`: the serial ports there are; None: those of this machine."""

    def __init__(
        self, parts: WindowParts, find_ports: Callable[[], tuple[str, ...]] | None = None
    ) -> None:
        super().__init__(parts.navigation)
        assert parts.scanner is not None, "a window has a line of scanners"
        self._parts, self._line = parts, parts.scanner
        self._state = WizardState()
        self._probe: SerialProbe | None = None
        self._keys = KeyListener(self)
        self._keys.heard.connect(lambda keys: self._take(scan_of(keys)))
        self._quiet = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._quiet.timeout.connect(lambda: self._trouble(NothingCame()))
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        qr, bars = parts.renderers.pay_qr, parts.renderers.bars
        self._dialog = dialog = WizardDialog(
            front.widget,
            parts.wording,
            qr=qr(TEST_CODE) if qr else (),
            bars=bars(TEST_CODE) if bars else (),
            ports=(find_ports or ports)(),
        )
        dialog.keep_requested.connect(self._keep)
        dialog.again_requested.connect(lambda: self._begin(self._state.again()))
        dialog.port_chosen.connect(lambda port: self._begin(self._state.again(port=port)))
        dialog.speed_requested.connect(lambda: self._begin(self._state.again(baud=self._next())))
        dialog.typed.connect(self._on_typed)
        dialog.finished.connect(self._on_closed)
        self._line.lend()
        self._begin(self._state)
        dialog.open()

    @property
    def dialog(self) -> WizardDialog:
        return self._dialog

    @property
    def state(self) -> WizardState:
        return self._state

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """Whatever is scanned here is for the wizard: nothing is rung up."""
        if self._state.phase != "listening":
            self._state = self._state.with_try(text)
            self._parts.notifier.signal("scan_ok" if self._state.is_proved else "scan_error")
            self._draw()
        return True

    def show_state(self, state: TillState) -> None:
        """The dialog shows nothing of the basket."""

    def speak(self, wording: Wording) -> None:
        self._dialog.retranslate(wording)
        self._draw()

    def close(self) -> None:
        self._dialog.reject()

    # ------------------------------------------------------------------ hearing

    def _begin(self, state: WizardState) -> None:
        """Listen at the keyboard, or at a port, with nothing in between."""
        self._state = state
        self._stop_hearing()
        self._line.lend()
        self._line.try_out(scan_settings(self._parts.settings.scan_gap_ms, 0), "")
        self._dialog.field.clear()
        if state.port:
            self._probe = SerialProbe(state.port, state.baud, self)
            self._probe.heard.connect(self._on_serial)
            self._probe.start()
        else:
            self._keys.start()
        self._quiet.start()
        self._draw()

    def _stop_hearing(self) -> None:
        self._keys.stop()
        self._quiet.stop()
        if self._probe is not None:
            self._probe.stop()
            self._probe.deleteLater()
            self._probe = None

    def _on_serial(self, heard: SerialHeard) -> None:
        if isinstance(heard, ScanSeen):
            self._take(heard)
        else:
            self._trouble(heard)

    def _take(self, scan: ScanSeen) -> None:
        self._quiet.start()
        self._state = self._state.with_scan(scan)
        self._parts.notifier.signal("scan_error" if self._state.trouble else "scan_ok")
        if self._state.phase == "trying":
            self._try_out()
        self._draw()

    def _trouble(self, trouble: Trouble) -> None:
        self._state = self._state.troubled(trouble)
        self._parts.notifier.signal("scan_error")
        self._draw()

    def _try_out(self) -> None:
        """The till's own ears, with what was learned in force."""
        learned = self._state.learned
        assert learned is not None
        self._stop_hearing()
        prefix = ord(learned.prefix) if learned.prefix else 0
        self._line.try_out(scan_settings(self._gap_ms(), prefix), self._state.line)

    def _gap_ms(self) -> int:
        """A serial line has no gaps between keys: that of the keyboard stays."""
        learned = self._state.learned
        assert learned is not None
        return self._parts.settings.scan_gap_ms if self._state.port else learned.gap_ms

    def _next(self) -> int:
        place = BAUDS.index(self._state.baud)
        return BAUDS[(place + 1) % len(BAUDS)]

    def _on_typed(self, text: str) -> None:
        if len(text) >= _TYPED_LEAST and not self._state.types:
            self._state = replace(self._state, types=True)
            self._draw()

    # ------------------------------------------------------------------ keeping

    def _keep(self) -> None:
        learned = self._state.learned
        if learned is None or not self._state.is_proved:
            return
        typed = {
            "scan_gap_ms": str(self._gap_ms()),
            "scan_prefix": str(ord(learned.prefix) if learned.prefix else 0),
        }
        if self._state.line:
            typed["scanner"] = self._state.line
        self._parts.ask(change_together, self._kept, typed=typed)

    def _kept(self, answer: Any) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._kept_by_yes))
            return
        if not isinstance(answer, SettingChanged):
            self._refuse(answer)
            return
        self._dialog.accept()
        self._kept_by_yes(answer)

    def _kept_by_yes(self, answer: Any) -> None:
        if isinstance(answer, SettingChanged):
            self._parts.notifier.signal("scan_ok")
            self._parts.tell(_kept_words)

    def _refuse(self, answer: object) -> None:
        self._parts.notifier.signal("scan_error")
        if knows(type(answer)):
            words = said(answer, self._parts.state, self._parts.wording).sentence
            self._parts.tell(lambda wording: words, "danger")

    def _on_closed(self) -> None:
        self._stop_hearing()
        self._line.take_back()
        self._parts.navigation.dialog_closed(self)
        self.deleteLater()

    def _draw(self) -> None:
        wording, next_baud = self._parts.wording, self._next()
        view = present(self._state, wording, next_baud=next_baud)
        speed = wording.t("Try speed {baud}", baud=next_baud)
        self._dialog.render_view(view, self._state.port, speed)
        if view.trouble:
            self._parts.notifier.announce(view.trouble, urgent=True)


def _kept_words(wording: Wording) -> str:
    return wording.t("The scanner is learned and its settings are kept.")
