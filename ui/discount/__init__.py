"""Discounts by hand (F7): on the whole sale, on a line, or another price for it."""

from ui.discount.controller import DiscountController
from ui.navigation import GiveDiscount
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make this dialog reachable."""
    parts.navigation.add_dialog(GiveDiscount, lambda intent: DiscountController(parts, intent))
