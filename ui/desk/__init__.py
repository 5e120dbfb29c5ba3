"""The manager's desk: the way to everything that is no selling, for whoever may enter it."""

from ui.desk.controller import DeskController
from ui.navigation import ToDesk
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the desk reachable."""
    parts.navigation.add_screen(ToDesk, lambda: DeskController(parts))
