"""Complaint intents: the complaints desk, and taking a case down from wherever somebody stands.

Owns: those values. Does not own: going there (navigation.py), the screen and dialogs
(ui/complaints).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ToComplaints:
    """The complaints desk. `case_id`: the case to show first; `back`: the place that Esc leads
    back to, as it was left; None: the desk."""

    case_id: str = ""
    back: Any = None


@dataclass(frozen=True, slots=True)
class ToSolutions:
    """The library of solutions. `causes`: why people complained; `left`: how it was left, as it
    wrote that down itself; `back`: the case that Esc leads back to; None: the complaints desk."""

    causes: bool = False
    left: Any = None
    back: ToComplaints | None = None


@dataclass(frozen=True, slots=True)
class LogComplaint:
    """Take a case down. `receipt`: a printed number; `member_id`: whose; either may be empty."""

    member_id: str = ""
    receipt: str = ""
