"""Looks: the colours of each kind of button, as token names.

Owns: which token is ground, words, edge and ring of a kind. Does not own: the colours themselves
(ui/theme/tokens.py), painting (buttons.py).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """Token names of one kind of button. `border` None: no edge."""

    ground: str | None
    hover: str | None
    pressed: str | None
    text: str
    hint: str
    border: str | None
    ring: str = "focus"


SECONDARY = Look(
    "bg_surface", "row_current", "bg_selected", "text_primary", "text_secondary", "border_subtle"
)
PRIMARY = Look(
    "primary", "primary_hover", "primary_pressed", "on_primary", "on_primary", None, "on_primary"
)
DANGER = Look("danger", "danger_hover", "danger_hover", "on_danger", "on_danger", None, "on_danger")
CHOSEN = Look(
    "bg_selected", "bg_selected", "bg_selected", "primary", "text_secondary", "primary", "focus"
)
GHOST = Look(None, "row_current", "bg_selected", "primary", "text_secondary", None)
PLAIN = Look(None, "row_current", "bg_selected", "text_primary", "text_secondary", None)
CONTROL = Look(
    "bg_surface", "row_current", "bg_selected", "text_primary", "text_secondary", "border_control"
)
