"""Erasures: how far forgetting a person has come, what stands against it, what goes and stays.

Owns: those values and the rules about them. Does not own: the facts (erasure_fact.py), wiping
(app/store), who may ask for it (app/services).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.erasure_fact import ReportingTill

ErasureState = Literal["asked", "told", "done"]
"""asked: head office has not answered. told: it holds, and is wiped here. done: and reported."""
Obstacle = Literal["in_basket", "on_hold", "open_case"]
"""Why a person cannot be forgotten at this till now. What is begun with him is finished first."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Forgetting one person, as this till knows of it. `member_id`: the survivor of his ids."""

    member_id: str
    state: ErasureState
    ids: tuple[str, ...] = ()
    asked_ms: int | None = None
    """None: nobody asked here."""
    asked_by: str = ""
    request_id: str | None = None
    erasure_id: str | None = None
    """The fact by which it holds."""
    held_ms: int | None = None
    """Since when it holds, by whoever decided."""
    was_known: bool = False
    """Whether there was anything of him here."""
    tills: tuple[ReportingTill, ...] = ()


@dataclass(frozen=True, slots=True)
class TillReport:
    """A till says that it has forgotten him."""

    erasure_id: str
    device: str
    done_ms: int
    was_known: bool


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One till of the proof; `report` None: it has not said so yet."""

    till: ReportingTill
    report: TillReport | None


@dataclass(frozen=True, slots=True)
class Proof:
    """Who has forgotten him."""

    erasure: Erasure
    lines: tuple[ProofLine, ...]

    @property
    def missing(self) -> int:
        """How many tills have not said so yet."""
        return sum(line.report is None for line in self.lines)

    @property
    def is_complete(self) -> bool:
        return self.erasure.erasure_id is not None and not self.missing


def proof_of(erasure: Erasure, reports: Iterable[TillReport]) -> Proof:
    """Every till that has to report, in their order, with what it said.

    A till that joined the chain later has never heard of him and is not asked.
    """
    said: Mapping[str, TillReport] = {each.device: each for each in reports}
    return Proof(erasure, tuple(ProofLine(till, said.get(till.device)) for till in erasure.tills))
