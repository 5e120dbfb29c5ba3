"""Settings: every value a shop may set about its till, and the pages that are more than values."""

from ui.navigation import ToSettings
from ui.settings.controller import SettingsController
from ui.settings.pages import PAGES
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the settings reachable."""
    parts.navigation.add_screen(ToSettings, lambda: SettingsController(parts, PAGES))
