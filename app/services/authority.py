"""Who is the authority: the shop itself, or the server it belongs to.

Owns: that question. Does not own: what an authority does (nightly.py, refund_authority.py), its
rules (app/domain/authority.py).
"""

from __future__ import annotations

from app.services.ports import UnitOfWork


def is_own_authority(*, work: UnitOfWork) -> bool:
    """Whether this till writes what spans members and calendar: only while never enrolled."""
    return work.enrolment.read() is None
