"""Helpers for tests of the till: what stands in the basket, and where a key leads."""

from typing import Any

import pytest

from tests.ui.opened import Opened


def rows_of(opened: Opened) -> list[tuple[str, str, str]]:
    return [(row.name, row.quantity, row.amount) for row in opened.till.screen.table.rows]


class Visited:
    """Stands in for the screens of another room: what was opened, with what."""

    def __init__(self, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
        self.went: list[Any] = []
        navigation = opened.handle.parts.navigation
        monkeypatch.setattr(navigation, "go", self.went.append)
        monkeypatch.setattr(navigation, "open_dialog", self.went.append)
