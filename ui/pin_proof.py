"""PIN proof: a typed PIN on its way to a service, compared beside the store lane.

Owns: the three steps (what to compare with, comparing, the service). Does not own: judging
(services/proof.py), fields and figures on the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.services.proof import TypedPin, compare_pin, pin_hash_to_compare
from ui.window_parts import WindowParts


@dataclass(frozen=True, slots=True)
class TypedProof:
    """Who says he is whom, and what he typed."""

    staff_id: str
    pin: str = field(repr=False)


def ask_with_pin(
    parts: WindowParts,
    service: Callable[..., Any],
    on_done: Callable[[Any], object],
    typed: TypedProof,
    *,
    on_error: Callable[[BaseException], object] | None = None,
    **wanted: Any,
) -> None:
    """Ask a service that takes `staff_id` and `pin`; scans go on while the PIN is compared."""
    staff_id = typed.staff_id

    def prove(pin: TypedPin) -> None:
        parts.ask(service, on_done, on_error=on_error, staff_id=staff_id, pin=pin, **wanted)

    def compare(pin_hash: str | None) -> None:
        if pin_hash is None:
            prove(typed.pin)
        else:
            parts.ask_aside(compare_pin, prove, on_error=on_error, pin=typed.pin, pin_hash=pin_hash)

    parts.ask(pin_hash_to_compare, compare, on_error=on_error, staff_id=staff_id)
