"""Paper: whatever a receipt printer prints.

Owns: the list of kinds. Does not own: any of them (receipt.py, refund_receipt.py, shift_paper.py,
printer_check.py).
"""

from __future__ import annotations

from app.domain.printer_check import PrinterCheck
from app.domain.refund_receipt import AnyReceipt
from app.domain.shift_paper import ShiftPaper

Paper = AnyReceipt | ShiftPaper | PrinterCheck
