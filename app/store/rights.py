"""What each role may do, as a named value.

Owns: its stored form. Does not own: what rights may be (app/domain/rights.py), the setting table
(settings.py).
"""

from __future__ import annotations

import msgspec

from app.domain.rights import DEFAULT_RIGHTS, Rights, with_new_acts
from app.store.changes import Changes
from app.store.errors import Damaged
from app.store.repository import Repository
from app.store.settings import SettingsRepository

_RIGHTS = "rights"


class RightsRepository(Repository):
    """The shop's roles with their limits."""

    def read(self) -> Rights:
        """The shop's own; what ships where it has none. Raises Damaged."""
        stored = SettingsRepository(self._transaction).value(_RIGHTS)
        if stored is None:
            return DEFAULT_RIGHTS
        try:
            return with_new_acts(msgspec.json.decode(stored, type=Rights))
        except msgspec.DecodeError as error:
            raise Damaged(f"rights: {error}") from error

    def write(self, rights: Rights) -> None:
        stored = msgspec.json.encode(rights).decode()
        SettingsRepository(self._transaction).put_value(_RIGHTS, stored)
        self._changed(Changes(rights=True))
