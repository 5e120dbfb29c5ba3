"""Figure intents: where one goes to look at figures, segments and cohorts.

Owns: those destinations. Does not own: going there (ui/navigation.py), the screens (ui/figures,
ui/segments).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ToFigures:
    """The figures of the shop. `resumes`: with the list that was open."""

    resumes: bool = False


@dataclass(frozen=True, slots=True)
class ToSegments:
    """Who the members are: segments and how likely they are lost, or cohorts.

    `group`: the segment or grade to show first. `resumes`: with the list that was open.
    """

    page: Literal["segments", "cohorts"] = "segments"
    group: str = ""
    resumes: bool = False
