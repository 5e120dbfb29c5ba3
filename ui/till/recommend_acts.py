"""Recommend acts: asking what a member likely wants next, and ringing up what is taken.

Owns: when to ask - once the member or the basket changed and the cashier pauses: between two
scans nobody reads it. Does not own: which products they are (app/services/recommendation.py), how
they are said and drawn (recommended.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.lines import ONE, add_product
from app.services.recommendation import Recommendations, RecommendedOnTill, recommendations
from app.services.till_state import TillState
from ui.till.voice import Voice
from ui.window_parts import WindowParts

PAUSE_MS = 120


@dataclass(frozen=True, slots=True)
class _Asked:
    """What decides what is recommended."""

    member_id: str
    skus: frozenset[str]
    is_on: bool
    never: tuple[str, ...]


class RecommendActs(QObject):
    """Follows the member and the basket, and rings up what is taken.

    Signals:
        changed: There are other products to name, or none.
    """

    changed = Signal()

    def __init__(self, parts: WindowParts, voice: Voice, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._voice = parts, voice
        self._asked: _Asked | None = None
        self._named: tuple[RecommendedOnTill, ...] = ()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        parts.closers.append(self._pause.stop)

    @property
    def named(self) -> tuple[RecommendedOnTill, ...]:
        return self._named

    def follow(self) -> None:
        """Another snapshot of the till: ask again where it makes a difference."""
        wanted, before = _asked_of(self._parts.state), self._asked
        if wanted == before:
            return
        self._asked = wanted
        if wanted is None or not wanted.is_on:
            self._pause.stop()
            self._name(())
            return
        is_same = before is not None and before.member_id == wanted.member_id
        self._name([each for each in self._named if is_same and each.sku not in wanted.skus])
        self._pause.start()

    @Slot(str)
    def take(self, sku: str) -> None:
        """Ring one up."""
        self._parts.ask(add_product, self._voice.answered, sku=sku, quantity=ONE)

    @Slot()
    def _ask(self) -> None:
        self._parts.ask(recommendations, self._on_answer)

    def _on_answer(self, answer: Recommendations) -> None:
        asked = self._asked
        if asked is not None and (answer.member_id, answer.skus) == (asked.member_id, asked.skus):
            self._name(answer.named)

    def _name(self, named: Sequence[RecommendedOnTill]) -> None:
        if tuple(named) != self._named:
            self._named = tuple(named)
            self.changed.emit()


def _asked_of(state: TillState) -> _Asked | None:
    if state.member is None:
        return None
    skus = frozenset(line.sku for line in state.lines if line.sku is not None and not line.gift_of)
    settings = state.settings
    return _Asked(state.member.member_id, skus, settings.recommend, settings.never_recommended)
