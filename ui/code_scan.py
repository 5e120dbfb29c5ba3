"""A scanned code at the till: asked of the services, and a member nobody here knows of the server.

Owns: the second question (beside the lane, two seconds at most) and asking the first once more
with its answer. Does not own: what a code means (services/scan.py), what is said to an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.quantity import Quantity, pieces
from app.services.find_member import MemberElsewhere
from app.services.look_up import look_up_member
from app.services.scan import scan_code
from ui.runner import is_alive
from ui.window_parts import WindowParts

ONE = pieces(1)


def ask_code(
    parts: WindowParts, on_done: Callable[[Any], object], *, text: str, quantity: Quantity = ONE
) -> None:
    """Take a code in; `on_done` hears the one answer that is for a person."""

    def heard(answer: object) -> None:
        if isinstance(answer, MemberElsewhere):
            parts.ask_aside(look_up_member, told, wanted=answer.wanted)
        elif is_alive(on_done):
            on_done(answer)

    def told(looked_up: object) -> None:
        parts.ask(scan_code, on_done, text=text, quantity=quantity, looked_up=looked_up)

    parts.ask(scan_code, heard, text=text, quantity=quantity)
