"""Words of the training checklist: what each step that ships is called. Pure.

Owns: that table. Does not own: the steps and their proofs (app/domain/checklist.py), the rows
(ui/staff), the words of the practice till's tasks (ui/training).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.checklist import StepCode, own_words
from app.wording import N_, Wording

STEP_WORDS: Mapping[StepCode, str] = {
    "sale": N_("First sale"),
    "member_sale": N_("Sale to a member"),
    "join": N_("Member joined"),
    "hold": N_("Sale held and recalled"),
    "refund": N_("Refund, with help"),
    "reprint": N_("Receipt printed again"),
    "count": N_("Drawer counted"),
    "paper": N_("Changed the paper"),
    "offline": N_("Sold without a network"),
}


def step_words(step: str, wording: Wording) -> str:
    """A step that ships by its words, one of the shop's own by its own; another by its code."""
    shipped = next((words for code, words in STEP_WORDS.items() if code == step), None)
    return wording.t(shipped) if shipped is not None else own_words(step) or step
