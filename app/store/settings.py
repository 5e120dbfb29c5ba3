"""Settings and the place where a first-run set-up stopped, as named values.

Owns: the setting table. Does not own: what a setting may be (app/domain/settings.py).
"""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, select

from app.domain.settings import Settings
from app.store.changes import Changes
from app.store.errors import Damaged
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import setting

_SETTINGS = "settings"
_SETUP_STEP = "setup_step"

_READ = select(setting.c.value).where(setting.c.name == bindparam("key"))
_WRITE = Prepared(put_row(setting, "name"))


class SettingsRepository(Repository):
    """The shop's settings (one row) and other named values."""

    def read(self) -> Settings:
        """The settings; the defaults where none were written. Raises Damaged."""
        stored = self.value(_SETTINGS)
        if stored is None:
            return Settings()
        try:
            return msgspec.json.decode(stored, type=Settings)
        except msgspec.DecodeError as error:
            raise Damaged(f"settings: {error}") from error

    def write(self, settings: Settings) -> None:
        self.put_value(_SETTINGS, msgspec.json.encode(settings).decode())

    def setup_step(self) -> str | None:
        return self.value(_SETUP_STEP)

    def put_setup_step(self, step: str) -> None:
        self.put_value(_SETUP_STEP, step)

    def value(self, name: str) -> str | None:
        """A named value of the store's own."""
        found: str | None = self._execute(_READ, {"key": name}).scalar()
        return found

    def put_value(self, name: str, value: str) -> None:
        self._write(_WRITE, {"name": name, "value": value})
        self._changed(Changes(settings=True))
