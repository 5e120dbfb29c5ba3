"""The poster of a campaign: the link that stands on it, and why there is none.

Owns: those values. Does not own: asking (sync/till/campaign.py), the paper (app/devices/poster.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from app.domain.phone_page import NoPages
from app.domain.server_answer import Unanswered


@dataclass(frozen=True, slots=True)
class PosterLink:
    """Where a phone that scans the poster comes to; the same each time it is asked for."""

    url: str


PosterAnswer: TypeAlias = PosterLink | NoPages | Unanswered
