"""Voiding: a sale that was rung up and will not be paid, given up for good with a reason."""

from ui.navigation import VoidSale
from ui.void.controller import VoidController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the question reachable."""
    parts.navigation.add_dialog(VoidSale, lambda intent: VoidController(parts, intent))
