"""Taking goods back (F8): by a receipt, a number, a member or the last sales; also exchanges."""

from ui.navigation import ToRefund
from ui.refund.controller import RefundController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make this room reachable."""
    parts.navigation.add_screen(ToRefund, lambda: RefundController(parts))
