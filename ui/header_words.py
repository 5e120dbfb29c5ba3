"""Header words: how the till and whoever works at it are named in the header.

Owns: these two texts. Does not own: drawing them (header.py).
"""

from __future__ import annotations

from app.domain.member import masked_name
from app.services.till_state import TillState
from app.wording import N_, Wording

_ROLES = {
    "cashier": N_("Cashier"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Store manager"),
    "auditor": N_("Auditor"),
}


def till_name(number: int, wording: Wording) -> str:
    """Which of the shop's tills this is."""
    return wording.t("Register {number}", number=f"{number:02d}")


def staff_labels(state: TillState, wording: Wording) -> tuple[str, str]:
    """Who works here, with and without the role; empty where nobody does."""
    if state.staff is None or state.locked:
        return "", ""
    role = _ROLES.get(state.staff.role_id)
    name = masked_name(state.staff.name)  # customers see the header too
    return f"{name} ⋅ {wording.t(role)}" if role else name, name
