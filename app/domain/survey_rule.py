"""The survey's rules: the `[survey]` part of a program file, and what a score may be.

Owns: those values. Does not own: what follows from them (survey.py).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.domain.offer import Count, Days, Some, Strict

MESSAGE_HOURS_MAX = 24 * 31
SCORE_MAX = 10
ANSWER_POINTS_MAX = 10_000
"""Of one answer; far more than a shop would promise for a tap."""
Score = Annotated[int, Meta(ge=0, le=SCORE_MAX)]


class Survey(Strict, frozen=True, kw_only=True):
    """What is asked after a sale, and what an answer brings. A program without it asks nothing."""

    points: Annotated[int, Meta(ge=0, le=ANSWER_POINTS_MAX)] = 50
    reward_days: Count = 30
    """Of answers within so many days one is rewarded."""
    open_days: Days = 7
    """So many days after the sale it can still be answered."""
    message_hours: Annotated[int, Meta(ge=0, le=MESSAGE_HOURS_MAX)] = 3
    """So long after the sale a member who agreed to messages is asked by one, where head office
    sends any of this kind."""
    least_answers: Some = 10
    """Of fewer there is no figure: a few answers say little, and who gave them could be guessed."""
