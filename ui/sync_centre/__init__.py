"""Sync: the state of the link, what needs a person, and letting this till in at a server."""

from ui.navigation import ToSync
from ui.sync_centre.controller import SyncController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the sync centre reachable."""
    parts.navigation.add_screen(ToSync, lambda: SyncController(parts))
