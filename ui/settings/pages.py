"""Pages of the settings that stand in this folder.

Owns: which there are. Does not own: any of them, pages of other rooms (ui/rooms.py hands them in),
their order (view_model.py).
"""

from __future__ import annotations

from app.wording import N_
from ui.settings.keys.page import KeysPage
from ui.settings.page import SettingsPage

PAGES: list[SettingsPage] = [
    SettingsPage(
        "keys", N_("Keys"), KeysPage, icon="keyboard", finds=(N_("Presets"), N_("Print the keys"))
    ),
]
