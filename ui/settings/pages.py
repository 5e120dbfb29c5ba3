"""Pages of the settings, in their order in the list of groups.

Owns: which pages there are. Does not own: any of them, the groups of plain values (groups.py).
"""

from __future__ import annotations

from app.wording import N_
from ui.devices.page import FINDS, TITLE, DevicesPage
from ui.settings.keys.page import KeysPage
from ui.settings.page import SettingsPage

PAGES: list[SettingsPage] = [
    SettingsPage("devices", TITLE, DevicesPage, icon="printer", finds=FINDS),
    SettingsPage(
        "keys", N_("Keys"), KeysPage, icon="keyboard", finds=(N_("Presets"), N_("Print the keys"))
    ),
]
"""One line each: `SettingsPage("devices", N_("Devices"), DevicesPage, icon="printer")`."""
