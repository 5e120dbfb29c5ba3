"""Customer display: what the customer reads along on a second screen."""

from ui.customer_display.controller import CustomerDisplay
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Let it follow the till; it opens where there is a screen for it."""
    CustomerDisplay(parts)
