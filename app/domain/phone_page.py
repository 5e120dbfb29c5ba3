"""Phone pages: what a customer's own phone may open, and the link to it.

Owns: those values. Does not own: asking for a link (sync/till/joined.py), the pages
(sync/server/pages), drawing the code (app/devices).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.server_answer import Unanswered

PageKind = Literal["join", "claim"]
"""join: becoming a member; claim: the e-card of a member on his phone."""


@dataclass(frozen=True, slots=True)
class PageWanted:
    """A link to this page; `member_id`: whose card, for `claim`."""

    page: PageKind
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class PageLink:
    """It opens once, before `ends_ms` (the server's time)."""

    url: str
    ends_ms: int


@dataclass(frozen=True, slots=True)
class NoPages:
    """This server has no address that customers' phones reach."""


PageAnswer: TypeAlias = PageLink | NoPages | Unanswered
