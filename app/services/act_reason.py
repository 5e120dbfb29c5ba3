"""Reasons: why somebody takes something off or gives something up, as the shop's list has them.

Owns: whether an act has one of its reasons, and a few words where that reason wants some. Does not
own: the list (app/domain/rights.py), the acts.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.note import clean_note
from app.domain.rights import Act, ActReason, Rights


@dataclass(frozen=True, slots=True)
class ReasonNeeded:
    """Say why: one of these. `note`: the reason is known, a few words of one's own are missing."""

    act: Act
    reasons: tuple[ActReason, ...]
    note: bool = False


def missing_reason(rights: Rights, act: Act, reason: str, note: str) -> ReasonNeeded | None:
    """What is still to be said before the act; None = nothing."""
    known = rights.reason(act, reason)
    if known is None:
        return ReasonNeeded(act, rights.reasons_of(act))
    if known.needs_note and not clean_note(note):
        return ReasonNeeded(act, rights.reasons_of(act), note=True)
    return None
