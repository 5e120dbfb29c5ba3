"""Settings: every value a shop may set about its till, and the pages that are more than values."""

from collections.abc import Sequence

from app.services.backup_port import BackupKeeper
from ui.navigation import ToSettings
from ui.settings.about_page import ABOUT
from ui.settings.backup_page import backup_page
from ui.settings.controller import SettingsController
from ui.settings.limits.page import LIMITS
from ui.settings.page import SettingsPage
from ui.settings.pages import PAGES
from ui.window_parts import WindowParts


def register(
    parts: WindowParts,
    backups: BackupKeeper | None = None,
    further: Sequence[SettingsPage] = (),
) -> None:
    """Make the settings reachable. `further`: pages of other rooms.

    `backups`: who looks after them; without one there is no page of them.
    """
    pages = [LIMITS, *further, *PAGES, ABOUT]
    if backups is not None:
        pages.insert(-1, backup_page(backups))
    parts.navigation.add_screen(ToSettings, lambda: SettingsController(parts, pages))
