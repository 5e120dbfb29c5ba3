"""Untold: why figures, or what stands behind them, are not shown, and what helps. Pure.

Owns: those sentences, for pages, lists and files alike. Does not own: asking
(app/services/chain_behind.py), where they are shown.
"""

from __future__ import annotations

from app.domain.server_answer import Declined
from app.wording import Wording


def is_too_old(answer: object) -> bool:
    """Whether its program knows no such question: to ask again later would not help."""
    return isinstance(answer, Declined) and answer.code == "not_found"


def not_told_words(answer: object, wording: Wording) -> str:
    """Why head office did not say what stands behind a figure, and what to do about it."""
    if is_too_old(answer):
        return wording.t(
            "The program of head office is too old to say what stands behind the figures of the "
            "whole chain: it has to be updated first."
        )
    return wording.t(
        "Head office does not answer: what stands behind the figures of the whole chain comes from "
        "there. Try again later."
    )


def may_not_see(wording: Wording) -> str:
    """To somebody without the right."""
    return wording.t("Your role may not see figures.")
