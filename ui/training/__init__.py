"""Training: a till to practise at, where nothing is real, and its first tasks."""

from ui.navigation import ToTraining
from ui.training.controller import TrainingController
from ui.training.practice import Practice
from ui.window_parts import WindowParts

__all__ = ["Practice", "register"]


def register(parts: WindowParts, practice: Practice | None) -> None:
    """Make it reachable where this window has another till to go to."""
    if practice is not None:
        parts.navigation.add_screen(ToTraining, lambda: TrainingController(parts, practice))
