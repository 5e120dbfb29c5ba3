"""Dialogs of the till that another screen may open: what travels to them.

Owns: those values. Does not own: opening (navigation.py), the dialogs (a folder each); those about
the basket and about devices stand in basket_intents.py and device_intents.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LookUpMember:
    """F3: find a member and put him on the basket. `text`: what was typed already."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class JoinMember:
    """Join somebody. `phone`: the number typed already; `referrer`: a friend's scanned card."""

    phone: str = ""
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class AskApproval:
    """An act that only a colleague's yes allows: the panel asks for it, then the act is done.

    `needed` is app.services.approval.ApprovalNeeded; `then` gets the act's own answer, and is not
    called where nobody says yes.
    """

    needed: Any
    then: Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class CashDrawer:
    """F10: why the drawer is opened without a sale, or cash put in, taken out, dropped.

    `move`: one of "in", "out" and "drop" at once, without the list.
    """

    move: str = ""
