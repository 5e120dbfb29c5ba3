"""Commands: what the server wants this till to do.

Owns: the record. Does not own: doing it (sync).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CommandKind = Literal["push_again", "bootstrap", "enrol_again"]


@dataclass(frozen=True, slots=True)
class Command:
    """`epoch` and `above` of push_again: the facts of that epoch with a larger dseq."""

    kind: CommandKind
    epoch: int | None = None
    above: int | None = None
    number: int = 0
    """Its place among those of this till; 0 before it is kept."""
