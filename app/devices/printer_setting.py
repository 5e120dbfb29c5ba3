"""The printer setting of a till: one line of text that names the receipt printer.

Owns: reading that line. Does not own: the printers (printers.py, link_printer.py), where the
setting is kept (domain/settings.py).
"""

from __future__ import annotations

import re
from pathlib import Path

from app.devices.link_printer import LinkPrinter
from app.devices.printer_link import Place, SerialPlace, TcpPlace, UsbPlace
from app.devices.printers import (
    FILE_FORMATS,
    DeviceFilePrinter,
    FolderPrinter,
    MissingPrinter,
    NoPrinter,
    ReceiptPrinter,
    Typesetting,
)

_TCP = re.compile(r"(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\s:\[\]/]+)(?::(?P<port>\d{1,5}))?")
_SERIAL = re.compile(r"(?P<port>\S+?)(?::(?P<baud>\d{3,7}))?")
_USB = re.compile(r"(?P<vendor>[0-9A-Fa-f]{4}):(?P<product>[0-9A-Fa-f]{4})")
_RAW_PORT = 9100
_PORT_MAX = 65_535
_BAUD = 9_600


def printer_from_setting(setting: str, typesetting: Typesetting) -> ReceiptPrinter:
    """The printer a setting names, "" for none:

    "folder:PATH" or "folder+txt+pdf:PATH", "device:PATH", "tcp:HOST:PORT" (port 9100 if not said),
    "serial:PORT:BAUD" (9600 if not said), "usb:VENDOR:PRODUCT" (four hexadecimal digits each).

    A text that names no kind of printer gives one that is always missing, and says so when used:
    a wrong setting must not keep a till from opening.
    """
    if not setting:
        return NoPrinter()
    kind, _, path = setting.partition(":")
    name, *wanted = kind.split("+")
    formats = tuple(known for known in FILE_FORMATS if known in wanted)
    if not path or len(formats) != len(wanted) or (wanted and name != "folder"):
        return MissingPrinter(setting)
    if name == "folder":
        return FolderPrinter(Path(path), typesetting, formats or ("txt",))
    if name == "device":
        return DeviceFilePrinter(Path(path), typesetting)
    place = _place(name, path)
    return MissingPrinter(setting) if place is None else LinkPrinter(place, typesetting)


def _place(kind: str, text: str) -> Place | None:
    """Where a printer on a line is; None where the text names no such place."""
    match kind:
        case "tcp" if found := _TCP.fullmatch(text):
            port = int(found["port"] or _RAW_PORT)
            return TcpPlace(found["host"].strip("[]"), port) if 0 < port <= _PORT_MAX else None
        case "serial" if found := _SERIAL.fullmatch(text):
            return SerialPlace(found["port"], int(found["baud"] or _BAUD))
        case "usb" if found := _USB.fullmatch(text):
            return UsbPlace(int(found["vendor"], 16), int(found["product"], 16))
        case _:
            return None
