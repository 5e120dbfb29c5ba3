"""Chart view: what a chart shows, as values a view model can make without Qt.

Owns: points, series, the steps of an axis, cells. Does not own: painting (ui/kit/chart.py,
cohort_grid.py), the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_STEPS_MOST = 5
_NICE = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One place of the axis. `values`: one a series, None where there is none; `words`: all of it
    in a sentence; `key`: what opening it opens."""

    label: str
    values: tuple[int | None, ...]
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class ChartView:
    """bars: the series stand on each other; lines: each is a line of its own.

    `tones`: a colour token each. `empty`: said where there are no points.
    """

    kind: Literal["bars", "lines"]
    series: tuple[str, ...]
    tones: tuple[str, ...]
    points: tuple[ChartPoint, ...]
    ticks: tuple[Tick, ...]
    empty: str = ""

    @property
    def highest(self) -> int:
        """Where the axis ends."""
        return self.ticks[-1].value if self.ticks else 1


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a grid. `part`: in basis points, how strong it is; `words`: all of it."""

    text: str
    part: int
    words: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """`label` and `total` stand before the cells."""

    label: str
    total: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class GridView:
    """Rows that may be of different lengths under the names of the columns."""

    corner: tuple[str, str]
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    empty: str = ""


def steps(highest: int) -> tuple[int, ...]:
    """Round values from 0 to the first one that is not below `highest`, six at most."""
    top = max(highest, 1)
    size = 1
    while True:
        for nice in _NICE[:-1]:
            step = nice * size
            count = -(-top // step)
            if count <= _STEPS_MOST:
                return tuple(step * place for place in range(count + 1))
        size *= 10


def highest_of(points: Sequence[ChartPoint], *, stacked: bool) -> int:
    """The tallest of them; 0 where there is none."""
    told = ([value for value in point.values if value is not None] for point in points)
    return max((sum(each) if stacked else max(each, default=0) for each in told), default=0)
