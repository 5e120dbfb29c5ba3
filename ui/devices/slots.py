"""Slots: what other rooms hang under the scanner on the device page.

Owns: the list. Does not own: what an act does (the room that adds it).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.wording import N_
from ui.navigation import LearnScanner, ScanByCamera
from ui.window_parts import WindowParts


@dataclass(frozen=True, slots=True)
class ScannerAct:
    """One more button: an English source sentence marked with N_, its icon, what it does."""

    label: str
    icon: str
    act: Callable[[WindowParts], object]
    is_possible: Callable[[WindowParts], bool] = lambda parts: True


SCANNER_ACTS: list[ScannerAct] = [
    ScannerAct(
        N_("Learn the scanner"),
        "scan",
        lambda parts: parts.navigation.open_dialog(LearnScanner()),
        lambda parts: parts.navigation.can_open(LearnScanner),
    ),
    ScannerAct(
        N_("Camera"),
        "camera",
        lambda parts: parts.navigation.open_dialog(ScanByCamera()),
        lambda parts: parts.navigation.can_open(ScanByCamera),
    ),
]
"""One line each."""
