"""Device intents: what travels to the dialogs about devices (navigation.py opens them).

Owns: their names and what they are told. Does not own: the dialogs (ui/camera, ui/scanner_wizard).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScanByCamera:
    """Read the code on a customer's phone with this machine's camera.

    `from_look_up`: it was opened there, so one step back is there.
    """

    from_look_up: bool = False


@dataclass(frozen=True, slots=True)
class LearnScanner:
    """Learn how this till's scanner sends its codes, try it, keep it."""
