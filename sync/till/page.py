"""Pages for customers' own phones: the link to one.

Owns: asking for it, and the answer in the till's own values. Does not own: the lane (../ask.py),
who asks (joined.py), what the page shows (sync/server/pages). Nothing of it is kept.
"""

from __future__ import annotations

from app.domain.phone_page import NoPages, PageLink, PageWanted
from app.domain.server_answer import Declined
from sync import protocol as wire
from sync.ask import AskLane


def phone_link(wanted: PageWanted, lane: AskLane) -> PageLink | NoPages | Declined:
    """Ask; the link, or why there is none."""
    given = lane.page(wire.PageWanted(page=wanted.page, member=wanted.member_id))
    if given.url is not None:
        return PageLink(given.url, given.ends_ms)
    code = "refused" if given.refusal is None else given.refusal.code
    return NoPages() if code == "no_public_url" else Declined(code)
