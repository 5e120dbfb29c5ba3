"""Drafts: what somebody typed about a complaint and was called away from.

Owns: keeping it while this window is open, for whoever typed it. Does not own: the forms.
Nothing of it is stored: a draft is nobody's record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Drafts:
    """Of one window, by who typed and what it was about."""

    _kept: dict[tuple[str, str], Any] = field(default_factory=dict)

    def keep(self, staff_id: str, about: str, draft: Any) -> None:
        """For the next time the same person opens the same form."""
        self._kept[staff_id, about] = draft

    def take(self, staff_id: str, about: str) -> Any:
        """What was kept; None = nothing. It is taken out."""
        return self._kept.pop((staff_id, about), None)
