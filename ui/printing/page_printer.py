"""Page printer: a page on a printer for sheets, that the person chooses.

Owns: whether there is one, asking for it, printing in true size. Does not own: pages (their
makers), painting (pdf.py), the receipt printer (app/devices).
"""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.page import Page
from ui.printing.pdf import paint_page


def has_printer() -> bool:
    """Whether this machine has a printer for pages."""
    return bool(QPrinterInfo.availablePrinterNames())


def ask_and_print(page: Page, parent: QWidget) -> bool:
    """Let the person choose a printer, then print. False: nothing was printed."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if QPrintDialog(printer, parent).exec() != QDialog.DialogCode.Accepted:
        return False
    return print_on(printer, page)


def print_on(printer: QPrinter, page: Page) -> bool:
    """Print at the top left of the sheet, in its true size. False: the printer took nothing."""
    printer.setDocName(page.title)
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    paint_page(painter, page, dpi=printer.resolution())
    return painter.end()
