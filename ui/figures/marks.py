"""Marks: which figure, point of the chart or line is marked, and where an arrow leads. Pure.

Owns: the way of the arrows over the dashboard. Does not own: what is marked (view_model.py),
painting the mark (ui/kit).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Zone = Literal["tile", "point", "line"]
Way = Literal["left", "right", "up", "down"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A tile or a point by its place; a line by its panel and its place there."""

    zone: Zone = "tile"
    place: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """How many there are of each. `is_table`: the points stand below each other."""

    tiles: int
    points: int
    panels: tuple[int, ...]
    is_table: bool = False


def moved(mark: Mark, way: Way, shape: Shape) -> Mark:
    """Where the arrow leads; the same mark where it leads nowhere."""
    match mark.zone:
        case "tile":
            return _from_tile(mark, way, shape)
        case "point":
            return _from_point(mark, way, shape)
        case "line":
            return _from_line(mark, way, shape)


def kept(mark: Mark, shape: Shape) -> Mark:
    """The same mark, or the nearest there is in other figures."""
    if mark.zone == "point" and shape.points:
        return Mark("point", min(mark.place, shape.points - 1))
    if mark.zone == "line" and any(shape.panels):
        return _on_panel(mark.place, mark.line, shape)
    return Mark("tile", max(0, min(mark.place, shape.tiles - 1)) if mark.zone == "tile" else 0)


def _from_tile(mark: Mark, way: Way, shape: Shape) -> Mark:
    if way in ("left", "right"):
        return Mark("tile", _stepped(mark.place, way, shape.tiles))
    if way == "up":
        return mark
    if not shape.points:
        return _on_panel(mark.place, 0, shape)
    place = 0 if shape.is_table else _across(mark.place, shape.tiles, shape.points)
    return Mark("point", place)


def _from_point(mark: Mark, way: Way, shape: Shape) -> Mark:
    along: dict[Way, Way] = {"up": "left", "down": "right"} if shape.is_table else {}
    step = along.get(way, way)
    at_end = mark.place == (0 if step == "left" else shape.points - 1)
    if shape.is_table and (way in ("left", "right") or not at_end):
        return mark if way in ("left", "right") else Mark("point", _next(mark.place, step, shape))
    if way in ("left", "right"):
        return Mark("point", _next(mark.place, way, shape))
    if way == "up":
        return Mark("tile", _across(mark.place, shape.points, shape.tiles))
    return _on_panel(_across(mark.place, shape.points, len(shape.panels)), 0, shape)


def _from_line(mark: Mark, way: Way, shape: Shape) -> Mark:
    if way in ("left", "right"):
        return _on_panel(_stepped(mark.place, way, len(shape.panels)), mark.line, shape)
    if way == "down":
        return _on_panel(mark.place, mark.line + 1, shape)
    if mark.line:
        return Mark("line", mark.place, mark.line - 1)
    if not shape.points:
        return Mark("tile", min(mark.place, shape.tiles - 1))
    last = shape.points - 1
    return Mark(
        "point", last if shape.is_table else _across(mark.place, len(shape.panels), shape.points)
    )


def _next(place: int, way: Way, shape: Shape) -> int:
    return _stepped(place, way, shape.points)


def _stepped(place: int, way: Way, count: int) -> int:
    return max(0, min(count - 1, place + (-1 if way == "left" else 1)))


def _across(place: int, of: int, to: int) -> int:
    """The place as far across among `to` as it is among `of`."""
    return 0 if of < 2 else round(place * (to - 1) / (of - 1))


def _on_panel(panel: int, line: int, shape: Shape) -> Mark:
    panel = max(0, min(panel, len(shape.panels) - 1))
    return Mark("line", panel, max(0, min(line, shape.panels[panel] - 1)))
