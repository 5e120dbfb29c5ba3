"""Words about complaints that several screens say.

Owns: those. Does not own: what a screen of complaints says alone (its own folder).
"""

from __future__ import annotations

from app.domain.complaint_row import OpenComplaints
from app.wording import Wording


def open_complaints(found: OpenComplaints | None, wording: Wording) -> str:
    """One short line where a member stands at the till; empty where nothing is open."""
    if found is None:
        return ""
    return wording.n(
        "Open complaint {number}",
        "{count} open complaints, first {number}",
        found.count,
        number=found.number,
    )
