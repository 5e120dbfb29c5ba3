"""A page: marks placed on paper, as data, in micrometres from the top left corner.

Owns: what can be placed on a printed page. Does not own: where things go (devices lay out), how
they are painted (ui/printing). It stands here because devices and ui never meet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Measure = Callable[[str, int, bool], int]
"""(text, size_um, bold) -> the width in micrometres in the font that will be painted."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """One line of text. `x_um` is its left edge, centre or right edge as `align` says."""

    x_um: int
    baseline_um: int
    size_um: int
    text: str
    align: Literal["left", "centre", "right"] = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A horizontal line."""

    x_um: int
    y_um: int
    width_um: int
    thickness_um: int
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class PlacedModules:
    """A matrix of squares, True is black (QR); the white around it is part of the layout."""

    x_um: int
    y_um: int
    module_um: int
    rows: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class PlacedBars:
    """Bars of `height_um`; `widths` are modules, black first, then white and black in turn."""

    x_um: int
    y_um: int
    module_um: int
    height_um: int
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """A rounded outline, the edge of a card to cut along."""

    x_um: int
    y_um: int
    width_um: int
    height_um: int
    radius_um: int
    thickness_um: int


Mark = PlacedText | PlacedRule | PlacedModules | PlacedBars | PlacedFrame


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet or a piece of roll, black on white."""

    width_um: int
    height_um: int
    title: str
    marks: tuple[Mark, ...]
