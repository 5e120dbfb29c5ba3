"""Agreement words: whether server and till counted a business day alike, in words and with a mark.

Owns: those words, for the Z list, the end of a shift and the sync centre. Does not own: comparing
(sync), widgets.
"""

from __future__ import annotations

from app.services.sync_state import Agreed, Agreement, Differs, NotCompared
from app.wording import Wording

Marked = tuple[str, str, str]
"""An icon, its tone, and the words beside it."""


def proof_mark(agreement: Agreement, wording: Wording) -> Marked:
    """How a day stands; green only where both sides were compared and are equal."""
    t = wording.t
    match agreement:
        case Agreed():
            return "shield-check", "success", t("Agrees with the server")
        case Differs():
            return "alert", "danger", t("Differs from the server")
        case NotCompared():
            return "clock", "text_secondary", t("Not compared yet")


def proof_way_out(agreement: Agreement, wording: Wording) -> str:
    """What becomes of it, and what to do."""
    t = wording.t
    match agreement:
        case Agreed():
            return t("Both sides count the same sales, money and points.")
        case Differs():
            return t("The till sends that day again by itself; head office was told. Sell on.")
        case NotCompared():
            return t("It is compared once everything of that day is uploaded.")
