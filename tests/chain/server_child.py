"""`main.py server` by the clock of the run.

    python -m tests.chain.server_child CLOCK-FILE [words of main.py server]

Owns: putting that clock in. Does not own: anything else; what runs is the program's own command.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import main
from sync.server import join
from tests.chain.clock import SharedClock

if __name__ == "__main__":
    clock, *words = sys.argv[1:]
    setattr(join, "SystemClock", partial(SharedClock, Path(clock)))  # noqa: B010 - it is a class
    sys.exit(main.main(["server", *words]))
