"""Board: the dashboard as it is drawn, asked by its marks. Pure.

Owns: what a mark stands on, and what is said of it. Does not own: the texts themselves
(view_model.py, chart.py), where an arrow leads (marks.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.figure_words import figure_definition
from app.wording import Wording
from ui.figures.chart import Drawn
from ui.figures.marks import Mark, Shape
from ui.figures.view_model import FiguresView, FigureView


@dataclass(frozen=True, slots=True)
class Board:
    """Figures and chart. `as_table`: the chart is shown as its table."""

    view: FiguresView
    drawn: Drawn
    as_table: bool = False

    @property
    def shape(self) -> Shape:
        """How many there are of each."""
        points = len(self.drawn.rows) if self.as_table else len(self.drawn.chart.points)
        panels = tuple(len(panel.lines) for panel in self.view.panels)
        return Shape(len(self.view.tiles), points, panels, self.as_table)

    def figure_at(self, mark: Mark) -> FigureView | None:
        """None for a point of the chart."""
        if mark.zone == "tile":
            return self.view.tiles[mark.place] if self.view.tiles else None
        return self.view.panels[mark.place].lines[mark.line] if mark.zone == "line" else None

    def key_at(self, mark: Mark) -> str:
        """A figure, or the days of a point (`2026-11-21`, `2026-11-01/2026-11-07`)."""
        figure = self.figure_at(mark)
        if figure is not None:
            return figure.key
        rows = [row.key for row in self.drawn.rows]
        return rows[mark.place] if self.as_table else self.drawn.chart.points[mark.place].key

    def words_at(self, mark: Mark) -> str:
        """What is said when the mark comes there."""
        figure = self.figure_at(mark)
        if figure is not None:
            return figure.words
        if self.as_table:
            return self.drawn.said[mark.place]
        return self.drawn.chart.points[mark.place].words

    def meaning_at(self, mark: Mark, wording: Wording) -> str:
        """The definition of a figure; a point in words."""
        figure = self.figure_at(mark)
        if figure is not None:
            return figure_definition(figure.key, wording)
        return self.words_at(mark)
