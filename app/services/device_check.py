"""Device check: the test page of the receipt printer.

Owns: what it says and that it goes through the print queue like every paper. Does not own: its
look (devices), the drawer's test (drawer.py: an opening without a sale, with its right and trace).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.printer_check import PrinterCheck
from app.services.answers import SignInFirst
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class TestPageLinedUp:
    """It is in line; what comes of it is the printer's state. `code` names it there."""

    code: str


def print_test_page(*, shop: Shop, work: UnitOfWork) -> TestPageLinedUp | SignInFirst:
    """Print the test page on the printer of the settings. Changes: nothing."""
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    settings = state.settings
    local = shop.now().local(state.program.timezone)
    paper = PrinterCheck(
        store=settings.store_name,
        till=f"{shop.identity.till_number:02d}",
        made_at=local.strftime("%Y-%m-%d %H:%M:%S"),
        columns=settings.receipt_columns,
        languages=tuple(settings.receipt_languages),
    )
    work.after_commit(lambda: shop.printer.print_receipt(paper))
    return TestPageLinedUp(paper.code)
