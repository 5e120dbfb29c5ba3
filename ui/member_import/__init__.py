"""Importing members at the desk: a file, which column is which, what is wrong, taking it in."""

from ui.member_import.controller import ImportController
from ui.navigation import ToMemberImport
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the screen reachable."""
    parts.navigation.add_screen(ToMemberImport, lambda: ImportController(parts))
