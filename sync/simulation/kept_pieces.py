"""Pieces of sales: which came back, and which are kept for a till that does not hold their sale.

Owns: that list, as a clerk would keep it. Does not own: points and money (clerk.py), what pieces
are worth (app.domain).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from app.domain.facts import Fact, RefundRecorded

Piece = tuple[str, str, int]
"""Sale, line, number of the piece in it."""


@dataclass(frozen=True, slots=True)
class KeptPieces:
    """Pieces that one till may take back, until a moment of the server's clock."""

    pieces: frozenset[Piece]
    ends_ms: int


def pieces_between(sale: str, parts: Iterable[tuple[str, int, int]]) -> frozenset[Piece]:
    """Each piece by itself. `parts`: line, first, and the one after the last."""
    return frozenset((sale, line, at) for line, start, end in parts for at in range(start, end))


@dataclass(slots=True)
class PieceBook:
    """Everything that was ever taken back in a world, and who asked for it by which reservation."""

    _back: dict[str, frozenset[Piece]] = field(default_factory=dict)
    _by: dict[str, str] = field(default_factory=dict)

    def happened(self, fact: Fact) -> None:
        """A refund was made."""
        if isinstance(fact, RefundRecorded):
            parts = [(each.line, each.start, each.end) for each in fact.pieces]
            self._back[fact.op_id] = pieces_between(fact.sale, parts)
            self._by[fact.op_id] = fact.reservation or ""

    def reservation_of(self, op_id: str) -> str:
        """The one it names; empty = none."""
        return self._by.get(op_id, "")

    def gone(
        self, taken: Collection[str], kept: Iterable[KeptPieces], now_ms: int
    ) -> frozenset[Piece]:
        """What nobody else can be promised. `taken`: facts that the server has, and counts."""
        back = [pieces for op_id, pieces in self._back.items() if op_id in taken]
        held = [each.pieces for each in kept if each.ends_ms > now_ms]
        return frozenset().union(*back, *held)
