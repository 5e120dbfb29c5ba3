"""The tier desk: who is near a tier or about to lose one, and tiers given by hand."""

from ui.navigation import ToTiers
from ui.tiers.controller import TiersController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the desk of tiers reachable."""
    parts.navigation.add_screen(ToTiers, lambda: TiersController(parts))
