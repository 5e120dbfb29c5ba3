"""The rows of any paper: which maker of rows belongs to which kind.

Owns: that choice, the one place where printing tells kinds of paper apart. Does not own: the rows
(receipt_rows.py, refund_rows.py, shift_rows.py, check_rows.py).
"""

from __future__ import annotations

from app.devices.check_rows import check_rows
from app.devices.receipt_rows import Row, WordsFor, receipt_rows
from app.devices.refund_rows import refund_rows
from app.devices.shift_rows import shift_rows
from app.domain.printer_check import PrinterCheck
from app.domain.receipt import Receipt
from app.domain.refund_receipt import RefundReceipt
from app.domain.shift_paper import ShiftPaper

PrintedPaper = Receipt | RefundReceipt | ShiftPaper | PrinterCheck
"""What printers set."""


def paper_rows(paper: PrintedPaper, words_for: WordsFor) -> tuple[Row, ...]:
    """Everything on the paper from top to bottom, in its own languages."""
    match paper:
        case Receipt():
            return receipt_rows(paper, words_for)
        case RefundReceipt():
            return refund_rows(paper, words_for)
        case ShiftPaper():
            return shift_rows(paper, words_for)
        case PrinterCheck():
            return check_rows(paper, words_for)
