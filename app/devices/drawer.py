"""The cash drawer: it hangs on the receipt printer and opens by a pulse through it.

Owns: the drawer that is switched off in the settings, and the one on the printer. Does not own:
the pulse's bytes (receipt_escpos.py), the print thread (print_queue.py), when it may open.
"""

from __future__ import annotations

from app.devices.print_queue import PrintQueue


class NoDrawer:
    """A shop whose drawer opens by hand; fits services' Drawer."""

    def open_drawer(self) -> None:
        """Nothing to do."""


class PrinterDrawer:
    """The drawer on the printer's plug; fits services' Drawer."""

    def __init__(self, queue: PrintQueue) -> None:
        self._queue = queue

    def open_drawer(self) -> None:
        """Line the pulse up and return at once."""
        self._queue.open_drawer()
