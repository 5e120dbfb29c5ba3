"""The done screen: change, points, the receipt as it is printed, and the way to the next sale."""

from ui.navigation import ToReceipt
from ui.receipt.controller import ReceiptController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make this room reachable."""
    parts.navigation.add_screen(ToReceipt, lambda: ReceiptController(parts))
