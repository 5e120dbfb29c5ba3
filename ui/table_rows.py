"""Table rows: columns and rows of a plain table as values a view model can make without Qt.

Owns: what a table of the desk shows. Does not own: painting it (ui/kit/row_table.py), the words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableColumn:
    """`width` in px at 100 %; 0: it takes the room the others leave. `right`: figures.

    `can_hide`: it is left out where the window is narrow; the first of them goes first.
    `wraps`: its words are never cut; a row is as high as they need.
    """

    name: str
    width: int = 0
    right: bool = False
    can_hide: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """A text; `tone` a colour token, `icon` before it."""

    text: str
    tone: str = "text_primary"
    icon: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row. `key`: what it is known by; empty where nothing opens."""

    key: str
    cells: tuple[TableCell, ...]

    @property
    def words(self) -> str:
        """The whole row, as a screen reader says it."""
        return " ".join(cell.text for cell in self.cells if cell.text)


def quiet(text: str) -> TableCell:
    """What stands beside the point."""
    return TableCell(text, "text_secondary")
