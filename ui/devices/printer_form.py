"""Printer form: the address of the receipt printer, in parts that can be typed. Pure.

Owns: reading a setting into its parts and back, what is wrong with a part. Does not own: the
printers behind an address (app/devices/printer_setting.py), widgets, the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

PrinterKind = Literal["none", "tcp", "serial", "usb", "folder", "device"]
KINDS: tuple[PrinterKind, ...] = ("none", "tcp", "serial", "usb", "folder", "device")
PrinterFault = Literal[
    "missing", "not_a_host", "not_a_port", "not_a_line", "port_taken", "not_a_rate",
    "not_a_number", "not_a_path",
]  # fmt: skip
COLUMNS_MIN, COLUMNS_MAX = 32, 56
_DEFAULT_SECOND: dict[PrinterKind, str] = {"tcp": "9100", "serial": "9600"}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_USB_NUMBER = re.compile(r"[0-9A-Fa-f]{4}")
_RATES = ("1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200")
_PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class PrinterForm:
    """What stands in the fields. `first`: host, port, maker or path; `second`: port, rate, model.

    `formats`: what a folder gets ("folder+txt+pdf:..."), kept as it was.
    """

    kind: PrinterKind = "none"
    first: str = ""
    second: str = ""
    formats: str = ""


@dataclass(frozen=True, slots=True)
class FormFault:
    """One field cannot be: which (1 or 2), and why."""

    field: Literal[1, 2]
    why: PrinterFault


def has_second(kind: PrinterKind) -> bool:
    """Whether this kind has two fields."""
    return kind in ("tcp", "serial", "usb")


def form_of(setting: str) -> PrinterForm:
    """The parts of a setting; one that names no kind is shown as none."""
    kind, _, where = setting.partition(":")
    name, _, formats = kind.partition("+")
    known = next((each for each in KINDS if each == name and each != "none"), None)
    if known is None or not where:
        return PrinterForm()
    if not has_second(known):
        return PrinterForm(known, where, "", formats)
    first, second = where, ""
    head, _, tail = where.rpartition(":")
    if head and (known == "usb" or tail.isdigit()) and not head.endswith(":"):
        first, second = head, tail
    return PrinterForm(known, first.strip("[]"), second or _DEFAULT_SECOND.get(known, ""))


def setting_of(form: PrinterForm, *, scanner: str = "") -> str | FormFault:
    """The setting these parts make. `scanner`: that of a serial scanner, whose port is taken."""
    first, second = form.first.strip(), form.second.strip()
    if form.kind == "none":
        return ""
    if not first:
        return FormFault(1, "missing")
    second = second or _DEFAULT_SECOND.get(form.kind, "")
    fault = _fault(form.kind, first, second, scanner)
    if fault is not None:
        return fault
    if not has_second(form.kind):
        formats = f"+{form.formats}" if form.formats else ""
        return f"{form.kind}{formats}:{first}"
    host = f"[{first}]" if form.kind == "tcp" and ":" in first else first
    return f"{form.kind}:{host}:{second}"


def _fault(kind: PrinterKind, first: str, second: str, scanner: str) -> FormFault | None:
    match kind:
        case "tcp":
            if not _HOST.fullmatch(first):
                return FormFault(1, "not_a_host")
            is_port = second.isascii() and second.isdigit() and 0 < int(second) <= _PORT_MAX
            return None if is_port else FormFault(2, "not_a_port")
        case "serial":
            if any(sign.isspace() for sign in first) or first.endswith(":"):
                return FormFault(1, "not_a_line")
            if _same_port(first, scanner):
                return FormFault(1, "port_taken")
            return None if second in _RATES else FormFault(2, "not_a_rate")
        case "usb":
            if not _USB_NUMBER.fullmatch(first):
                return FormFault(1, "not_a_number")
            return None if _USB_NUMBER.fullmatch(second) else FormFault(2, "not_a_number")
        case _:
            is_path = first.startswith(("/", "\\\\")) or re.match(r"[A-Za-z]:[\\/]", first)
            return None if is_path else FormFault(1, "not_a_path")


def _same_port(port: str, scanner: str) -> bool:
    kind, _, where = scanner.partition(":")
    head, _, tail = where.rpartition(":")
    taken = head if head and tail.isdigit() else where
    return kind == "serial" and taken.casefold() == port.casefold()


def columns_of(text: str) -> int | None:
    """The columns that were typed; None: not one of 32 to 56."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit()):
        return None
    columns = int(typed)
    return columns if COLUMNS_MIN <= columns <= COLUMNS_MAX else None
