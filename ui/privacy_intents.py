"""Privacy intents: the privacy room of the desk, as a place to go.

Owns: that destination. Does not own: going there (ui/navigation.py), the screen.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToPrivacy:
    """What a member may ask of his data: erase, copy, consents; what goes by itself. `resumes`:
    with whom it was left."""

    resumes: bool = False
