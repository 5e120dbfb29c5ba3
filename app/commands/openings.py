"""How a command gets at a shop: the one thing main.py hands to it.

Owns: what an opened shop is for a command, and the exit codes. Does not own: opening (main.py).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from app.services.ports import Lane
from app.services.shop import Shop

OK, FAILED, BAD_INPUT, NOT_POSSIBLE = 0, 1, 2, 3
"""0 done and sound; 1 done and something is wrong; 2 bad input; 3 the world does not allow it."""


@dataclass(frozen=True, slots=True)
class ShopForCommand:
    """An open shop: services run through `lane`, one unit of work after the other."""

    shop: Shop
    lane: Lane
    folder: Path
    quick_check: Callable[[], str | None]
    """What is wrong with the file itself; None = nothing."""


ShopOpened = AbstractContextManager[ShopForCommand]
OpenShop = Callable[[Path | None], ShopOpened]
"""Open the shop in a folder (None: this machine's own). Raises StoreError."""
