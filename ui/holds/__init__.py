"""Held sales: put aside at once, taken back with every difference said before."""

from ui.holds.controller import HoldsController
from ui.navigation import RecallHeld
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the list reachable."""
    parts.navigation.add_dialog(RecallHeld, lambda intent: HoldsController(parts, intent))
