"""Printer fields: choosing how the receipt printer is reached, and its columns.

Owns: the fields and their words. Does not own: what an address is made of (printer_form.py), who
may change it (services/settings.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from app.wording import N_, Wording
from ui.devices.printer_form import (
    COLUMNS_MAX,
    COLUMNS_MIN,
    KINDS,
    FormFault,
    PrinterFault,
    PrinterForm,
    PrinterKind,
    has_second,
)
from ui.kit.buttons import KitButton, PrimaryButton, SecondaryButton
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card
from ui.kit.text import Text

_KIND_WORDS: Mapping[PrinterKind, str] = {
    "none": N_("None"),
    "tcp": N_("Network"),
    "serial": N_("Serial"),
    "usb": N_("USB"),
    "folder": N_("Folder"),
    "device": N_("Device file"),
}
_FIRST: Mapping[PrinterKind, tuple[str, str]] = {
    "none": ("", ""),
    "tcp": (N_("Address"), N_("As in 192.168.1.60 or printer-1")),
    "serial": (N_("Port"), N_("As in COM3 or /dev/ttyUSB0")),
    "usb": (N_("Maker's number"), N_("Four signs, as in 04b8")),
    "folder": (N_("Folder"), N_("Every paper becomes a file there")),
    "device": (N_("File"), N_("As in /dev/usb/lp0")),
}
_SECOND: Mapping[PrinterKind, str] = {
    "tcp": N_("Port number"),
    "serial": N_("Rate"),
    "usb": N_("Model's number"),
}
_FAULTS: Mapping[PrinterFault, str] = {
    "missing": N_("Type something: this cannot be empty."),
    "not_a_host": N_("This is no address: as in 192.168.1.60 or printer-1."),
    "not_a_port": N_("A port is a number from 1 to 65535, usually 9100."),
    "not_a_line": N_("This is no port: as in COM3 or /dev/ttyUSB0."),
    "port_taken": N_("The scanner has this port. Choose another one."),
    "not_a_rate": N_("A usual rate: 9600, 19200, 38400, 57600 or 115200."),
    "not_a_number": N_("Four signs from 0 to 9 and A to F."),
    "not_a_path": N_("A whole path, as in /srv/papers or C:\\papers."),
}


class PrinterFields(Card):
    """The form.

    Signals:
        save_requested: Save what is typed.
    """

    save_requested = Signal()

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=10)
        self._kind: PrinterKind = "none"
        self._formats = ""
        self._title = Text(role="body_l", weight=600)
        self.body.addWidget(self._title)
        self.kinds: dict[PrinterKind, KitButton] = {}
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, kind in enumerate(KINDS):
            key = SecondaryButton()
            key.setCheckable(True)
            key.clicked.connect(lambda _=False, chosen=kind: self.choose(chosen))
            self.kinds[kind] = key
            grid.addWidget(key, place // 3, place % 3)
        self.body.addLayout(grid)
        self.first, self.second, self.columns = (TillLineEdit() for _ in range(3))
        for edit in (self.first, self.second, self.columns):
            edit.set_lets_keys_through(False)
            edit.returnPressed.connect(self.save_requested)
        self.rows = tuple(FieldRow(" ", edit) for edit in (self.first, self.second, self.columns))
        for row in self.rows:
            self.body.addWidget(row)
        self.save = PrimaryButton()
        self.save.clicked.connect(self.save_requested)
        self.body.addWidget(self.save)

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self._wording = wording
        self._title.setText(t("Receipt printer"))
        for kind, key in self.kinds.items():
            key.set_label(t(_KIND_WORDS[kind]))
        self.save.set_label(t("Save"))
        self._show_kind()

    @property
    def form(self) -> PrinterForm:
        """What stands in the fields."""
        second = self.second.text() if has_second(self._kind) else ""
        return PrinterForm(self._kind, self.first.text(), second, self._formats)

    def show_form(self, form: PrinterForm, columns: int) -> None:
        """The address as it is kept."""
        self._kind, self._formats = form.kind, form.formats
        self.first.setText(form.first)
        self.second.setText(form.second)
        self.columns.setText(str(columns))
        self._show_kind()

    def choose(self, kind: PrinterKind) -> None:
        """Another kind: its fields, empty but for what is usual."""
        if kind != self._kind:
            self._kind, self._formats = kind, ""
            self.first.clear()
            self.second.setText({"tcp": "9100", "serial": "9600"}.get(kind, ""))
        self._show_kind()
        if kind != "none":
            self.first.setFocus()

    def show_fault(self, fault: FormFault | None, *, columns: bool = False) -> str:
        """Say beside the field what is wrong; answers the sentence. None: nothing is."""
        self._show_kind()
        if columns:
            sentence = self._wording.t(
                "A number from {least} to {most}: 32 on 58 mm paper, 48 on 80 mm.",
                least=COLUMNS_MIN,
                most=COLUMNS_MAX,
            )
            self.rows[2].show_error(sentence)
            self.columns.setFocus()
            return sentence
        if fault is None:
            return ""
        sentence = self._wording.t(_FAULTS[fault.why])
        self.rows[fault.field - 1].show_error(sentence)
        (self.first, self.second)[fault.field - 1].setFocus()
        return sentence

    def has_typing(self) -> bool:
        """Whether somebody is typing here."""
        return any(edit.hasFocus() for edit in (self.first, self.second, self.columns))

    def _show_kind(self) -> None:
        t = self._wording.t
        for kind, key in self.kinds.items():
            key.setChecked(kind == self._kind)
        label, hint = _FIRST[self._kind]
        self._word(0, t(label), t(hint) if hint else "")
        self._word(1, t(_SECOND.get(self._kind, "")), "")
        self._word(2, t("Columns of the paper"), t("32 on 58 mm, 48 on 80 mm"))
        self.rows[0].setVisible(self._kind != "none")
        self.rows[1].setVisible(has_second(self._kind))
        self.rows[2].setVisible(self._kind != "none")

    def _word(self, place: int, label: str, hint: str) -> None:
        row = self.rows[place]
        row.field.setAccessibleName(label)
        row.set_words(label, hint)
