"""Devices page of the settings: how every device is, a test of each, where the printer is.

Owns: which service an act asks, what is said about its answer. Does not own: widgets (screen.py,
printer_fields.py), texts (view_model.py, heard.py), the devices.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout

from app.domain.payment import QueryResult, TimedOut, Unknown
from app.domain.scanning import classify
from app.services.approval import ApprovalNeeded
from app.services.device_check import TestPageLinedUp, print_test_page
from app.services.drawer import DrawerOpened, open_drawer
from app.services.scan import scan_rules
from app.services.settings import SettingChanged, change_setting
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui.customer_display.controller import CustomerDisplay
from ui.devices.heard import heard_sentence
from ui.devices.printer_form import FormFault, columns_of, form_of, setting_of
from ui.devices.screen import DevicesScreen
from ui.devices.slots import SCANNER_ACTS
from ui.devices.view_model import DeviceAct, DeviceFacts, DisplayIs, ScannerIs, devices_view
from ui.navigation import AskApproval
from ui.settings.page import PageWidget
from ui.settings.sentences import refusal_sentence
from ui.shift.sentences import sentence
from ui.window_parts import PrinterFacts, WindowParts

LOOK_MS = 1_000
"""While the page is in front: a printer has no other way to say that its cover is closed again."""
_TEST_ATTEMPT = "device-page"


class DevicesPage(PageWidget):
    """The page."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._shown_setting = ("", 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.view = screen = DevicesScreen()
        column.addWidget(screen)
        screen.act_chosen.connect(self._act)
        screen.fields.save_requested.connect(self.save)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._draw)
        parts.devices.changed.connect(self._on_event)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the settings ask

    def enter(self) -> None:
        self._show_setting(force=True)
        self._look.start()
        self._draw()
        self.view.take_focus()

    def leave(self) -> None:
        self._look.stop()
        self._show_heard("")
        self.view.notice.show_banner("")

    def take_scan(self, text: str) -> bool:
        """The scan test: what arrived, and nothing is done with it."""
        kind = classify(text, scan_rules(self._parts.settings))
        self._show_heard(heard_sentence(text, kind, self._parts.wording))
        self._parts.devices.note("scanner", "heard", len(text))
        self._parts.notifier.signal("scan_ok")
        return True

    def show_state(self, state: TillState) -> None:
        self._show_setting()
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.view.retranslate(wording)
        self._show_heard("")
        if self._parts.live.state is not None:
            self._draw()

    # ------------------------------------------------------------------ acts

    def retry(self) -> None:
        """Put the waiting papers in line again."""
        if self._parts.renderers.print_again is not None:
            self._parts.devices.note("printer", "again")
            self._parts.renderers.print_again()
            self._draw()

    def save(self) -> None:
        """The printer's address and columns, checked here, kept by the settings."""
        fields, settings = self.view.fields, self._parts.settings
        form = fields.form
        wanted = setting_of(form, scanner=settings.scanner)
        if isinstance(wanted, FormFault):
            self._refuse(fields.show_fault(wanted))
            return
        columns = columns_of(fields.columns.text())
        if form.kind != "none" and columns is None:
            self._refuse(fields.show_fault(None, columns=True))
            return
        fields.show_fault(None)
        changes = [("printer", wanted)]
        if columns is not None:
            changes.append(("receipt_columns", str(columns)))
        self._change(changes)

    def _change(self, changes: list[tuple[str, str]]) -> None:
        """One after the other: each may need somebody's yes."""
        (identifier, typed), *rest = changes

        def answered(answer: Any) -> None:
            if isinstance(answer, SettingChanged) and rest:
                self._change(rest)
            else:
                self._saved(answer, answered)

        self._parts.ask(change_setting, answered, identifier=identifier, typed=typed)

    def _act(self, act: str) -> None:
        acts: dict[str, Callable[[], object]] = {
            "page": lambda: self._parts.ask(print_test_page, self._page_answered),
            "drawer": lambda: self._parts.ask(open_drawer, self._drawer_answered, reason="check"),
            "retry": self.retry,
            "beep": self._beep,
            "picture": self._show_picture,
            "terminal": self._ask_terminal,
        }
        if act in acts:
            acts[act]()
        else:
            SCANNER_ACTS[int(act.removeprefix("scanner-"))].act(self._parts)

    def _beep(self) -> None:
        self._parts.devices.note("scanner", "beep")
        self._parts.notifier.signal("scan_error")  # the one that is heard whatever is set

    def _show_picture(self) -> None:
        display = self._display
        if display is not None and display.show_test():
            self._parts.devices.note("display", "test")

    def _ask_terminal(self) -> None:
        """A question about a payment that never was: it moves nothing."""
        terminal = self._parts.shop.terminals["mobile"]

        def answered(answer: QueryResult) -> None:
            if isinstance(answer, TimedOut | Unknown):
                silent()
                return
            self._parts.devices.note("terminal", "answers")
            self._say(self._parts.wording.t("The terminal answers."), "success")

        def silent(_: BaseException | None = None) -> None:
            self._parts.devices.note("terminal", "silent")
            self._refuse(self._parts.wording.t("The terminal does not answer."))

        self._parts.ask_aside(lambda shop: terminal.query(_TEST_ATTEMPT), answered, on_error=silent)

    # ------------------------------------------------------------------ answers

    def _saved(self, answer: object, then: Callable[[Any], object]) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, then))
        elif isinstance(answer, SettingChanged):
            self._show_setting(force=True)
            self._say(self._parts.wording.t("Saved. Print a test page."), "success")
            self._draw()
        else:
            currency = self._parts.state.program.currency
            self._refuse(refusal_sentence(answer, currency, self._parts.wording))

    def _page_answered(self, answer: object) -> None:
        if isinstance(answer, TestPageLinedUp):
            self._parts.devices.note("printer", "test")
            self._say(self._parts.wording.t("The test page is in line."), "info")
            self._draw()
        else:
            self._refuse(refusal_sentence(answer, "", self._parts.wording))

    def _drawer_answered(self, answer: object) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._drawer_answered))
        elif isinstance(answer, DrawerOpened):
            self._parts.devices.note("drawer", "opened")
            self._parts.tell(lambda wording: wording.t("The drawer was told to open; recorded."))
        else:
            self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    def _say(self, words: str, tone: str) -> None:
        self.view.notice.show_banner(words, tone=tone)
        self._parts.notifier.announce(words)

    def _refuse(self, words: str) -> None:
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(words, urgent=True)
        if not self.view.fields.has_typing():
            self.view.notice.show_banner(words, tone="danger")

    # ------------------------------------------------------------------ drawing

    def _on_event(self) -> None:
        if self._look.isActive():
            self._draw()

    def _draw(self) -> None:
        parts = self._parts
        more = {
            "scanner": tuple(
                DeviceAct(f"scanner-{place}", parts.wording.t(each.label), each.icon)
                for place, each in enumerate(SCANNER_ACTS)
                if each.is_possible(parts)
            )
        }
        self.view.render_view(devices_view(self._facts(), parts.wording), more)

    def _facts(self) -> DeviceFacts:
        parts = self._parts
        drawn = parts.renderers
        zone = parts.local_now().tzinfo
        return DeviceFacts(
            settings=parts.settings,
            printer=drawn.printer() if drawn.printer is not None else PrinterFacts("none"),
            waiting=tuple(drawn.waiting_papers()) if drawn.waiting_papers is not None else (),
            scanner=self._scanner(),
            display=self._display_is(),
            events=tuple(
                ((_EPOCH + timedelta(milliseconds=each.at_ms)).astimezone(zone), each)
                for each in parts.devices.events
            ),
        )

    def _scanner(self) -> ScannerIs:
        scanner = self._parts.devices.scanner
        if scanner is None:
            return "keyboard"
        return "there" if scanner.is_there else "gone"

    @property
    def _display(self) -> CustomerDisplay | None:
        found: CustomerDisplay | None = self._parts.navigation.findChild(CustomerDisplay)
        return found

    def _display_is(self) -> DisplayIs:
        display = self._display
        if display is None or self._parts.settings.customer_display == "off":
            return "off"
        if display.is_there:
            return "there"
        return "lost" if display.is_lost else "none"

    def _show_setting(self, *, force: bool = False) -> None:
        """The address as it is kept; what is being typed stays where nothing else changed it."""
        settings = self._parts.settings
        kept = (settings.printer, settings.receipt_columns)
        if force or kept != self._shown_setting:
            self._shown_setting = kept
            self.view.fields.show_form(form_of(settings.printer), settings.receipt_columns)

    def _show_heard(self, words: str) -> None:
        card = self.view.cards.get("scanner")
        if card is not None:
            card.show_heard(words)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TITLE, FINDS = N_("Devices"), (N_("Receipt printer"), N_("Test page"), N_("Scanner"))
