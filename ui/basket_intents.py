"""Basket intents: what travels to the dialogs about the open sale (navigation.py opens them).

Owns: their names and what they are told. Does not own: the dialogs (ui/discount, ui/holds,
ui/void).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GiveDiscount:
    """F7: something off the whole sale or the selected line, or another price for that line.

    `then` gets the answer of the service once it was given or refused.
    """

    then: Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class RecallHeld:
    """F5 with several held sales: which one?

    `then` gets what the chosen one was answered with; `void` what giving one up was, with its id.
    """

    then: Callable[[Any], object]
    void: Callable[[Any, str], object]


@dataclass(frozen=True, slots=True)
class VoidSale:
    """Give the open sale up for good, or the held one of this id: why?

    `needed` is app.services.act_reason.ReasonNeeded; `then` gets the answer of the service.
    """

    needed: Any
    then: Callable[[Any], object]
    hold_id: str = ""
