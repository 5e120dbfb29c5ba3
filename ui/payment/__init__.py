"""The payment screen: what is due, with what it is paid, and what a terminal said."""

from ui.navigation import ToPayment
from ui.payment.controller import PaymentController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make this room reachable."""
    parts.navigation.add_screen(ToPayment, lambda: PaymentController(parts))
