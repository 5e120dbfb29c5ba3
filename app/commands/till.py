"""`main.py till`: open the till of a folder.

Owns: the command line. Does not own: the window (handed in).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from app.store.folders import Folders
from app.wording import Wording


def run(
    arguments: Sequence[str], *, open_window: Callable[[Folders], int], wording: Wording
) -> int:
    """Open the window; its exit code."""
    says = wording.t("Open the till; the first start sets it up.")
    parser = argparse.ArgumentParser(prog="main.py", description=says)
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    return open_window(Folders.of(parser.parse_args(arguments).dir))
