"""Starting a replay as `main.py replay` does.

Owns: where its baskets are read from. Does not own: the command (command.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.commands.replay import command
from app.commands.replay.passes import NewShop
from app.commands.replay.source import read_journey
from app.wording import Wording


def run(arguments: Sequence[str], *, new_shop: NewShop, program: Path, wording: Wording) -> int:
    """As the command says."""
    return command.run(
        arguments, new_shop=new_shop, read_journey=read_journey, program=program, wording=wording
    )
