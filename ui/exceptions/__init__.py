"""Exceptions: what somebody should look at, with words for each kind, and deciding about it."""

from ui.exceptions.controller import ExceptionsController
from ui.navigation import ToExceptions
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the screen reachable."""
    parts.navigation.add_screen(ToExceptions, lambda: ExceptionsController(parts))
